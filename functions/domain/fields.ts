import type { FieldError } from './normalised.ts';

/** An object parsed from JSON, of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value parsed from JSON is an object with members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a dotted path. Reads own members only, so `__proto__` names nothing. */
export function valueAt(root: unknown, path: string): unknown {
  let value: unknown = root;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** The object at a dotted path; one without members where there is none. */
export function recordAt(root: unknown, path: string): Fields {
  const value = valueAt(root, path);
  return isRecord(value) ? value : {};
}

/** The non-empty string at a dotted path, or undefined. */
export function readOptional(root: unknown, path: string): string | undefined {
  const value = valueAt(root, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The same, where a number will do as well: an id, a priority. */
export function readName(root: unknown, path: string): string | undefined {
  const value = valueAt(root, path);
  return typeof value === 'number' ? String(value) : readOptional(root, path);
}

/** The non-empty string at a dotted path; without one, an error is added and the empty string returned. */
export function read(root: unknown, path: string, errors: FieldError[]): string {
  const value = readOptional(root, path);
  if (value === undefined) errors.push({ path, message: 'is missing or not a string' });
  return value ?? '';
}

/** The strings in an array; none where it is not one. */
export function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : [];
}

/** The objects in an array; none where it is not one. */
export function recordsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The members of an object that are strings; none where it is not one. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
