import type { IncidentStore } from '../adapters/incident-store.ts';

export interface CallRequest {
  readonly incident_id: string;
  /** `needs-human`: automation has come to its end. `escalated`: nobody has acknowledged in time. `stale`: it is given up. */
  readonly kind: 'needs-human' | 'escalated' | 'stale';
  /** Tells repeated calls apart; the same key calls once. */
  readonly key: string;
  readonly by: string;
  readonly text: string;
}

/** Calls a person, by the line of the timeline that says why. Nobody is called to an incident that is over. */
export async function callPerson(
  request: CallRequest,
  incidents: IncidentStore,
  now: Date,
): Promise<{ called: boolean }> {
  const { incident_id, kind, key, by, text } = request;
  const line = kind === 'stale' ? 'escalated' : kind;
  const id = kind === 'needs-human' ? kind : `${line}#${key}`;
  const outcome = await incidents.record(
    incident_id,
    (current) =>
      current.status === 'resolved' || (current.status === 'acknowledged' && kind === 'escalated')
        ? undefined
        : { entry: { id, kind: line, by, text }, patch: {} },
    now,
  );
  return { called: outcome === 'recorded' };
}
