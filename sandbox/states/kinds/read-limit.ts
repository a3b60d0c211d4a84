import { asText, type Json, type JsonObject } from '../json.ts';
import { runtimeError, unexpectedType } from '../state-error.ts';
import type { StateFrame } from '../state-frame.ts';

/**
 * Reads a whole number of a Map's `ItemReader` or `ItemBatcher`, which JSONPath may give by the field of the same name plus
 * `Path` and JSONata by an expression. `place` is where the object stands. Throws a `StateError` for anything else.
 */
export async function readLimit(
  frame: StateFrame,
  config: JsonObject,
  name: string,
  place: string,
  input: Json,
): Promise<number | undefined> {
  const path = config[`${name}Path`];
  if (path !== undefined) return readAt(frame, name, path, input);
  const value = config[name];
  if (value === undefined) return undefined;
  const found = await frame.language.fill(frame, value, `${place}/${name}`, input);
  if (isWhole(found)) return found;
  throw unexpectedType(value, `${place}/${name}`, 'integer', found);
}

async function readAt(frame: StateFrame, name: string, path: Json, input: Json): Promise<number> {
  const filled = await frame.language.fill(frame, [{ 'value.$': path }], name, input);
  const [{ value }] = filled as readonly [{ readonly value: Json }];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (isWhole(number)) return number;
  throw runtimeError(
    `The ${name}Path field refers to value "${asText(value)}" which is not a valid integer: ${asText(path)}`,
  );
}

function isWhole(value: Json): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}
