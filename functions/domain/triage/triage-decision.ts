import type { EventAction, SuppressedBy } from '../alert.ts';
import type { Incident } from '../incident.ts';

/** Why an alert waits before it is decided about again. */
export const holdReasons = ['mute', 'maintenance', 'transient', 'settling', 'flapping'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** What is remembered of one `dedup_key`. */
export interface AlertMemory {
  /** ISO 8601 with milliseconds: the newest transition taken so far. */
  readonly last_at: string;
  readonly last_event_id: string;
  readonly last_action: EventAction;
  /** Hash of the alert itself, by which what comes back from waiting is known to be what was held. */
  readonly digest: string;
  /** When it began to fire, newest last; at most 20. What only says again that it fires is none of these. */
  readonly triggers: readonly string[];
  /** The newest transition waits: why, and until when (ISO 8601). */
  readonly held?: { readonly reason: HoldReason; readonly until: string };
  /** When it was attached to an incident that another alert opened (ISO 8601). */
  readonly attached_at?: string;
}

/** What triage knows when it decides: all it may look at beside the alert. */
export interface TriageContext {
  readonly now: Date;
  /** Undefined for a cause never seen before. */
  readonly memory: AlertMemory | undefined;
  /** What is remembered of the `incident_key`, for one contributor of an alarm. */
  readonly parentMemory?: AlertMemory | undefined;
  /** The newest incident of the alert's `incident_key`, open or resolved. */
  readonly incident: Incident | undefined;
  /** The newest incident of the alert's group. */
  readonly group?: Incident | undefined;
  /** The incident of the newest storm. */
  readonly storm?: Incident | undefined;
  /** New troubles within the last minute, this one counted; undefined while nobody has had to count. */
  readonly new_per_minute?: number | undefined;
  /** True when the alert comes back from having been held. */
  readonly released?: boolean;
  /** Whether other alerts of the same incident still fire. */
  readonly others_fire?: boolean;
}

/** The closed set of reasons; also the log field, the metric dimension and the line in the noise ledger. */
export type TriageReason =
  | SuppressedBy
  | HoldReason
  | 'duplicate'
  | 'late'
  | 'superseded'
  | 'new-trouble'
  | 'incident-open'
  | 'relapse'
  | 'worse'
  | 'grouped'
  | 'storm'
  | 'storm-began'
  | 'cleared'
  | 'alarm-deleted'
  | 'remediation-running'
  | 'contributor'
  | 'contributor-cleared'
  | 'others-firing'
  | 'acknowledged'
  | 'nothing-open';

/**
 * What becomes of an alert. `drop` writes nothing at all; `suppress` and `record` only remember it; `hold` decides again
 * at `until`, as does `clear` where it has one; `attach` makes it a member of an incident that another alert opened;
 * `worsen` makes its incident, or that of its group, more urgent.
 */
export interface TriageDecision {
  readonly decision:
    | 'drop'
    | 'suppress'
    | 'record'
    | 'hold'
    | 'open'
    | 'open-storm'
    | 'attach'
    | 'repeat'
    | 'join'
    | 'worsen'
    | 'acknowledge'
    | 'clear'
    | 'clear-member'
    | 'resolve';
  readonly reason: TriageReason;
  /** ISO 8601: when it is decided again. */
  readonly until?: string;
  /** Id of the incident that an `attach` or a `worsen` is to. */
  readonly into?: string;
}
