import type { EntryKind, Incident, TimelineEntry } from '../incident.ts';

/** Where an incident stands for the people who look at it. */
export type Standing =
  | 'closed'
  | 'resolved'
  | 'awaiting-approval'
  | 'answered'
  | 'watching'
  | 'repairing'
  | 'needs-human'
  | 'acknowledged'
  | 'triggered';

const words: Readonly<Record<Standing, string>> = {
  closed: 'CLOSED',
  resolved: 'RESOLVED',
  'awaiting-approval': 'APPROVAL NEEDED',
  answered: 'ANSWERED',
  watching: 'WATCHING RECOVERY',
  repairing: 'REPAIRING',
  'needs-human': 'PERSON NEEDED',
  acknowledged: 'ACKNOWLEDGED',
  triggered: 'TRIGGERED',
};

/** Where the incident stands now: the most telling of its status, its remediation, and who was called or has answered. */
export function standingOf(incident: Incident, timeline: readonly TimelineEntry[]): Standing {
  if (wasCalledAfterResolution(timeline)) return 'needs-human';
  if (incident.closed_at) return 'closed';
  if (incident.status === 'resolved') return 'resolved';
  if (incident.remediation === 'awaiting-approval') return isAnswered(timeline) ? 'answered' : 'awaiting-approval';
  if (incident.remediation === 'running') return incident.symptom === 'clear' ? 'watching' : 'repairing';
  if (wasCalledLast(timeline)) return 'needs-human';
  return incident.status === 'acknowledged' ? 'acknowledged' : 'triggered';
}

/** The word for it in a headline. */
export function statusWordOf(incident: Incident, timeline: readonly TimelineEntry[]): string {
  return words[standingOf(incident, timeline)];
}

/** Whether somebody resolved it while a repair was under way that then did not end well. */
function wasCalledAfterResolution(timeline: readonly TimelineEntry[]): boolean {
  const resolvedAt = timeline.findIndex(({ kind }) => kind === 'resolved');
  return resolvedAt >= 0 && timeline.slice(resolvedAt).some(({ kind }) => kind === 'needs-human');
}

/** Whether a person was called after the last one who answered. */
function wasCalledLast(timeline: readonly TimelineEntry[]): boolean {
  const calls: readonly EntryKind[] = ['needs-human', 'acknowledged'];
  return timeline.findLast((entry) => calls.includes(entry.kind))?.kind === 'needs-human';
}

/** Whether the last question to an approver has its answer, though nothing has followed from it yet. */
export function isAnswered(timeline: readonly TimelineEntry[]): boolean {
  const id = timeline.findLast((entry) => entry.approval)?.approval?.id;
  return timeline.some((entry) => entry.id === `approved#${id}` || entry.id === `approval-refused#${id}`);
}
