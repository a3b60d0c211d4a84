import { isObject, type Json } from '../json.ts';

/** Keys of users' own, which keep their case: tags and the like. */
const FREE_KEYS = new Set(['tags', 'labels', 'attributes', 'dimensions']);

/** Gives the value with the first letter of every key in upper case, as Step Functions shows every API. */
export function toPascalCase(value: Json): Json {
  return recase(value, (letter) => letter.toUpperCase());
}

/** Gives the value with the first letter of every key in lower case, as the SDKs of some services spell it. */
export function toCamelCase(value: Json): Json {
  return recase(value, (letter) => letter.toLowerCase());
}

function recase(value: Json, change: (letter: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => recase(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]): [string, Json] => [
      change(key.charAt(0)) + key.slice(1),
      FREE_KEYS.has(key.toLowerCase()) && isObject(member) ? member : recase(member, change),
    ]),
  );
}
