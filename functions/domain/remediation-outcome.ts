import type { Incident, RemediationState, TimelineEntry } from './incident.ts';

/** How `remediate` came to its end. */
export type RemediationEnding =
  | 'recovered'
  | 'refused'
  | 'proposed'
  | 'automation-failed'
  | 'not-helped'
  | 'undone'
  | 'undo-failed';

/** What is known of that end: `text` for people, `evidence` as it came from SSM or the guard. */
export interface EndedRemediation {
  readonly ending: RemediationEnding;
  readonly runbook: string;
  /** What was permitted, as a sentence; empty when nothing was. */
  readonly action: string;
  readonly reason: string;
  readonly evidence: string;
}

type Change = { readonly entry: Omit<TimelineEntry, 'seq' | 'at'>; readonly patch: Partial<Incident> };

const rows: Readonly<
  Record<RemediationEnding, { state: RemediationState; kind: TimelineEntry['kind']; text: string }>
> = {
  recovered: { state: 'recovered', kind: 'resolved', text: 'Recovered, and stayed so.' },
  refused: { state: 'refused', kind: 'remediation-refused', text: 'The repair was not made.' },
  proposed: { state: 'proposed', kind: 'proposed', text: 'This runbook only observes. It would have done:' },
  'automation-failed': { state: 'failed', kind: 'automation-failed', text: 'The repair failed.' },
  'not-helped': {
    state: 'not-helped',
    kind: 'not-helped',
    text: 'The repair ran and did not help. There is nothing to take back.',
  },
  undone: { state: 'undone', kind: 'undone', text: 'The repair ran, did not help, and was taken back.' },
  'undo-failed': {
    state: 'failed',
    kind: 'automation-failed',
    text: 'The repair ran, did not help, and could not be taken back.',
  },
};

/** The line that says how the remediation ended, and what it makes of the incident. */
export function endingChange(ended: EndedRemediation, now: Date): Change {
  const { state, kind, text } = rows[ended.ending];
  const by = `runbook:${ended.runbook}`;
  const entry = {
    id: kind === 'resolved' ? 'resolved' : `${kind}#remediation`,
    kind,
    by,
    text: sentenceOf(text, ended),
  };
  const patch: Partial<Incident> = { remediation: state };
  if (ended.ending !== 'recovered') return { entry, patch };
  return { entry, patch: { ...patch, status: 'resolved', resolved_at: now.toISOString() } };
}

/** What follows an end that is not a recovery: a person is called, or the incident closes because it cleared meanwhile. */
export function followUpChange(ended: EndedRemediation, incident: Incident, now: Date): Change | undefined {
  if (incident.status === 'resolved' || ended.ending === 'recovered') return undefined;
  if (incident.symptom === 'clear') {
    const entry = { id: 'resolved', kind: 'resolved' as const, by: 'handsoff', text: 'The alarm is OK.' };
    return { entry, patch: { status: 'resolved', resolved_at: now.toISOString() } };
  }
  if (ended.ending === 'proposed') return undefined;
  const text = `A person is needed. ${sentenceOf(rows[ended.ending].text, ended)}`;
  return { entry: { id: 'needs-human', kind: 'needs-human', by: `runbook:${ended.runbook}`, text }, patch: {} };
}

function sentenceOf(text: string, { action, reason, evidence }: EndedRemediation): string {
  return [text, reason, action && `What it did: ${action}`, evidence && `What it said: ${evidence}`]
    .filter(Boolean)
    .join(' ');
}
