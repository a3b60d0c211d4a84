import { asText, isObject, type Json } from '../../states/json.ts';
import { BRACES, wholeReference } from './reference.ts';

/** Gives the value behind a reference. Throws when there is none. */
export type Resolve = (reference: string) => Json;

/**
 * Puts values in place of the references of a value. A text that is one reference keeps the type of what it refers to,
 * and a list within a list becomes part of it, as AWS does for `InstanceIds: ['{{ step.InstanceIds }}']`.
 */
export function interpolate(value: Json, resolve: Resolve): Json {
  if (typeof value === 'string') return interpolateText(value, resolve);
  if (Array.isArray(value)) return value.flatMap((item) => [interpolate(item, resolve)].flat());
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, interpolate(item, resolve)]));
}

function interpolateText(text: string, resolve: Resolve): Json {
  const whole = wholeReference(text);
  if (whole !== undefined) return resolve(whole);
  return text.replaceAll(BRACES, (_match, reference: string) => asText(resolve(reference)));
}
