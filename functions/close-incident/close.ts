import type { IncidentStore } from '../adapters/incident-store.ts';
import type { TrackRecords } from '../adapters/track-records.ts';
import type { Incident } from '../domain/incident.ts';
import { trackRecordOf } from '../domain/track-record.ts';
import { renderTimeline } from '../domain/telling/render-timeline.ts';

export interface CloseStores {
  readonly incidents: IncidentStore;
  readonly records: TrackRecords;
}

/**
 * Closes an incident with a timeline that a person can read, and keeps how its runbook did. One that never resolved is
 * closed as stale, so that the next alert opens anew.
 */
export async function closeIncident(
  incidentId: string,
  { incidents, records }: CloseStores,
  now: Date,
): Promise<{ status: string; timeline: string }> {
  const read = await incidents.read(incidentId);
  if (!read) throw new Error(`There is no incident ${incidentId} to close.`);
  const timeline = renderTimeline(read.incident, read.timeline);
  const record = trackRecordOf(read.incident, read.timeline, now);
  if (record) await records.keep(record, now);
  const at = now.toISOString();
  await incidents.record(
    incidentId,
    (current) => ({
      entry: { id: 'closed', kind: 'closed', by: 'handsoff', text: closingText(current), details: { timeline } },
      patch: { closed_at: at, ...(current.status !== 'resolved' && { status: 'resolved', resolved_at: at }) },
    }),
    now,
  );
  return { status: 'closed', timeline };
}

function closingText(incident: Incident): string {
  return incident.status === 'resolved'
    ? 'Closed.'
    : 'Closed without a recovery: nothing was heard of it for too long.';
}
