import type { Json } from '../../states/json.ts';

/** One `{{ … }}` of a document. */
export type Reference =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'output'; readonly step: string; readonly name: string }
  | { readonly kind: 'global' | 'automation' | 'variable' | 'store'; readonly name: string };

/** Every `{{ … }}`, with what stands between the braces. */
export const BRACES: RegExp = /\{\{\s*([^{}]*?)\s*\}\}/g;
const WHOLE = /^\s*\{\{\s*([^{}]*?)\s*\}\}\s*$/;
const PREFIXED = /^(global|automation|variable|ssm):(.+)$/;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html */
export const GLOBAL_VARIABLES: readonly string[] = ['ACCOUNT_ID', 'DATE', 'DATE_TIME', 'AWS_PARTITION', 'REGION'];

/** Reads what stands between double braces. */
export function readReference(text: string): Reference {
  const [, prefix, rest = ''] = PREFIXED.exec(text) ?? [];
  if (prefix === 'ssm') return { kind: 'store', name: rest };
  if (prefix === 'global' || prefix === 'automation' || prefix === 'variable') return { kind: prefix, name: rest };
  const dot = text.indexOf('.');
  if (dot < 0) return { kind: 'parameter', name: text };
  return { kind: 'output', step: text.slice(0, dot), name: text.slice(dot + 1) };
}

/** What stands between the braces, when a text is one reference and nothing else. */
export function wholeReference(text: string): string | undefined {
  return WHOLE.exec(text)?.[1];
}

/** Calls `visit` for every text of a value, with its path. */
export function visitTexts(value: Json | undefined, path: string, visit: (text: string, path: string) => void): void {
  if (typeof value === 'string') visit(value, path);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) visitTexts(item, `${path}[${index}]`, visit);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) visitTexts(item, `${path}.${name}`, visit);
  }
}
