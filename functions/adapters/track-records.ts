import type { TrackRecord } from '../domain/track-record.ts';
import type { IncidentTable } from './dynamodb-table.ts';
import { expiryOf } from './expiry.ts';

/** How each runbook did in the incidents of the last 90 days: as long as CloudTrail remembers what people did. */
export class TrackRecords {
  readonly #table: Pick<IncidentTable, 'query' | 'write'>;

  constructor(table: Pick<IncidentTable, 'query' | 'write'>) {
    this.#table = table;
  }

  /** Keeps a record. Keeping it twice is a no-op. */
  async keep(record: TrackRecord, now: Date): Promise<void> {
    const key = { pk: `RECORD#${record.runbook}`, sk: `${record.opened_at}#${record.incident_id}` };
    await this.#table.write([{ put: { ...key, ...record, expires_at_epoch: expiryOf(now) } }]);
  }

  /** The records of a runbook, oldest first. */
  async of(runbook: string): Promise<readonly TrackRecord[]> {
    const items = await this.#table.query(`RECORD#${runbook}`, '');
    return items.map(({ pk: _pk, sk: _sk, expires_at_epoch: _expires, ...record }) => record as unknown as TrackRecord);
  }
}
