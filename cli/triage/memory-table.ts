import type { IncidentTable, Item, ItemKey, Write } from '../../functions/adapters/dynamodb-table.ts';

/** The incident table in memory, for asking what triage would do. It knows the conditions that triage writes with, and no others. */
export class MemoryTable implements IncidentTable {
  readonly #partitions = new Map<string, Map<string, Item>>();

  async get({ pk, sk }: ItemKey): Promise<Item | undefined> {
    return this.#partitions.get(pk)?.get(sk);
  }

  async query(pk: string, prefix: string): Promise<Item[]> {
    const rows = [...(this.#partitions.get(pk) ?? [])].filter(([sk]) => sk.startsWith(prefix));
    return rows.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
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

  #put(item: ItemKey & Item): void {
    const partition = this.#partitions.get(item.pk) ?? new Map<string, Item>();
    this.#partitions.set(item.pk, partition.set(item.sk, item));
  }

  #holds({ put, delete: gone, condition, values }: Write): boolean {
    const key = put ?? gone;
    const item = key && this.#partitions.get(key.pk)?.get(key.sk);
    switch (condition) {
      case undefined:
        return true;
      case 'attribute_not_exists(#pk)':
        return item === undefined;
      case '#version = :version':
        return item?.['version'] === values?.[':version'];
      default:
        throw new Error(`The table in memory does not know the condition ${condition}.`);
    }
  }
}
