import { Readable } from 'node:stream';
import type { DynaliteMemory, KeyRange } from 'dynalite/db/index.js';

/**
 * Gives dynalite a memory that answers in the same turn of the event loop. Its own answers in a later turn, and a query
 * item by item, each in a turn of its own. Keys are ASCII: dynalite writes in hexadecimal what they are made of.
 */
export function rememberQuickly(memory: DynaliteMemory): void {
  /** As JSON, so that nobody changes what another has read. */
  const texts = new Map<string, string>();
  let keys: string[] = [];
  const read = (key: string): unknown => {
    const text = texts.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const write = (key: string, value: unknown) => {
    if (!texts.has(key)) keys.splice(placeOf(key, keys), 0, key);
    texts.set(key, JSON.stringify(value));
  };
  const remove = (key: string) => {
    if (texts.delete(key)) keys.splice(placeOf(key, keys), 1);
  };
  const keysIn = ({ gt, gte = gt ?? '', lt, lte = lt, reverse = false, limit = -1 }: KeyRange = {}) => {
    const beyond = lte === undefined ? keys.length : placeOf(lte, keys) + (texts.has(lte) ? 1 : 0);
    const within = keys.slice(placeOf(gte, keys), beyond).filter((key) => key !== gt && key !== lt);
    if (reverse) within.reverse();
    return limit < 0 ? within : within.slice(0, limit);
  };
  Object.assign(memory, {
    get: (key, done) => queueMicrotask(() => done(null, read(key))),
    put(key, value, done) {
      write(key, value);
      queueMicrotask(() => done(null));
    },
    del(key, done) {
      remove(key);
      queueMicrotask(() => done(null));
    },
    batch(operations, done) {
      for (const { type, key, value } of operations) {
        if (type === 'put') write(key, value);
        else remove(key);
      }
      queueMicrotask(() => done(null));
    },
    createKeyStream: (range) => streamOf(keysIn(range)),
    createValueStream: (range) => streamOf(keysIn(range).map(read)),
    async clear(range) {
      for (const key of keysIn(range)) texts.delete(key);
      keys = keys.filter((key) => texts.has(key));
    },
  } satisfies Partial<DynaliteMemory>);
}

/** Where a key stands among sorted ones, or would stand. */
function placeOf(key: string, keys: readonly string[]): number {
  let [from, to] = [0, keys.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((keys[middle] ?? '') < key) from = middle + 1;
    else to = middle;
  }
  return from;
}

function streamOf(values: readonly unknown[]): Readable {
  return new Readable({
    objectMode: true,
    highWaterMark: values.length + 1,
    read() {
      for (const value of values) this.push(value);
      this.push(null);
    },
  });
}
