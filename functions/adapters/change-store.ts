import type { Change } from '../domain/normalised.ts';
import type { IncidentTable } from './dynamodb-table.ts';
import { expiryOf } from './expiry.ts';

/** What was changed lately, as deployment tools announce it: looked at when something breaks, never told by itself. */
export class ChangeStore {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /** Keeps a change for 90 days. Keeping it twice is a no-op. */
  async record(change: Change, now: Date): Promise<void> {
    const { timestamp, integration, event_id: eventId } = change;
    const key = { pk: `CHANGES#${timestamp.slice(0, 10)}`, sk: `${timestamp}#${integration}#${eventId}` };
    await this.#table.write([{ put: { ...key, ...change, expires_at_epoch: expiryOf(now) } }]);
  }

  /** Changes between two times, oldest first. */
  async between(from: Date, to: Date): Promise<readonly Change[]> {
    const days = new Set([from, to].map((time) => time.toISOString().slice(0, 10)));
    const items = (await Promise.all([...days].map((day) => this.#table.query(`CHANGES#${day}`, '')))).flat();
    const changes = items.map(
      ({ pk: _pk, sk: _sk, expires_at_epoch: _expires, ...change }) => change as unknown as Change,
    );
    return changes
      .filter(({ timestamp }) => timestamp >= from.toISOString() && timestamp <= to.toISOString())
      .sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  }
}
