import type { IncidentStore } from '../adapters/incident-store.ts';

export interface CallRequest {
  readonly incident_id: string;
  /** `needs-human`: automation has come to its end. `escalated`: nobody has acknowledged in time. */
  readonly kind: 'needs-human' | 'escalated';
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
  const id = kind === 'needs-human' ? kind : `${kind}#${key}`;
  const outcome = await incidents.record(
    incident_id,
    (current) =>
      (current.status === 'triggered' || kind === 'needs-human') && current.status !== 'resolved'
        ? { entry: { id, kind, by, text }, patch: {} }
        : undefined,
    now,
  );
  return { called: outcome === 'recorded' };
}
