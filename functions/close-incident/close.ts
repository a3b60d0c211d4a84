import type { IncidentStore } from '../adapters/incident-store.ts';
import type { TrackRecords } from '../adapters/track-records.ts';
import type { Incident } from '../domain/incident.ts';
import { trackRecordOf } from '../domain/track-record.ts';
import type { Here } from '../domain/triage/is-elsewhere.ts';

export interface CloseStores {
  readonly incidents: IncidentStore;
  readonly records: TrackRecords;
  /** Where Handsoff is deployed. */
  readonly here: Here;
}

/**
 * Closes an incident, which tells its whole timeline to people, and keeps how its runbook did. One that never resolved is
 * closed as stale, so that the next alert opens anew.
 */
export async function closeIncident(
  incidentId: string,
  { incidents, records, here }: CloseStores,
  now: Date,
): Promise<{ status: string }> {
  const read = await incidents.read(incidentId);
  if (!read) throw new Error(`There is no incident ${incidentId} to close.`);
  const record = trackRecordOf(read.incident, read.timeline, now, here);
  if (record) await records.keep(record, now);
  const at = now.toISOString();
  await incidents.record(
    incidentId,
    (current) => ({
      entry: { id: 'closed', kind: 'closed', by: 'handsoff', text: closingText(current) },
      patch: { closed_at: at, ...(current.status !== 'resolved' && { status: 'resolved', resolved_at: at }) },
    }),
    now,
  );
  return { status: 'closed' };
}

function closingText(incident: Incident): string {
  return incident.status === 'resolved'
    ? 'Closed.'
    : 'Closed without a recovery: nothing was heard of it for too long.';
}
