import type { NormalizedSchema } from '@smithy/core/schema';
import type { XmlTraits } from './service-model.ts';

/** The two forms of parameters: AWS Query (SNS, IAM, …) and EC2's own. */
export type QueryStyle = 'query' | 'ec2';

/** Reads an input from the flat parameters of a form body, by the schema of the operation. */
export function decodeQuery(
  schema: NormalizedSchema,
  parameters: URLSearchParams,
  style: QueryStyle,
): Record<string, unknown> {
  return decodeStruct(schema, '', parameters, style) ?? {};
}

function decode(schema: NormalizedSchema, name: string, parameters: URLSearchParams, style: QueryStyle): unknown {
  if (schema.isListSchema()) return decodeList(schema, name, parameters, style);
  if (schema.isMapSchema()) return decodeMap(schema, name, parameters, style);
  if (schema.isStructSchema()) return decodeStruct(schema, `${name}.`, parameters, style);
  const text = parameters.get(name);
  if (text === null) return undefined;
  if (schema.isBooleanSchema()) return text === 'true';
  return schema.isNumericSchema() ? Number(text) : text;
}

function decodeStruct(
  schema: NormalizedSchema,
  prefix: string,
  parameters: URLSearchParams,
  style: QueryStyle,
): Record<string, unknown> | undefined {
  if (prefix && !hasPrefix(parameters, prefix)) return undefined;
  const found = Object.entries(schema.getMemberSchemas()).flatMap(([name, member]) => {
    const value = decode(member, prefix + wireNameOf(member, name, style), parameters, style);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(found);
}

function decodeList(
  schema: NormalizedSchema,
  name: string,
  parameters: URLSearchParams,
  style: QueryStyle,
): unknown[] | undefined {
  const traits: XmlTraits = schema.getMergedTraits();
  const item = schema.getValueSchema();
  const itemName = (item.getMemberTraits() as XmlTraits).xmlName ?? 'member';
  const base = style === 'ec2' || traits.xmlFlattened ? name : `${name}.${itemName}`;
  return collect((index) => decode(item, `${base}.${index}`, parameters, style));
}

function decodeMap(
  schema: NormalizedSchema,
  name: string,
  parameters: URLSearchParams,
  style: QueryStyle,
): Record<string, unknown> | undefined {
  const traits: XmlTraits = schema.getMergedTraits();
  const keyName = (schema.getKeySchema().getMemberTraits() as XmlTraits).xmlName ?? 'key';
  const valueName = (schema.getValueSchema().getMemberTraits() as XmlTraits).xmlName ?? 'value';
  const base = traits.xmlFlattened ? name : `${name}.entry`;
  const entries = collect((index) => {
    const key = parameters.get(`${base}.${index}.${keyName}`);
    return key === null
      ? undefined
      : [key, decode(schema.getValueSchema(), `${base}.${index}.${valueName}`, parameters, style)];
  });
  return entries && Object.fromEntries(entries as [string, unknown][]);
}

/** Values for 1, 2, 3, … until there is none; undefined for an empty row. */
function collect(read: (index: number) => unknown): unknown[] | undefined {
  const values: unknown[] = [];
  for (let index = 1; ; index++) {
    const value = read(index);
    if (value === undefined) return values.length > 0 ? values : undefined;
    values.push(value);
  }
}

function wireNameOf(member: NormalizedSchema, name: string, style: QueryStyle): string {
  const traits: XmlTraits = member.getMergedTraits();
  if (style === 'query') return traits.xmlName ?? name;
  const ec2Name = traits.ec2QueryName ?? traits.xmlName ?? name;
  return ec2Name.charAt(0).toUpperCase() + ec2Name.slice(1);
}

function hasPrefix(parameters: URLSearchParams, prefix: string): boolean {
  for (const key of parameters.keys()) if (key.startsWith(prefix)) return true;
  return false;
}
