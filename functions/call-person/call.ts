import type { IncidentStore } from '../adapters/incident-store.ts';
import { withPlainError } from '../domain/error-text.ts';
import { type EntryKind, hasEndedBadly, type Incident } from '../domain/incident.ts';
import { cameWithStorm } from '../domain/triage/young-storm.ts';

export interface CallRequest {
  readonly incident_id: string;
  /** `needs-human`: automation has come to its end. `escalated`: nobody has acknowledged in time. */
  readonly kind: Extract<EntryKind, 'needs-human' | 'escalated' | 'given-up'>;
  /** Tells repeated calls apart; the same key calls once. */
  readonly key: string;
  readonly by: string;
  readonly text: string;
}

/**
 * Calls a person, by the line of the timeline that says why. Nobody is called to an incident that is over. None is
 * escalated that somebody has taken, that shows nothing, or that is being repaired right now; and of what came with a
 * storm, people are pressed about the storm alone. `called` says whether somebody was called by this. `counts` is false
 * where nobody has taken it and nobody was called all the same: that is no round.
 */
export async function callPerson(
  request: CallRequest,
  incidents: Pick<IncidentStore, 'record' | 'readStorm'>,
  now: Date,
): Promise<{ called: boolean; counts: boolean }> {
  const { incident_id, kind, key, by } = request;
  const text = withPlainError(request.text);
  const id = kind === 'escalated' ? `${kind}#${key}` : kind;
  let counts = true;
  const outcome = await incidents.record(
    incident_id,
    async (current) => {
      const storm = kind === 'escalated' ? await incidents.readStorm(current.alert) : undefined;
      const isNeeded = !isNeedless(kind, current, storm, now);
      counts = isNeeded || current.status !== 'triggered';
      return isNeeded ? { entry: { id, kind, by, text }, patch: {} } : undefined;
    },
    now,
  );
  return { called: outcome === 'recorded', counts };
}

function isNeedless(kind: CallRequest['kind'], incident: Incident, storm: Incident | undefined, now: Date): boolean {
  if (incident.status === 'resolved') return true;
  if (kind !== 'escalated') return false;
  return isOfStorm(incident, storm) || !mustBePressed(incident) || isBeingRepaired(incident, now);
}

/** A storm stands for what came with it, for as long as it is open, and for nothing that came later. */
function isOfStorm(incident: Incident, storm: Incident | undefined): boolean {
  if (!storm || storm.status === 'resolved' || storm.id === incident.id) return false;
  return cameWithStorm(incident, storm);
}

/** A repair that has outlasted its lease has died without a word: it holds nobody back. */
function isBeingRepaired({ remediation, locked_until }: Incident, now: Date): boolean {
  return remediation === 'running' && locked_until !== undefined && now.getTime() < Date.parse(locked_until);
}

/** Nobody is pressed to come who has answered already, or while there is nothing to be seen that a repair left behind. */
function mustBePressed(incident: Incident): boolean {
  return incident.status === 'triggered' && (incident.symptom === 'firing' || hasEndedBadly(incident));
}
