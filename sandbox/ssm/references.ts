import { mapTexts } from '../map-texts.ts';

const REFERENCE = /\{\{\s*([^{}]+?)\s*\}\}/g;
const WHOLE = /^\{\{\s*([^{}]+?)\s*\}\}$/;

/** Gives the value that a reference such as `step.Output` or `global:REGION` stands for. */
export type ResolveReference = (reference: string) => unknown;

/** Every `{{ reference }}` in a value, at any depth, with the path to where it stands. */
export function findReferences(value: unknown, path: string): { readonly path: string; readonly reference: string }[] {
  if (typeof value === 'string') {
    return [...value.matchAll(REFERENCE)].map(([, reference = '']) => ({ path, reference }));
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => findReferences(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => findReferences(item, path ? `${path}.${key}` : key));
}

/** Fills references at any depth. A text that is one reference and nothing else takes the type of what it stands for. */
export function fillReferences(value: unknown, resolve: ResolveReference): unknown {
  return mapTexts(value, (text) => fillText(text, resolve));
}

/** A value as it stands inside a text, a parameter or an output: texts as they are, everything else as JSON. */
export function spellValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fillText(text: string, resolve: ResolveReference): unknown {
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return resolve(whole);
  return text.replaceAll(REFERENCE, (_, reference: string) => spellValue(resolve(reference)));
}
