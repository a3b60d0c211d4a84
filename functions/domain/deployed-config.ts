import type { Severity } from './alert.ts';
import type { Mode, Priority } from './incident.ts';

/** Who owns alerts, and how they want to be called. */
export interface ServiceConfig {
  readonly id: string;
  readonly owner: string;
  /** An EventBridge pattern over the alert; a service without one owns what is left. */
  readonly match?: unknown;
  readonly priority: Readonly<Record<Severity, Priority>>;
  /** Name of the channel in `channels`. */
  readonly channel: string;
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
}

/** What the build puts beside each function as `config.json`. */
export interface DeployedConfig {
  readonly services: readonly ServiceConfig[];
  readonly routes: readonly RunbookRoute[];
  readonly channels: Readonly<Record<string, { readonly slack?: string | undefined }>>;
  readonly groups: Readonly<Record<string, readonly { readonly name: string; readonly slack: string }[]>>;
}
