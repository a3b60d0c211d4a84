import { isObject, type Json } from '../json.ts';

/** Keys of users' own, which keep their case: tags and the like. */
const FREE_KEYS = new Set(['tags', 'labels', 'attributes', 'dimensions', 'variables']);

/** Gives the value with the first letter of every key in upper case, as Step Functions shows every API. */
export function toPascalCase(value: Json): Json {
  return recase(value, (letter) => letter.toUpperCase());
}

/** Gives the value with the first letter of every key in lower case, as the SDKs of some services spell it. */
export function toCamelCase(value: Json): Json {
  return recase(value, (letter) => letter.toLowerCase());
}

/**
 * A member's name as Step Functions shows it. It takes the names of the SDK for Java, to which an acronym at the beginning
 * is a word: `DBInstances` is `DbInstances`, and a grantee's `URI` is `Uri`; `MultiAZ` and `ETag` stay.
 */
export function shownName(name: string): string {
  return name.replace(
    /^([A-Z])([A-Z]+)(?![a-z])/,
    (_all, first: string, others: string) => first + others.toLowerCase(),
  );
}

/** Gives the value with every key as Step Functions shows it. */
export function toShownNames(value: Json): Json {
  return rename(value, shownName);
}

/** Gives the value with the acronyms at the beginning of its keys as the API spells them. */
export function toApiNames(value: Json, acronyms: readonly string[]): Json {
  return rename(value, (key) => {
    const acronym = acronyms.find((one) => isWordOf(one, key));
    return acronym === undefined ? key : acronym + key.slice(acronym.length);
  });
}

function isWordOf(acronym: string, key: string): boolean {
  return key.startsWith(shownName(acronym)) && /[A-Z]/.test(key.charAt(acronym.length));
}

function recase(value: Json, change: (letter: string) => string): Json {
  return rename(value, (key) => change(key.charAt(0)) + key.slice(1));
}

function rename(value: Json, change: (key: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => rename(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]): [string, Json] => [
      change(key),
      FREE_KEYS.has(key.toLowerCase()) && isObject(member) ? member : rename(member, change),
    ]),
  );
}
