import { asText, type Json } from '../json.ts';
import { parseTimestamp } from '../timestamp.ts';

type Comparison = (value: Json, expected: Json) => boolean;

/** The tests that look at the value alone; the operand says whether it should pass. */
export const TYPE_TESTS: ReadonlyMap<string, (value: Json) => boolean> = new Map<string, (value: Json) => boolean>([
  ['IsNull', (value) => value === null],
  ['IsBoolean', (value) => typeof value === 'boolean'],
  ['IsNumeric', (value) => typeof value === 'number'],
  ['IsString', (value) => typeof value === 'string'],
  ['IsTimestamp', (value) => typeof value === 'string' && parseTimestamp(value) !== undefined],
]);

/** The comparisons of a JSONPath Choice. All but `StringMatches` have a twin that ends in `Path`. A value of another type is just not equal. */
export const COMPARISONS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['BooleanEquals', (value, expected) => typeof value === 'boolean' && value === expected],
  ...ordered('Numeric', (value) => (typeof value === 'number' ? value : undefined)),
  ...ordered('String', (value) => (typeof value === 'string' ? value : undefined)),
  ...ordered('Timestamp', (value) => (typeof value === 'string' ? parseTimestamp(value) : undefined)),
  ['StringMatches', (value, expected) => typeof value === 'string' && matchesWildcards(value, asText(expected))],
]);

type Orderable = number | string | undefined;

/** Values that cannot be read as `name` says compare as false. */
function ordered(name: string, read: (value: Json) => Orderable): [string, Comparison][] {
  const compare =
    (test: (a: number | string, b: number | string) => boolean): Comparison =>
    (value, expected) => {
      const [a, b] = [read(value), read(expected)];
      return a !== undefined && b !== undefined && test(a, b);
    };
  return [
    [`${name}Equals`, compare((a, b) => a === b)],
    [`${name}LessThan`, compare((a, b) => a < b)],
    [`${name}LessThanEquals`, compare((a, b) => a <= b)],
    [`${name}GreaterThan`, compare((a, b) => a > b)],
    [`${name}GreaterThanEquals`, compare((a, b) => a >= b)],
  ];
}

/** `*` stands for any characters, `\*` for a star. */
function matchesWildcards(text: string, pattern: string): boolean {
  const source = pattern.replace(/\\([*\\])|\*|[^*\\]+|\\/g, (found, escaped?: string) => {
    if (found === '*') return '[\\s\\S]*';
    return (escaped ?? found).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`).test(text);
}
