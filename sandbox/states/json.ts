/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for a JSON object, that is neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON text. Throws a `SyntaxError` for anything else. */
export function parseJson(text: string): Json {
  return JSON.parse(text) as Json;
}

/** The size of a value as Step Functions counts it: the bytes of its JSON text in UTF-8. */
export function byteLength(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value), 'utf8');
}

/** Gives a text as it is, and anything else as its JSON. */
export function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Counts the characters of a text, not its UTF-16 units. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}

/** Names the JSON type of a value as Step Functions names it in its causes. */
export function nameType(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** True when two JSON values are the same, whatever the order of their keys. */
export function isSame(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index] ?? null));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    const hasAll = keys.every((key) => Object.hasOwn(b, key) && isSame(a[key] ?? null, b[key] ?? null));
    return hasAll && keys.length === Object.keys(b).length;
  }
  return a === b;
}
