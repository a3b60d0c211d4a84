import { createHash } from 'node:crypto';
import { type Json, parseJson } from '../json.ts';
import { SeededRandom } from '../seeded-random.ts';
import { loadJsonata } from './engine.ts';

/** What an evaluation sees of the world: the virtual time and the execution's random numbers. */
export interface EvaluationWorld {
  readonly nowMs: number;
  readonly random: SeededRandom;
}

type Implementation = (this: unknown, ...args: never[]) => unknown;

/** A function as jsonata holds it, with the signature it checks arguments against. */
interface JsonataFunction {
  readonly _jsonata_function: true;
  readonly implementation: Implementation;
  readonly signature: unknown;
}

const ALGORITHMS = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

/** The functions that Step Functions adds to JSONata, with their signatures. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
export const ADDED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['partition', '<an:a>'],
  ['range', '<nnn:a>'],
  ['hash', '<ss:s>'],
  ['random', '<n?:n>'],
  ['uuid', '<:s>'],
  ['parse', '<s:x>'],
]);

let originals: ReadonlyMap<string, JsonataFunction> | undefined;

/** The functions that differ from jsonata's own, ready to be bound: those added, and those that know the time or chance. */
export async function bindFunctions({ nowMs, random }: EvaluationWorld): Promise<Record<string, JsonataFunction>> {
  originals ??= await takeOriginals();
  const fromMillis = take('fromMillis').implementation as (this: unknown, ...args: unknown[]) => unknown;
  const toMillis = take('toMillis').implementation as (this: unknown, ...args: unknown[]) => unknown;
  const focus = { environment: { timestamp: new Date(nowMs) } };
  return {
    partition: remake('partition', partition),
    range: remake('range', generateRange),
    hash: remake('hash', hash),
    random: remake('random', (seed?: number) => (seed === undefined ? random : new SeededRandom(seed)).next()),
    uuid: remake('uuid', () => random.uuid()),
    parse: remake('parse', (text?: string) => (text === undefined ? undefined : parseJson(text))),
    now: remake('now', (...format: unknown[]) => fromMillis.call(focus, nowMs, ...format)),
    millis: remake('millis', () => nowMs),
    toMillis: remake('toMillis', (...args: unknown[]) => toMillis.apply(focus, args)),
    shuffle: remake('shuffle', (items?: readonly unknown[]) => items && shuffle(items, random)),
  };
}

/** Cuts an array into arrays of at most `size` elements. */
export function partition<T>(array: readonly T[] | undefined, size: number): readonly (readonly T[])[] | undefined {
  if (array === undefined) return undefined;
  const step = Math.floor(size);
  if (!(step >= 1)) throw new RangeError('The size of a partition must be a positive integer');
  return Array.from({ length: Math.ceil(array.length / step) }, (_, index) =>
    array.slice(index * step, (index + 1) * step),
  );
}

/** The numbers from `start` to `end`, both included, in steps of `step`. */
export function range(start: number, end: number, step: number): readonly number[] {
  if (step === 0) throw new RangeError('The step of a range must not be 0');
  const length = Math.max(0, Math.floor((end - start) / step) + 1);
  if (length > 10_000_000) throw new RangeError('A range may have at most 1e7 elements');
  return Array.from({ length }, (_, index) => start + index * step);
}

/** The hash of a text in hexadecimal digits. Throws a `RangeError` for an algorithm that Step Functions does not know. */
export function hash(text: string | undefined, algorithm: string): string | undefined {
  if (text === undefined) return undefined;
  const name = ALGORITHMS.get(algorithm);
  if (!name) throw new RangeError(`The hash algorithm must be one of ${[...ALGORITHMS.keys()].join(', ')}`);
  return createHash(name).update(text, 'utf8').digest('hex');
}

/** A generated sequence of one is that one, and an empty one is nothing, as everywhere in JSONata. */
function generateRange(start: number, end: number, step: number): Json | undefined {
  const numbers = range(start, end, step);
  return numbers.length > 1 ? numbers : numbers[0];
}

function shuffle(items: readonly unknown[], random: SeededRandom): readonly unknown[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random.next() * (last + 1));
    [shuffled[last], shuffled[pick]] = [shuffled[pick], shuffled[last]];
  }
  return shuffled;
}

async function takeOriginals(): Promise<ReadonlyMap<string, JsonataFunction>> {
  const jsonata = loadJsonata();
  const names = [...ADDED_FUNCTIONS.keys(), 'now', 'millis', 'fromMillis', 'toMillis', 'shuffle'];
  const found = names.map(async (name): Promise<[string, JsonataFunction]> => {
    const expression = jsonata(`$${name}`);
    const signature = ADDED_FUNCTIONS.get(name);
    if (signature) expression.registerFunction(name, () => undefined, signature);
    return [name, (await expression.evaluate(undefined)) as JsonataFunction];
  });
  return new Map(await Promise.all(found));
}

function take(name: string): JsonataFunction {
  const original = originals?.get(name);
  if (!original) throw new TypeError(`jsonata has no function $${name}.`);
  return original;
}

function remake(name: string, implementation: Implementation): JsonataFunction {
  return { _jsonata_function: true, implementation, signature: take(name).signature };
}
