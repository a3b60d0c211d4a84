import type { IncidentTable, Item, ItemKey, Write } from '../../functions/adapters/dynamodb-table.ts';

/** The incident table in memory, for asking what would happen. It knows the conditions that our stores write with, and no others. */
export class MemoryTable implements IncidentTable {
  readonly #partitions = new Map<string, Map<string, Item>>();

  async get({ pk, sk }: ItemKey): Promise<Item | undefined> {
    return this.#partitions.get(pk)?.get(sk);
  }

  async getAll(keys: readonly ItemKey[]): Promise<(Item | undefined)[]> {
    return keys.map(({ pk, sk }) => this.#partitions.get(pk)?.get(sk));
  }

  /** Every item below a partition key's prefix. */
  below(prefix: string): Item[] {
    const partitions = [...this.#partitions].filter(([pk]) => pk.startsWith(prefix));
    return partitions.flatMap(([, items]) => [...items.values()]);
  }

  async query(pk: string, prefix: string): Promise<Item[]> {
    return this.#sorted(pk, (sk) => sk.startsWith(prefix));
  }

  async queryBetween(pk: string, from: string, to: string): Promise<Item[]> {
    return this.#sorted(pk, (sk) => sk >= from && sk <= to);
  }

  async hasAny(pk: string, prefix: string): Promise<boolean> {
    for (const sk of this.#partitions.get(pk)?.keys() ?? []) if (sk.startsWith(prefix)) return true;
    return false;
  }

  async increment(key: ItemKey, attribute: string): Promise<number> {
    // Not awaited: DynamoDB counts atomically too.
    const before = this.#partitions.get(key.pk)?.get(key.sk);
    const sum = Number(before?.[attribute] ?? 0) + 1;
    this.#put({ ...before, ...key, [attribute]: sum });
    return sum;
  }

  async write(writes: readonly Write[]): Promise<readonly number[]> {
    const failed = writes.flatMap((write, position) => (this.#holds(write) ? [] : [position]));
    if (failed.length > 0) return failed;
    for (const { put, delete: gone } of writes) {
      if (put) this.#put(put);
      if (gone) this.#partitions.get(gone.pk)?.delete(gone.sk);
    }
    return [];
  }

  #sorted(pk: string, isWanted: (sk: string) => boolean): Item[] {
    const rows = [...(this.#partitions.get(pk) ?? [])].filter(([sk]) => isWanted(sk));
    return rows.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  }

  #put(item: ItemKey & Item): void {
    const partition = this.#partitions.get(item.pk) ?? new Map<string, Item>();
    this.#partitions.set(item.pk, partition.set(item.sk, item));
  }

  #holds({ put, delete: gone, condition, values = {} }: Write): boolean {
    const key = put ?? gone;
    const item = key && this.#partitions.get(key.pk)?.get(key.sk);
    if (condition === undefined) return true;
    return condition.split(' OR ').some((term) => holdsTerm(term, item, values));
  }
}

function holdsTerm(term: string, item: Item | undefined, values: Item): boolean {
  if (term === 'attribute_not_exists(#pk)') return item === undefined;
  const [, name = '', sign, value = ''] = /^#(\w+) ([=<]) (:\w+)$/.exec(term) ?? [];
  if (sign === '=') return item !== undefined && item[name] === values[value];
  if (sign === '<') return Number(item?.[name]) < Number(values[value]);
  throw new Error(`The table in memory does not know the condition ${term}.`);
}
