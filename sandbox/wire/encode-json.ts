import type { NormalizedSchema } from '@smithy/core/schema';
import { isRecord } from '../members.ts';
import { readTime } from './read-time.ts';
import { memberOf, WrongKindError } from './service-model.ts';

/** A value as the AWS JSON protocols write it: times as epoch seconds, the rest as it stands. Refuses unknown members. */
export function encodeJson(schema: NormalizedSchema, value: unknown, path: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isTimestampSchema()) return readTime(value).getTime() / 1000;
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw new WrongKindError(path, 'a list', value);
    return value.map((item, index) => encodeJson(schema.getValueSchema(), item, `${path}[${index}]`));
  }
  if (!schema.isMapSchema() && !schema.isStructSchema()) return value;
  if (!isRecord(value)) throw new WrongKindError(path, 'an object', value);
  if (schema.isMapSchema()) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, encodeJson(schema.getValueSchema(), item, `${path}.${key}`)]),
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      encodeJson(memberOf(schema, name, path), item, `${path}.${name}`),
    ]),
  );
}
