import type { NormalizedSchema } from '@smithy/core/schema';
import { isRecord, scalarText } from '../members.ts';
import { readTime } from './read-time.ts';
import { memberOf, WrongKindError, type XmlTraits } from './service-model.ts';

/** The inside of an element as the AWS Query and EC2 protocols write it. Refuses unknown members. */
export function encodeXml(schema: NormalizedSchema, value: unknown, path: string): string {
  if (value === null || value === undefined) return '';
  if (schema.isStructSchema()) {
    if (!isRecord(value)) throw new WrongKindError(path, 'an object', value);
    return Object.entries(value)
      .map(([name, item]) => encodeMember(memberOf(schema, name, path), name, item, `${path}.${name}`))
      .join('');
  }
  if (schema.isTimestampSchema()) return readTime(value).toISOString();
  const text = scalarText(value);
  if (text === undefined) throw new WrongKindError(path, 'a text, a number or a boolean', value);
  return escapeXml(text);
}

function encodeMember(schema: NormalizedSchema, name: string, value: unknown, path: string): string {
  if (value === null || value === undefined) return '';
  const traits: XmlTraits = schema.getMergedTraits();
  const tag = traits.xmlName ?? name;
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw new WrongKindError(path, 'a list', value);
    const item = schema.getValueSchema();
    const itemTag = traits.xmlFlattened ? tag : ((item.getMemberTraits() as XmlTraits).xmlName ?? 'member');
    const items = value.map((entry, index) => element(itemTag, encodeXml(item, entry, `${path}[${index}]`))).join('');
    return traits.xmlFlattened ? items : element(tag, items);
  }
  if (schema.isMapSchema()) {
    if (!isRecord(value)) throw new WrongKindError(path, 'an object', value);
    const keyTag = (schema.getKeySchema().getMemberTraits() as XmlTraits).xmlName ?? 'key';
    const valueTag = (schema.getValueSchema().getMemberTraits() as XmlTraits).xmlName ?? 'value';
    const entries = Object.entries(value).map(
      ([key, entry]) =>
        element(keyTag, escapeXml(key)) +
        element(valueTag, encodeXml(schema.getValueSchema(), entry, `${path}.${key}`)),
    );
    if (traits.xmlFlattened) return entries.map((entry) => element(tag, entry)).join('');
    return element(tag, entries.map((entry) => element('entry', entry)).join(''));
  }
  return element(tag, encodeXml(schema, value, path));
}

/** An XML element around content that is already XML. */
export function element(tag: string, content: string): string {
  return `<${tag}>${content}</${tag}>`;
}

/** Text made safe for XML. */
export function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
