import type { Alert } from './alert.ts';

/** One field of an event that is not what its format promises. */
export interface FieldError {
  /** Path from the event's root, such as `detail.state.timestamp`. */
  readonly path: string;
  readonly message: string;
}

/** Why an event is understood and yet no alert. */
export type NoiseReason =
  | 'insufficient-data'
  | 'configuration-update'
  | 'scaling-alarm'
  | 'not-a-failure'
  | 'informational'
  | 'test-notification';

/** Something that was changed in a service: kept beside its incidents, never told by itself. */
export interface Change {
  readonly summary: string;
  readonly source: string;
  /** ISO 8601 with milliseconds. */
  readonly timestamp: string;
  readonly custom_details: Readonly<Record<string, unknown>>;
  readonly links: Alert['links'];
  /** The integration or event source that it came from. */
  readonly integration: string;
  /** The sender's id of the event. */
  readonly event_id: string;
}

/** What an adapter makes of an event: an alert, known noise, or poison with every field error at once. */
export type Normalised =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'noise'; readonly reason: NoiseReason }
  | { readonly kind: 'poison'; readonly errors: readonly FieldError[] };
