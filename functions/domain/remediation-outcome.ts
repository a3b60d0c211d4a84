import {
  afterChange,
  type Incident,
  type RemediationState,
  type TimelineChange,
  type TimelineEntry,
} from './incident.ts';
import { clockTimeOf } from './telling/clock-time.ts';

/** How `remediate` came to its end. `unknown`: an automation may have been started, and nobody can say how it stands. */
export type RemediationEnding =
  | 'recovered'
  | 'unproven'
  | 'contained'
  | 'refused'
  | 'proposed'
  | 'automation-failed'
  | 'not-helped'
  | 'undone'
  | 'undo-failed'
  | 'unknown';

/** What is known of that end: `text` for people, `evidence` as it came from SSM or the guard. */
export interface EndedRemediation {
  readonly ending: RemediationEnding;
  readonly runbook: string;
  /** What was permitted, as a sentence; empty when nothing was. */
  readonly action: string;
  readonly reason: string;
  readonly evidence: string;
  /** Whether the guard permitted anything. Without it, what was changed is another's doing, and is left as it is. */
  readonly permitted: boolean;
}

interface Row {
  readonly state: RemediationState;
  readonly kind: TimelineEntry['kind'];
  readonly text: string;
  /** What the action is to that end. */
  readonly label: string;
}

const made = 'What it did';
const notMade = 'What it would have done';
const rows: Readonly<Record<RemediationEnding, Row>> = {
  recovered: { state: 'recovered', kind: 'resolved', text: 'Recovered, and stayed so.', label: made },
  unproven: {
    state: 'unproven',
    kind: 'unproven',
    text: 'The repair was made, and whether it helped is not proven.',
    label: made,
  },
  contained: {
    state: 'contained',
    kind: 'contained',
    text: 'The trouble is contained, not cured.',
    label: made,
  },
  refused: { state: 'refused', kind: 'remediation-refused', text: 'The repair was not made.', label: notMade },
  proposed: { state: 'proposed', kind: 'proposed', text: 'This runbook only observes.', label: notMade },
  'automation-failed': { state: 'failed', kind: 'automation-failed', text: 'The repair failed.', label: made },
  'not-helped': {
    state: 'not-helped',
    kind: 'not-helped',
    text: 'The repair ran and did not help. It is not taken back.',
    label: made,
  },
  undone: {
    state: 'undone',
    kind: 'undone',
    text: 'The repair ran, did not help, and was taken back.',
    label: made,
  },
  'undo-failed': {
    state: 'failed',
    kind: 'automation-failed',
    text: 'The repair failed or did not help, and could not be taken back: what state it left behind is not known, so look now.',
    label: made,
  },
  unknown: {
    state: 'failed',
    kind: 'automation-failed',
    text: 'An automation may have been started, and how it stands is not known: it may still be at work, so look now.',
    label: 'What it may have done',
  },
};

/** Ends after which nothing of ours has changed the resource without proof that it helped. */
const harmless: readonly RemediationEnding[] = ['recovered', 'refused', 'proposed'];

/** Whether the target stays locked after this end until the lease expires: what was begun may still be at work. */
export function keepsLease({ ending }: Pick<EndedRemediation, 'ending'>): boolean {
  return ending === 'unknown';
}

/** Whether the repair of this incident is another execution's: somebody started a second one beside or after it. */
export function isBesideAnother({ permitted }: Pick<EndedRemediation, 'permitted'>, incident: Incident): boolean {
  return !permitted && ['running', ...afterChange].includes(incident.remediation);
}

/** How it ended, once the incident is looked at: silence proves nothing where somebody has resolved it meanwhile. */
export function endedAs<Ended extends EndedRemediation>(ended: Ended, { status, remediation }: Incident): Ended {
  if (ended.ending !== 'recovered' || status !== 'resolved' || remediation !== 'running') return ended;
  return { ...ended, ending: 'unproven', reason: 'The incident was resolved before it was proven.' };
}

/**
 * The line that says how the remediation ended, and what it makes of the incident. Undefined when the incident is over
 * and nothing was left behind, nor was begun.
 */
export function endingChange(ended: EndedRemediation, incident: Incident, now: Date): TimelineChange | undefined {
  const isOver = incident.status === 'resolved' && harmless.includes(ended.ending);
  if (isOver && !['awaiting-approval', 'running'].includes(incident.remediation)) return undefined;
  if (isBesideAnother(ended, incident)) return undefined;
  const { state, kind } = rows[ended.ending];
  const id = kind === 'resolved' ? 'resolved' : `${kind}#remediation`;
  const entry = { id, kind, by: `runbook:${ended.runbook}`, text: sentenceOf(ended, incident) };
  const patch: Partial<Incident> = { remediation: state };
  if (ended.ending !== 'recovered') return { entry, patch };
  return { entry, patch: { ...patch, status: 'resolved', resolved_at: now.toISOString() } };
}

/**
 * What follows an end that is not a recovery. Where nothing was changed, the incident closes if its alarm is OK: at once
 * where it cleared while its target was taken, or else when it has stayed so. After every other end a person is called,
 * but by the one that somebody brought about by resolving the incident; whatever the alarm says: a resource that was
 * stopped raises none, and somebody may have resolved the incident because he believed the repair.
 */
export function followUpChange(ended: EndedRemediation, incident: Incident, now: Date): TimelineChange | undefined {
  if (ended.ending === 'unproven' && incident.status === 'resolved') return undefined;
  if (!harmless.includes(ended.ending)) return callAfterChange(ended, incident);
  if (incident.status === 'resolved' || ended.ending === 'recovered') return undefined;
  if (incident.symptom === 'clear' && !isBesideAnother(ended, incident)) {
    // What cleared before anything was taken settles in triage, which resolves it unless it fires again.
    if (incident.locked_until === undefined) return undefined;
    const entry = { id: 'resolved', kind: 'resolved' as const, by: 'handsoff', text: 'The alarm is OK.' };
    return { entry, patch: { status: 'resolved', resolved_at: now.toISOString() } };
  }
  if (ended.ending === 'proposed') return undefined;
  return callOf('needs-human', ended, [sentenceOf(ended, incident)]);
}

/** Its id is its own, so that no call before it takes its place. */
function callAfterChange(ended: EndedRemediation, incident: Incident): TimelineChange {
  return callOf('needs-human#repair', ended, [
    incident.status === 'resolved' ? resolvedMeanwhile(ended) : '',
    sentenceOf(ended, incident),
    incident.symptom === 'clear' && ended.ending !== 'unproven'
      ? 'The alarm is OK, which may only mean that nothing reports any more.'
      : '',
  ]);
}

function resolvedMeanwhile({ ending }: EndedRemediation): string {
  const but = ending === 'contained' ? 'what was contained is not cured' : 'its repair did not end well';
  return `The incident was resolved meanwhile, but ${but}.`;
}

function callOf(id: string, { runbook }: EndedRemediation, sentences: readonly string[]): TimelineChange {
  const text = ['A person is needed.', ...sentences].filter(Boolean).join(' ');
  return { entry: { id, kind: 'needs-human', by: `runbook:${runbook}`, text }, patch: {} };
}

function sentenceOf(ended: EndedRemediation, incident: Incident): string {
  const { action, reason, evidence, ending } = ended;
  const { text, label } = rows[ending];
  const lock = keepsLease(ended) ? lockSentence(incident) : '';
  return [text, reason, lock, action && `${label}: ${action}`, evidence && `What it said: ${evidence}`]
    .filter(Boolean)
    .join(' ');
}

/** Until when nobody else may repair the target, as a sentence; empty where nothing is locked. */
export function lockSentence({ locked_until }: Pick<Incident, 'locked_until'>): string {
  return locked_until ? `Its target stays locked for other repairs until ${clockTimeOf(locked_until)}.` : '';
}
