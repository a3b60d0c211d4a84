import type { Incident } from '../domain/incident.ts';
import { isYoungStorm } from '../domain/triage/young-storm.ts';
import type { IncidentTable, Item, ItemKey } from './dynamodb-table.ts';
import { expiryOf } from './expiry.ts';

/** Where the newest storm is pointed to. */
export const stormKey = { pk: 'STORM', sk: 'STORM' };

/** Counts new troubles. */
export class StormWatch {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /** Counts one more new trouble; answers how many there were within the last minute, this one included. */
  async countNew(now: Date): Promise<number> {
    const minute = minuteOf(now);
    const [before, current] = await Promise.all([
      this.#table.get(rateKeyOf(minute - 1)),
      this.#table.increment(rateKeyOf(minute), 'troubles', expiryOf(now, 3600)),
    ]);
    return current + shareOf(troublesIn(before), now);
  }
}

/** Where the troubles of the last minute and of this one are counted. */
export function rateKeysOf(now: Date): [ItemKey, ItemKey] {
  const minute = minuteOf(now);
  return [rateKeyOf(minute - 1), rateKeyOf(minute)];
}

/** Whether a storm goes on: it has just begun, or new troubles still come faster than `limit` a minute. */
export function isStorm(
  storm: Incident | undefined,
  [before, current]: readonly [Item | undefined, Item | undefined],
  limit: number,
  now: Date,
): boolean {
  if (storm && storm.status !== 'resolved' && isYoungStorm(storm, now)) return true;
  return troublesIn(current) + shareOf(troublesIn(before), now) > limit;
}

function troublesIn(item: Item | undefined): number {
  return Number(item?.['troubles'] ?? 0);
}

function minuteOf(now: Date): number {
  return Math.floor(now.getTime() / 60_000);
}

/** A sliding window: as much of the last minute as the last sixty seconds still hold. */
function shareOf(before: number, now: Date): number {
  return Math.floor(before * (1 - (now.getTime() % 60_000) / 60_000));
}

function rateKeyOf(minute: number) {
  return { pk: `RATE#${minute}`, sk: 'RATE' };
}
