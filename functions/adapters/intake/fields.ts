import type { FieldError } from '../../domain/normalised.ts';

/** Whether a value parsed from JSON is an object with members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The non-empty string at a dotted path, or undefined. Reads own members only, so `__proto__` names nothing. */
export function readOptional(root: unknown, path: string): string | undefined {
  let value: unknown = root;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The non-empty string at a dotted path; without one, an error is added and the empty string returned. */
export function read(root: unknown, path: string, errors: FieldError[]): string {
  const value = readOptional(root, path);
  if (value === undefined) errors.push({ path, message: 'is missing or not a string' });
  return value ?? '';
}
