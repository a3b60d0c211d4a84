import { asText, isObject, isSame, type Json, parseJson } from '../json.ts';
import { hash, partition, range } from '../jsonata/functions.ts';
import { SeededRandom } from '../seeded-random.ts';

/** Raised when an intrinsic function cannot work with what it was given. */
export class IntrinsicError extends Error {
  override readonly name = 'IntrinsicError' as const;
}

/** An intrinsic function and how many arguments it takes. */
export interface Intrinsic {
  readonly least: number;
  readonly most: number;
  readonly run: (args: readonly Json[], random: SeededRandom) => Json;
}

/** Most elements that `States.ArrayRange` gives. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const MAX_RANGE_LENGTH = 1000;
/** Longest text for `States.Hash` and the Base64 functions, in characters. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const MAX_TEXT_LENGTH = 10_000;

/** `States.MathAdd` takes integers from -2147483648 to 2147483647. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const MAX_ADDEND = 2 ** 31;

/** The intrinsic functions. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['States.Array', { least: 0, most: Number.POSITIVE_INFINITY, run: (args) => args }],
  ['States.ArrayPartition', take(2, (args) => partition(needArray(args[0]), needInteger(args[1], 1)) ?? [])],
  ['States.ArrayContains', take(2, (args) => needArray(args[0]).some((item) => isSame(item, args[1] ?? null)))],
  ['States.ArrayRange', take(3, (args) => makeRange(args))],
  ['States.ArrayGetItem', take(2, (args) => getItem(needArray(args[0]), needInteger(args[1], 0)))],
  ['States.ArrayLength', take(1, (args) => needArray(args[0]).length)],
  ['States.ArrayUnique', take(1, (args) => unique(needArray(args[0])))],
  ['States.Base64Encode', take(1, (args) => Buffer.from(needText(args[0]), 'utf8').toString('base64'))],
  ['States.Base64Decode', take(1, (args) => decode(needText(args[0])))],
  ['States.Hash', take(2, (args) => hashValue(args))],
  ['States.JsonMerge', take(3, (args) => merge(args))],
  ['States.StringToJson', take(1, (args) => readText(needString(args[0])))],
  ['States.JsonToString', take(1, (args) => JSON.stringify(args[0]))],
  ['States.MathRandom', { least: 2, most: 3, run: pickNumber }],
  ['States.MathAdd', take(2, (args) => needAddend(args[0]) + needAddend(args[1]))],
  ['States.StringSplit', take(2, (args) => split(needString(args[0]), needString(args[1])))],
  ['States.UUID', take(0, (_, random) => random.uuid())],
  [
    'States.Format',
    { least: 1, most: Number.POSITIVE_INFINITY, run: (args) => format(needString(args[0]), args.slice(1)) },
  ],
]);

function take(count: number, run: Intrinsic['run']): Intrinsic {
  return { least: count, most: count, run };
}

/** The alphabet of RFC 4648, with or without the padding. */
function decode(text: string): string {
  const [, digits = ''] = /^([A-Za-z0-9+/]*)={0,2}$/.exec(text) ?? [];
  if (text === '' || (digits !== '' && digits.length % 4 !== 1)) return Buffer.from(text, 'base64').toString('utf8');
  throw new IntrinsicError('The argument is not valid Base64.');
}

function makeRange(args: readonly Json[]): Json {
  const [start, end, step] = args.map((value) => roundHalfUp(needNumber(value)));
  if (start === undefined || end === undefined || !step) throw new IntrinsicError('The increment must not be 0.');
  if (Math.floor((end - start) / step) + 1 > MAX_RANGE_LENGTH) {
    throw new IntrinsicError(`The range must not have more than ${MAX_RANGE_LENGTH} elements.`);
  }
  return range(start, end, step);
}

function getItem(items: readonly Json[], index: number): Json {
  const item = items[index];
  if (item === undefined) throw new IntrinsicError(`The index ${index} is out of bounds.`);
  return item;
}

function unique(items: readonly Json[]): readonly Json[] {
  return items.filter((item, index) => items.findIndex((other) => isSame(item, other)) === index);
}

function hashValue(args: readonly Json[]): Json {
  const data = args[0] ?? null;
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  if (text.length > MAX_TEXT_LENGTH)
    throw new IntrinsicError(`The data must not exceed ${MAX_TEXT_LENGTH} characters.`);
  return hash(text, needString(args[1])) ?? null;
}

function merge([first, second, isDeep]: readonly Json[]): Json {
  if (!isObject(first) || !isObject(second)) throw new IntrinsicError('The first two arguments must be objects.');
  if (isDeep !== false) throw new IntrinsicError('Deep merging is not supported; the third argument must be false.');
  return Object.fromEntries(new Map([...Object.entries(first), ...Object.entries(second)]));
}

function readText(text: string): Json {
  if (text.trim() === '') return null;
  try {
    return parseJson(text);
  } catch (error) {
    throw new IntrinsicError('The argument is not valid JSON.', { cause: error });
  }
}

/** The end is not included. */
function pickNumber(args: readonly Json[], random: SeededRandom): Json {
  const [start, end] = [needNumber(args[0]), needNumber(args[1])].map(roundHalfUp) as [number, number];
  if (start >= end) throw new IntrinsicError('The start number must be less than the end number.');
  const source = args.length === 3 ? new SeededRandom(needNumber(args[2])) : random;
  return start + Math.floor(source.next() * (end - start));
}

/** Every character of the delimiter splits, and empty parts are left out. */
function split(text: string, delimiters: string): Json {
  const characters = new Set(delimiters);
  const parts = [''];
  for (const character of text) {
    if (characters.has(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== '');
}

function format(template: string, values: readonly Json[]): string {
  let next = 0;
  const text = template.replace(/\\([{}])|\{\}|[{}]/g, (found, escaped?: string) => {
    if (escaped !== undefined) return escaped;
    const value = found === '{}' ? values[next] : undefined;
    if (value === undefined) throw new IntrinsicError('The template and the arguments do not match.');
    next += 1;
    return typeof value === 'string' ? value : formatValue(value);
  });
  if (next !== values.length) throw new IntrinsicError('The template and the arguments do not match.');
  return text;
}

/** Objects and arrays look as they do in Java, which Step Functions shows. */
function formatValue(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(formatValue).join(', ')}]`;
  if (!isObject(value)) return asText(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${key}=${formatValue(member)}`)
    .join(', ')}}`;
}

function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}

function needArray(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new IntrinsicError(`An array was expected, not ${JSON.stringify(value)}.`);
}

function needNumber(value: Json | undefined): number {
  if (typeof value === 'number') return value;
  throw new IntrinsicError(`A number was expected, not ${JSON.stringify(value)}.`);
}

function needAddend(value: Json | undefined): number {
  const number = roundHalfUp(needNumber(value));
  if (Math.abs(number + 0.5) < MAX_ADDEND) return number;
  throw new IntrinsicError(`A number of 32 bits was expected, not ${JSON.stringify(value)}.`);
}

function needInteger(value: Json | undefined, least: number): number {
  const number = roundHalfUp(needNumber(value));
  if (number >= least) return number;
  throw new IntrinsicError(`An integer of at least ${least} was expected, not ${number}.`);
}

function needString(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new IntrinsicError(`A string was expected, not ${JSON.stringify(value)}.`);
}

function needText(value: Json | undefined): string {
  const text = needString(value);
  if (text.length <= MAX_TEXT_LENGTH) return text;
  throw new IntrinsicError(`The argument must not exceed ${MAX_TEXT_LENGTH} characters.`);
}
