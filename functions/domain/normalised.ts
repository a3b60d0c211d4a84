import type { Alert } from './alert.ts';

/** One field of an event that is not what its format promises. */
export interface FieldError {
  /** Path from the event's root, such as `detail.state.timestamp`. */
  readonly path: string;
  readonly message: string;
}

/** Why an event is understood and yet no alert. */
export type NoiseReason = 'insufficient-data' | 'configuration-update';

/** What an adapter makes of an event: an alert, known noise, or poison with every field error at once. */
export type Normalised =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'noise'; readonly reason: NoiseReason }
  | { readonly kind: 'poison'; readonly errors: readonly FieldError[] };
