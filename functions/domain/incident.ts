import type { Alert, Severity } from './alert.ts';
import type { WeeklyHours } from './hours.ts';

/** What a runbook may do: look and propose, change after a named person agrees, or change at once inside its guards. */
export const modes = ['observe', 'approve', 'act'] as const;
export type Mode = (typeof modes)[number];

/** `P1` is answered first. */
export const priorities = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Priority = (typeof priorities)[number];

export type IncidentStatus = 'triggered' | 'acknowledged' | 'resolved';

/** Where the remediation of an incident stands. */
export type RemediationState =
  | 'none'
  | 'proposed'
  | 'awaiting-approval'
  | 'running'
  | 'recovered'
  | 'unproven'
  | 'contained'
  | 'refused'
  | 'failed'
  | 'not-helped'
  | 'undone';

/** One trouble from the first alert to the last word about it. */
export interface Incident {
  /** `inc-` and 20 hex digits, derived from the first alert: the same event opens nothing new. */
  readonly id: string;
  readonly status: IncidentStatus;
  readonly priority: Priority;
  readonly service: string;
  readonly runbook: string;
  readonly mode: Mode;
  readonly title: string;
  readonly alert: Alert;
  /** How bad its cause has become, where that is worse than the alert that opened it. */
  readonly severity?: Severity;
  /** Whether the alert still fires. */
  readonly symptom: 'firing' | 'clear';
  readonly remediation: RemediationState;
  /** Until when its repair keeps others from the target, unless it gives it back before: the end of the lease. */
  readonly locked_until?: string;
  /** ISO 8601 with milliseconds, like every time below. */
  readonly opened_at: string;
  /** Key of the group whose alerts are its members, or `storm`; absent where it is about one alert alone. */
  readonly group?: string;
  /** When people are called to it, unless it is P1 or P2; at any time without them. */
  readonly support_hours?: WeeklyHours;
  readonly acknowledged_at?: string;
  readonly acknowledged_by?: string;
  readonly resolved_at?: string;
  readonly closed_at?: string;
  /** Raised by one with every timeline entry; a write that saw an older one is refused and tried again. */
  readonly version: number;
}

/** What can happen in an incident; the closed union behind the timeline, the messages and the metrics. */
export const entryKinds = [
  'triggered',
  'diagnosed',
  'proposed',
  'approval-requested',
  'approved',
  'approval-refused',
  'remediation-refused',
  'automation-started',
  'automation-failed',
  'handsoff-failed',
  'cleared',
  'relapsed',
  'worsened',
  'not-helped',
  'undone',
  'contained',
  'unproven',
  'acknowledged',
  'escalated',
  'needs-human',
  'given-up',
  'resolved',
  'closed',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** One thing a diagnostic learned. */
export interface Finding {
  /** The diagnostic's name, such as `instance-status`. */
  readonly diagnostic: string;
  /** `failed`: the diagnostic itself could not look; it never stops the others. */
  readonly verdict: 'healthy' | 'unhealthy' | 'unknown' | 'failed';
  /** One sentence for a person. */
  readonly summary: string;
  /** What the sentence rests on; cut to a few KB, with a marker where it was cut. */
  readonly evidence?: unknown;
}

/** One line of an incident's timeline. */
export interface TimelineEntry {
  /** The kind, and `#<key>` where a kind can happen more than once: writing an id twice is a no-op. */
  readonly id: string;
  readonly kind: EntryKind;
  /** Position in the timeline: the incident's version that it made. */
  readonly seq: number;
  readonly at: string;
  /** One sentence for a person. Text from outside is data here and is escaped where it is shown. */
  readonly text: string;
  /** Who did it: a person, `runbook:<id>`, or `handsoff`. */
  readonly by: string;
  readonly findings?: readonly Finding[];
  /** For `approval-requested`: the opaque id that a button carries, and until when it may be used (ISO 8601). */
  readonly approval?: { readonly id: string; readonly expires_at: string; readonly approvers: readonly string[] };
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A line before it stands in a timeline. */
export type NewEntry = Omit<TimelineEntry, 'seq' | 'at'>;

/** One more line, and what it makes of its incident. */
export interface TimelineChange {
  readonly entry: NewEntry;
  readonly patch: Partial<Omit<Incident, 'id' | 'version'>>;
}

/** How bad the cause of an incident is, or was at its worst. */
export function severityOf({ severity, alert }: Pick<Incident, 'severity' | 'alert'>): Severity {
  return severity ?? alert.payload.severity;
}

/** What an incident's remediation is after something was changed without proof that it helped. */
export const afterChange: readonly RemediationState[] = ['unproven', 'failed', 'not-helped', 'undone', 'contained'];

/** Whether a repair was refused, or was tried and left the trouble to people. */
export function hasEndedBadly({ remediation }: Pick<Incident, 'remediation'>): boolean {
  return remediation === 'refused' || afterChange.includes(remediation);
}
