import type { EntryKind, Incident, TimelineEntry } from './incident.ts';

/**
 * What an execution can wait for under an incident. `automation` and `command` are waited for as well, but are found by
 * their execution id instead.
 */
const waitKinds = ['ack', 'approval', 'recovery', 'relapse', 'resolution'] as const;
export type WaitKind = (typeof waitKinds)[number];

/** The two automations that a remediation may start. */
export type AutomationStep = 'repair' | 'undo';

/** How a wait ends: with a value, or refused with an error that the state machine catches by name. */
export type WaitOutcome =
  | { readonly success: Readonly<Record<string, unknown>> }
  | { readonly error: 'ApprovalRefused' | 'IncidentWorsened' | 'RecoveryUnproven'; readonly cause: string };

/** Kinds of lines that can end a wait: the stream brings no others to the function that ends them. */
export const waitEndingKinds: readonly EntryKind[] = [
  'acknowledged',
  'approved',
  'approval-refused',
  'cleared',
  'relapsed',
  'worsened',
  'resolved',
];

/** Which waits a new line of the timeline ends, and how. */
export function waitsEndedBy(
  entry: TimelineEntry,
): readonly { readonly kind: WaitKind; readonly outcome: WaitOutcome }[] {
  const success = (kind: WaitKind) => ({
    kind,
    outcome: { success: { by: entry.by, at: entry.at, because: entry.kind } },
  });
  switch (entry.kind) {
    case 'acknowledged':
      return [success('ack')];
    case 'approved':
      // Whoever approves may go back to sleep: where the repair does not help, people are pressed all the same.
      return [success('approval')];
    case 'approval-refused':
      return [{ kind: 'approval', outcome: { error: 'ApprovalRefused', cause: entry.text } }];
    case 'cleared':
      return [success('recovery')];
    case 'relapsed':
      return [success('relapse')];
    case 'worsened':
      // People have just been called: from then on they are called as often as if it had been opened so.
      return [success('relapse'), { kind: 'ack', outcome: { error: 'IncidentWorsened', cause: entry.text } }];
    case 'resolved':
      return [
        success('ack'),
        success('resolution'),
        withdrawn(entry),
        ...watched.map((kind) => unwatched(kind, entry)),
      ];
    default:
      return [];
  }
}

const resolvedMeanwhile = 'The incident was resolved meanwhile.';

/** Whether a wait is over before it began: what it waits for may have happened while its token was being stored. */
export function alreadyOver(kind: WaitKind, incident: Incident): WaitOutcome | undefined {
  const success = (because: string) => ({ success: { by: 'handsoff', because } });
  const resolved = incident.status === 'resolved';
  switch (kind) {
    case 'ack':
      if (incident.status === 'triggered') return undefined;
      return { success: { by: incident.acknowledged_by ?? 'handsoff', because: incident.status } };
    case 'approval':
      return resolved ? { error: 'ApprovalRefused', cause: resolvedMeanwhile } : undefined;
    case 'recovery':
    case 'relapse':
      if (resolved) return { error: 'RecoveryUnproven', cause: resolvedMeanwhile };
      if (kind === 'recovery') return incident.symptom === 'clear' ? success('cleared') : undefined;
      return incident.symptom === 'firing' ? success('relapsed') : undefined;
    case 'resolution':
      return resolved ? success('resolved') : undefined;
  }
}

/** The two waits that prove a repair: that the alarm recovers, and that it stays so. */
const watched = ['recovery', 'relapse'] as const satisfies readonly WaitKind[];

/**
 * While a repair is being proven, only a person resolves its incident, or somebody who deletes its alarm. Neither proves
 * that it helped; and an alarm that fires again would open another incident.
 */
function unwatched(kind: WaitKind, entry: TimelineEntry): { kind: WaitKind; outcome: WaitOutcome } {
  return { kind, outcome: { error: 'RecoveryUnproven', cause: `Resolved before it was: ${entry.text} (${entry.by})` } };
}

/** Nobody needs to answer a question about an incident that is over. */
function withdrawn(entry: TimelineEntry): { kind: WaitKind; outcome: WaitOutcome } {
  return { kind: 'approval', outcome: { error: 'ApprovalRefused', cause: `No longer needed: ${entry.text}` } };
}
