import type { Severity } from './alert.ts';
import type { ChangeRules } from './change-calendar.ts';
import type { DeployedCertificate } from './certificate.ts';
import type { Integration } from './integrations.ts';
import type { Mode, Priority } from './incident.ts';
import type { MaintenanceWindow, WeeklyHours } from './hours.ts';
import type { RundeckConfig } from './rundeck-jobs.ts';

/** Who owns alerts, and how they want to be called. */
export interface ServiceConfig {
  readonly id: string;
  readonly owner: string;
  /** An EventBridge pattern over the alert; a service without one owns what is left. */
  readonly match?: unknown;
  readonly priority: Readonly<Record<Severity, Priority>>;
  /** Name of the channel in `channels`. */
  readonly channel: string;
  /** When its people are called for what is not P1 or P2; at any time without it. */
  readonly support_hours?: WeeklyHours;
  readonly escalation: {
    /** How long automation that may act is given before a person is called. */
    readonly patience_seconds: number;
    readonly repeat_seconds: number;
    readonly times: number;
  };
}

/** When a runbook is the one: the first match wins, `default` stands last. */
export interface RunbookRoute {
  readonly id: string;
  readonly title: string;
  readonly mode: Mode;
  /** What a person does by hand, step by step. */
  readonly how: readonly string[];
  /** An EventBridge pattern over the alert. */
  readonly match: unknown;
  /** Why it only observes although its manifest lets it change something; absent where it was rehearsed as it is. */
  readonly uncertified?: string;
}

/** Alerts that this matches are given time to clear by themselves before they become an incident. */
export interface PauseRule {
  readonly id: string;
  readonly match: unknown;
  readonly seconds: number;
}

/** Alerts that this matches, and that have the same values at `by`, are one incident while it is open. */
export interface GroupRule {
  readonly id: string;
  readonly match: unknown;
  /** Dotted paths into the alert. */
  readonly by: readonly string[];
  /** Seconds after its opening in which an incident takes in more. */
  readonly window_seconds: number;
}

/** How much reaches a person: `config/triage.yaml` and `config/maintenance.yaml`. */
export interface TriageRules {
  readonly pause: readonly PauseRule[];
  /** Seconds that a cause must stay clear before its incident is resolved. */
  readonly settle_seconds: number;
  /** A cause that begins to fire `triggers` times within a time flaps: it must stay clear longer. */
  readonly flap: { readonly triggers: number; readonly within_seconds: number; readonly settle_seconds: number };
  readonly groups: readonly GroupRule[];
  /**
   * More new troubles than this within a minute are a storm: one incident, and nothing is changed by automation. As many
   * notices are one of their own, which stops nothing.
   */
  readonly storm: { readonly new_per_minute: number };
  readonly maintenance: readonly MaintenanceWindow[];
}

/** An SSM document of the stack as it was built, whether or not it was rehearsed. */
export interface BuiltDocument {
  readonly runbook: string;
  readonly name: string;
  /** Of its canonical form, as a certificate has it. */
  readonly sha256: string;
}

/** What the build puts beside each function as `config.json`. */
export interface DeployedConfig {
  readonly services: readonly ServiceConfig[];
  readonly routes: readonly RunbookRoute[];
  readonly triage: TriageRules;
  readonly changes: ChangeRules;
  /** The kinds of events of AWS that are heard beside its alarms, as `config/sources.yaml` names them. */
  readonly aws_events: readonly string[];
  /** Who may send alerts over HTTP. */
  readonly integrations: readonly Integration[];
  /** What each runbook was rehearsed with, by its id; one that was not has none, and may change nothing. */
  readonly certificates: Readonly<Record<string, DeployedCertificate>>;
  /** Nothing else is run under these names. */
  readonly documents: readonly BuiltDocument[];
  /** Where Rundeck is and what may be run there; absent where there is none. */
  readonly rundeck?: RundeckConfig;
  readonly channels: Readonly<Record<string, { readonly slack?: string | undefined }>>;
  readonly groups: Readonly<Record<string, readonly { readonly name: string; readonly slack: string }[]>>;
}
