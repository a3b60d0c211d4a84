import type { Alert } from '../domain/alert.ts';
import type { Incident } from '../domain/incident.ts';
import { isNotice } from '../domain/triage/is-notice.ts';
import { isYoungStorm } from '../domain/triage/young-storm.ts';
import type { IncidentTable, Item, ItemKey } from './dynamodb-table.ts';
import { expiryOf } from './expiry.ts';

type Teller = 'AWS' | 'SENDERS';
type StormKind = Teller | `${Teller}#NOTICES`;

/** What says whose word an alert is, and how bad. */
type Told = Pick<Alert, 'origin' | 'payload'>;

/**
 * Which storm takes in an alert. Whoever may send alerts can send as many as they like: a storm of theirs takes in none of
 * AWS's own, and stops repairs all the same. A storm of notices stops none.
 */
function stormKindOf(alert: Told): StormKind {
  const teller = alert.origin.sent_by === undefined ? 'AWS' : 'SENDERS';
  return isNotice(alert) ? `${teller}#NOTICES` : teller;
}

/** Where the newest storm of AWS's own alerts is pointed to: only what they open is repaired. */
export const ownStormKey = stormKeyBy('AWS');

/** Where the newest storm is pointed to that takes in an alert like this. */
export function stormKeyOf(alert: Told): ItemKey {
  return stormKeyBy(stormKindOf(alert));
}

function stormKeyBy(kind: StormKind): ItemKey {
  return { pk: 'STORM', sk: kind };
}

/** Counts new troubles. */
export class StormWatch {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /**
   * Counts one more new trouble; answers how many there were within the last minute that one storm would take in, this one
   * included.
   */
  async countNew(alert: Told, now: Date): Promise<number> {
    const minute = minuteOf(now);
    const kind = stormKindOf(alert);
    const count = async (key: ItemKey) => this.#table.increment(key, 'troubles', expiryOf(now, 3600));
    const [before, current] = await Promise.all([
      this.#table.get(rateKeyOf(minute - 1, kind)),
      count(rateKeyOf(minute, kind)),
      ...(isNotice(alert) ? [] : [count(rateKeyOf(minute))]),
    ]);
    return current + shareOf(troublesIn(before), now);
  }
}

/** Where all troubles of the last minute and of this one are counted, which notices are not. */
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

function rateKeyOf(minute: number, kind?: StormKind) {
  return { pk: `RATE#${minute}`, sk: kind ?? 'RATE' };
}
