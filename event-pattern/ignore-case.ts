import type { Matcher } from './field-value.ts';

const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;
const SURROGATE = /[\ud800-\udfff]/;

/** Matches text whose whole, start or end equals `value` when each UTF-16 unit may be in either case. */
export function matchIgnoringCase(value: string, where: 'whole' | 'start' | 'end'): Matcher {
  const units = value.split('').map(eitherCase).join('');
  const pattern = new RegExp(`${where === 'end' ? '' : '^'}${units}${where === 'start' ? '' : '$'}`);
  return ({ text }) => pattern.test(text);
}

function eitherCase(unit: string): string {
  // event-ruler encodes each UTF-16 unit alone, and half a surrogate pair encodes as a question mark.
  if (SURROGATE.test(unit)) return '\\?';
  const lower = escape(unit.toLowerCase());
  const upper = escape(unit.toUpperCase());
  return lower === upper ? lower : `(?:${lower}|${upper})`;
}

function escape(text: string): string {
  return text.replace(SPECIAL, '\\$&');
}
