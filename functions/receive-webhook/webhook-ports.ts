import type { EventBus } from '../adapters/event-bus.ts';
import type { WebhookFormat } from '../adapters/intake/webhook-format.ts';
import type { ReplayLog } from '../adapters/replay-log.ts';
import type { Integration } from '../domain/integrations.ts';
import type { Mapping } from '../domain/mapping.ts';
import type { LimitedJson } from '../domain/json-limits.ts';
import type { AuthenticationPorts } from './authenticate.ts';
import type { Intake, QuarantineReason } from './bus-events.ts';
import type { HttpAnswer, Sender } from './senders.ts';
import type { GetFromSns } from './sns-http.ts';

/** What the function stands in. */
export interface WebhookPorts extends AuthenticationPorts {
  readonly integrations: readonly Integration[];
  /** By their names. */
  readonly formats: ReadonlyMap<string, WebhookFormat>;
  /**
   * Requests whose alerts are on the bus. Asked before and taken after: a request that fails in between is not taken, so that
   * its sender's next try counts. Two copies at the same moment may both pass, and are one alert to triage.
   */
  readonly taken: Pick<ReplayLog, 'has' | 'takeOnce'>;
  readonly bus: Pick<EventBus, 'put'>;
  readonly getFromSns: GetFromSns;
  /** A UUID for an alert that its sender did not name. */
  readonly newId: () => string;
}

/** Where the audit lines go; the function's logger and metrics. */
export interface WebhookReport {
  readonly logger: Record<'info' | 'error', (message: string, extra: Record<string, unknown>) => void>;
  readonly count: (metric: string) => void;
}

/** What became of a request; the closed union behind the audit line and the metric. */
export type WebhookOutcome =
  | 'accepted'
  | 'quarantined'
  | 'replayed'
  | 'subscribed'
  | 'unknown-path'
  | 'method-refused'
  | 'type-refused'
  | 'too-large'
  | 'malformed'
  | 'unauthenticated'
  | 'throttled'
  | 'unavailable';

/** What became of a request, and how it is answered. */
export interface WebhookResult {
  readonly outcome: WebhookOutcome;
  readonly answer: HttpAnswer;
  readonly integration?: string;
  /** How many pieces are on the bus. */
  readonly pieces?: number;
  readonly reason?: QuarantineReason;
}

/** A request of a known sender, on its way to the bus. */
export interface Admitted extends Intake {
  readonly sender: Sender;
  /** Of the format `custom`: how its bodies are taken apart. */
  readonly mapping?: Mapping;
  readonly json: LimitedJson;
  /** The body, as quarantine shows it. */
  readonly text: string;
}
