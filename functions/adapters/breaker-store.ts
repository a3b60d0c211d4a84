import { type Breaker, breakerAfter, type BreakerEffect, type Failure } from '../domain/breaker.ts';
import { type IncidentTable, type Item, type ItemKey, versionedPut, type Write } from './dynamodb-table.ts';

/** A repair's end, as the breaker of its runbook counts it. */
export interface CountedEnd {
  readonly runbook: string;
  readonly effect: BreakerEffect;
  /** What is deployed of the runbook. */
  readonly revision: string;
  readonly failure: Failure;
  /** The breaker's item as it was read just before. @default - it is read */
  readonly known?: { readonly item: Item | undefined } | undefined;
}

/**
 * Failures in a row, one item a runbook. It has no time after which it goes: a runbook that was disabled stays so. Who
 * deletes the item closes the breaker.
 */
export class BreakerStore {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /** Undefined where the item is not what is written here: then nobody knows how often the runbook failed. */
  async read(runbook: string): Promise<Breaker | undefined> {
    return breakerOf(await this.#table.get(breakerKeyOf(runbook)));
  }

  /**
   * The breaker after one more end, with the write that makes it so: it belongs into the transaction that records the
   * end, and fails when another end was counted meanwhile. No write where nothing changes.
   */
  async count({
    runbook,
    effect,
    revision,
    failure,
    known,
  }: CountedEnd): Promise<{ breaker: Breaker | undefined; writes: Write[] }> {
    const item = known ? known.item : await this.#table.get(breakerKeyOf(runbook));
    const before = breakerOf(item);
    const after = before && breakerAfter(before, effect, revision, failure);
    if (!after) return { breaker: before, writes: [] };
    return { breaker: after, writes: [versionedPut(item, { ...breakerKeyOf(runbook), ...after })] };
  }
}

/** Where a runbook's breaker is kept. */
export function breakerKeyOf(runbook: string): ItemKey {
  return { pk: `BREAKER#${runbook}`, sk: 'BREAKER' };
}

/** The breaker that an item holds; undefined where it is not what is written here. */
export function breakerOf(item: Item | undefined): Breaker | undefined {
  if (!item) return { revision: '', failures: [] };
  const { revision, failures } = item;
  if (typeof revision !== 'string' || !Array.isArray(failures)) return undefined;
  return { revision, failures: failures.map(({ incident, at }) => ({ incident: String(incident), at: String(at) })) };
}
