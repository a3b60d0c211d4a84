import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import db, { type DynaliteMemory, type KeyRange } from 'dynalite/db/index.js';
import { describe, expect, it } from 'vitest';
import { rememberQuickly } from '../../../sandbox/dynamodb/quick-memory.ts';

const letters = ['a', 'b', 'c', 'd', 'e', 'f'];
const ranges: readonly KeyRange[] = [undefined, ...letters].flatMap((low) =>
  [undefined, ...letters].flatMap((high) =>
    [true, false].flatMap((isWithin) =>
      [true, false].flatMap((reverse) =>
        [-1, 2].map((limit) => ({
          ...(low && (isWithin ? { gte: low } : { gt: low })),
          ...(high && (isWithin ? { lte: high } : { lt: high })),
          reverse,
          limit,
        })),
      ),
    ),
  ),
);

function aMemory(isQuick: boolean): DynaliteMemory {
  const { db: memory } = db.create({ createTableMs: 0 });
  if (isQuick) rememberQuickly(memory);
  return memory;
}

/** What a memory holds after some writes, in every range of its keys. */
async function storyOf(memory: DynaliteMemory): Promise<unknown> {
  const put = promisify(memory.put.bind(memory));
  const del = promisify(memory.del.bind(memory));
  const batch = promisify(memory.batch.bind(memory));
  const get = promisify(memory.get.bind(memory));
  for (const key of ['e', 'a', 'c']) await put(key, { key });
  await put('c', { key: 'c', again: true });
  await batch([
    { type: 'put', key: 'd', value: { key: 'd' } },
    { type: 'put', key: 'b', value: { key: 'b' } },
    { type: 'del', key: 'a' },
    { type: 'del', key: 'never' },
  ]);
  await del('e');
  const read = await Promise.all(letters.map((key) => get(key)));
  const seen = [];
  for (const range of ranges) {
    const values: unknown[] = [];
    for await (const value of memory.createValueStream(range)) values.push(value);
    seen.push(values);
  }
  const keys = await text(memory.createKeyStream());
  await memory.clear({ gte: 'b', lt: 'd' });
  return { read, seen, keys, left: await text(memory.createKeyStream()) };
}

describe('the memory of dynalite', () => {
  it('holds the same as its own, in every range and order', async () => {
    const story = await storyOf(aMemory(true));
    expect(story).toEqual(await storyOf(aMemory(false)));
    expect(story).toMatchObject({ keys: 'bcd', left: 'd' });
  });

  it('gives everybody a value of his own', async () => {
    const memory = aMemory(true);
    const get = promisify(memory.get.bind(memory));
    const given = { list: ['as it was'] };
    await promisify(memory.put.bind(memory))('a', given);
    given.list.push('changed by the writer');
    const read = (await get('a')) as typeof given;
    read.list.push('changed by a reader');
    expect(await get('a')).toEqual({ list: ['as it was'] });
  });
});
