import type { EntryKind, Incident } from '../incident.ts';
import { waitsUntil } from '../support-hours.ts';

/** `high` calls a person now, `low` informs, `none` is not published. */
export type Urgency = 'high' | 'low' | 'none';

/** How one kind of line is told. */
export interface TellingRule {
  /** What the first line of a message says happened. */
  readonly word: string;
  readonly urgency: Urgency;
  /** Whether the thread of the chat message gets a line; the message itself is edited by every kind. */
  readonly thread: boolean;
  /** Where the whole timeline is told with it. */
  readonly timelineIn?: 'publish' | 'thread';
}

/**
 * Who is told what. A trouble pages once, and again where it gets worse: a runbook ends in a question, in a recovery or
 * in `needs-human`, and its outcome is the page. `automation-failed`, `not-helped`, `undone`, `contained` and `remediation-refused` are each
 * followed by `needs-human`.
 */
export const tellingRules: Readonly<Record<EntryKind, TellingRule>> = {
  triggered: { word: 'TRIGGERED', urgency: 'low', thread: false },
  diagnosed: { word: 'DIAGNOSED', urgency: 'low', thread: true },
  proposed: { word: 'REPAIR PROPOSED', urgency: 'low', thread: true },
  'approval-requested': { word: 'APPROVAL NEEDED', urgency: 'high', thread: true },
  approved: { word: 'APPROVED', urgency: 'none', thread: true },
  'approval-refused': { word: 'NOT APPROVED', urgency: 'none', thread: true },
  'remediation-refused': { word: 'NOT REPAIRED', urgency: 'none', thread: true },
  'automation-started': { word: 'REPAIRING', urgency: 'none', thread: true },
  'automation-failed': { word: 'REPAIR FAILED', urgency: 'none', thread: true },
  'handsoff-failed': { word: 'HANDSOFF ITSELF FAILED', urgency: 'none', thread: true },
  // An alarm may flap many times a minute: the message shows it, its thread must not.
  cleared: { word: 'CLEARED', urgency: 'none', thread: false },
  relapsed: { word: 'RELAPSED', urgency: 'none', thread: false },
  worsened: { word: 'WORSE', urgency: 'high', thread: true },
  'not-helped': { word: 'REPAIR DID NOT HELP', urgency: 'none', thread: true },
  undone: { word: 'REPAIR TAKEN BACK', urgency: 'none', thread: true },
  contained: { word: 'CONTAINED', urgency: 'none', thread: true },
  unproven: { word: 'REPAIR NOT PROVEN', urgency: 'low', thread: true },
  acknowledged: { word: 'ACKNOWLEDGED', urgency: 'low', thread: true },
  escalated: { word: 'NOT ACKNOWLEDGED', urgency: 'high', thread: true },
  'needs-human': { word: 'PERSON NEEDED', urgency: 'high', thread: true },
  'given-up': { word: 'GIVEN UP', urgency: 'high', thread: true },
  resolved: { word: 'RESOLVED', urgency: 'low', thread: true, timelineIn: 'publish' },
  closed: { word: 'CLOSED', urgency: 'none', thread: true, timelineIn: 'thread' },
};

/** How urgently a line of this incident that was written `at` (ISO 8601) is published: what can wait calls nobody out of hours. */
export function urgencyOf(
  kind: EntryKind,
  incident: Pick<Incident, 'priority' | 'support_hours'>,
  at: string,
): Urgency {
  const { urgency } = tellingRules[kind];
  return urgency === 'high' && waitsUntil(incident, new Date(at)) !== undefined ? 'low' : urgency;
}
