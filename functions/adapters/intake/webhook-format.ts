import { type Fields, isRecord } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';

/** How one piece of a request came to Handsoff. */
export interface Receipt {
  /** Id of the integration in `config/sources.yaml` that let it in. */
  readonly integration: string;
  /** Id of the event on the bus; the same piece sent again by its sender has another. */
  readonly event_id: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601 with milliseconds. */
  readonly received_at: string;
}

/** What a request's body comes to: one self-contained piece for each alert, or every error at once. */
export type Split =
  | { readonly kind: 'pieces'; readonly pieces: readonly Fields[] }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

/** A format in which tools send alerts over HTTP. Both functions are pure and never throw. */
export interface WebhookFormat {
  /** As `config/sources.yaml` spells it, and as the `source` of its events ends: `handsoff.<name>`. */
  readonly name: string;
  /** Takes a parsed body apart. What it answers goes on the bus piece by piece, and is all that `normalise` sees. */
  split(body: unknown): Split;
  /** Normalises one piece. */
  normalise(piece: Fields, receipt: Receipt): Normalised;
}

/**
 * A format whose body is one alert. `errorsOf` says all that is wrong with a body, which its sender hears at once, and
 * what `read` gets has none of it.
 */
export function formatOfOne(
  name: string,
  errorsOf: (body: Fields) => readonly FieldError[],
  read: WebhookFormat['normalise'],
): WebhookFormat {
  return {
    name,
    split: (body) => {
      if (!isRecord(body))
        return { kind: 'invalid', errors: [{ path: '', message: 'The body is not a JSON object.' }] };
      const errors = errorsOf(body);
      return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'pieces', pieces: [body] };
    },
    normalise: (piece, receipt) => {
      const errors = errorsOf(piece);
      return errors.length > 0 ? { kind: 'poison', errors } : read(piece, receipt);
    },
  };
}
