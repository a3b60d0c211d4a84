import type { Json } from '../json.ts';

/** Raised for a result that JSON cannot hold, such as a function. */
export class UnsupportedResultError extends Error {
  override readonly name = 'UnsupportedResultError' as const;
}

/**
 * Copies what jsonata gave into plain JSON: keys without a value disappear, and numbers that JSON lacks become null.
 * Gives `undefined` for no result. Throws an `UnsupportedResultError` for functions.
 */
export function toJson(value: unknown): Json | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'string':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : copyObject(value);
    default:
      throw new UnsupportedResultError(`A ${typeof value} is not JSON.`);
  }
}

function copyObject(value: object): Json {
  if (Array.isArray(value)) return value.map((item) => toJson(item) ?? null);
  if ('_jsonata_lambda' in value || '_jsonata_function' in value) {
    throw new UnsupportedResultError('A function is not JSON.');
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]): [string, Json][] => {
      const copy = toJson(member);
      return copy === undefined ? [] : [[key, copy]];
    }),
  );
}
