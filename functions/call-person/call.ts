import type { IncidentStore } from '../adapters/incident-store.ts';
import type { Incident } from '../domain/incident.ts';

export interface CallRequest {
  readonly incident_id: string;
  /** `needs-human`: automation has come to its end. `escalated`: nobody has acknowledged in time. `stale`: it is given up. */
  readonly kind: 'needs-human' | 'escalated' | 'stale';
  /** Tells repeated calls apart; the same key calls once. */
  readonly key: string;
  readonly by: string;
  readonly text: string;
}

/**
 * Calls a person, by the line of the timeline that says why. Nobody is called to an incident that is over, and in a storm
 * people are pressed about the storm alone.
 */
export async function callPerson(
  request: CallRequest,
  incidents: IncidentStore,
  now: Date,
): Promise<{ called: boolean }> {
  const { incident_id, kind, key, by, text } = request;
  const storm = kind === 'escalated' ? await incidents.readStorm() : undefined;
  const isInStorm = storm !== undefined && storm.status !== 'resolved' && storm.id !== incident_id;
  const line = kind === 'stale' ? 'escalated' : kind;
  const id = kind === 'needs-human' ? kind : `${line}#${key}`;
  const outcome = await incidents.record(
    incident_id,
    (current) =>
      current.status === 'resolved' || (kind === 'escalated' && (isInStorm || !mustBePressed(current)))
        ? undefined
        : { entry: { id, kind: line, by, text }, patch: {} },
    now,
  );
  return { called: outcome === 'recorded' };
}

/** Nobody is pressed to come who has answered already, or while there is nothing to be seen. */
function mustBePressed({ status, symptom }: Incident): boolean {
  return status === 'triggered' && symptom === 'firing';
}
