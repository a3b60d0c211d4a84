import { isObject, type Json, type JsonObject } from '../../states/json.ts';
import type { Report } from './problem.ts';

/** What a field of a document holds; a `!` behind it makes the field required. */
export type FieldRule =
  | `${'text' | 'boolean' | 'integer' | 'object' | 'list' | 'any'}!`
  | 'text'
  | 'boolean'
  | 'integer'
  | 'object'
  | 'list'
  | 'any';

const KINDS: Readonly<Record<string, (value: Json) => boolean>> = {
  text: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  object: isObject,
  list: Array.isArray,
  any: () => true,
};

/** Reports every field of an object that has no rule, is of another kind than its rule says, or is required and missing. */
export function checkFields(
  value: JsonObject,
  rules: Readonly<Record<string, FieldRule>>,
  path: string,
  report: Report,
): void {
  for (const [name, field] of Object.entries(value)) checkField(field, rules[name], joinPath(path, name), report);
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.endsWith('!') && value[name] === undefined) report(joinPath(path, name), 'is required');
  }
}

/** `a.b`, or `b` alone at the top. */
export function joinPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function checkField(value: Json | undefined, rule: FieldRule | undefined, path: string, report: Report): void {
  if (rule === undefined) return report(path, 'is not a field that Systems Manager knows here');
  const kind = rule.replace('!', '');
  if (value !== undefined && !KINDS[kind]?.(value)) report(path, `must be ${kind === 'integer' ? 'an' : 'a'} ${kind}`);
}
