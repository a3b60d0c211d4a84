import type { IncidentStore } from '../adapters/incident-store.ts';
import { withPlainError } from '../domain/error-text.ts';
import { type EntryKind, hasEndedBadly, type Incident } from '../domain/incident.ts';
import { secondsToWait, waitsUntil } from '../domain/support-hours.ts';
import { cameWithStorm } from '../domain/triage/young-storm.ts';

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
 * Calls a person, by the line of the timeline that says why. Nobody is called to an incident that is over. None is
 * escalated that somebody has taken, that shows nothing, that waits for support hours, or that is being repaired right now;
 * and of what came with a storm, people are pressed about the storm alone, unless that is the less urgent one. `called` says
 * whether somebody was called by this. `counts` is false where nobody has taken it and nobody was called all the same: that
 * is no round. `hours_begin_in`: seconds until anybody may be called at all.
 */
export async function callPerson(
  request: CallRequest,
  incidents: Pick<IncidentStore, 'record' | 'readStorm'>,
  now: Date,
): Promise<{ called: boolean; counts: boolean; hours_begin_in: number }> {
  const { incident_id, kind, key, by } = request;
  const text = withPlainError(request.text);
  const line: EntryKind = kind === 'stale' ? 'given-up' : kind;
  const id = kind === 'escalated' ? `${line}#${key}` : line;
  let counts = true;
  let hours_begin_in = 0;
  const outcome = await incidents.record(
    incident_id,
    async (current) => {
      const storm = kind === 'escalated' ? await incidents.readStorm(current.alert) : undefined;
      const isNeeded = !isNeedless(kind, current, storm, now);
      counts = isNeeded || current.status !== 'triggered';
      hours_begin_in = secondsToWait(current, now);
      return isNeeded ? { entry: { id, kind: line, by, text }, patch: {} } : undefined;
    },
    now,
  );
  return { called: outcome === 'recorded', counts, hours_begin_in };
}

function isNeedless(kind: CallRequest['kind'], incident: Incident, storm: Incident | undefined, now: Date): boolean {
  if (incident.status === 'resolved') return true;
  if (kind !== 'escalated') return false;
  return isOfStorm(incident, storm) || !mustBePressed(incident, now) || isBeingRepaired(incident, now);
}

/** A storm stands for what came with it, for as long as it is open, and for nothing that came later. */
function isOfStorm(incident: Incident, storm: Incident | undefined): boolean {
  if (!storm || storm.status === 'resolved' || storm.id === incident.id) return false;
  if (storm.priority > incident.priority) return false;
  return cameWithStorm(incident, storm);
}

/** A repair that has outlasted its lease has died without a word: it holds nobody back. */
function isBeingRepaired({ remediation, locked_until }: Incident, now: Date): boolean {
  return remediation === 'running' && locked_until !== undefined && now.getTime() < Date.parse(locked_until);
}

/** Nobody is pressed to come who has answered already, or while there is nothing to be seen that a repair left behind. */
function mustBePressed(incident: Incident, now: Date): boolean {
  if (waitsUntil(incident, now) !== undefined) return false;
  return incident.status === 'triggered' && (incident.symptom === 'firing' || hasEndedBadly(incident));
}
