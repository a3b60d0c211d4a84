import type { Retrier } from './definition.ts';
import { matchesError } from './error-matching.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { StateError } from './state-error.ts';

/** Counts the retries of one visit of a state: each retrier by itself. */
export class RetryPolicy {
  readonly #retriers: readonly Retrier[];
  readonly #random: SeededRandom;
  readonly #made = new Map<Retrier, number>();

  constructor(retriers: readonly Retrier[], random: SeededRandom) {
    this.#retriers = retriers;
    this.#random = random;
  }

  /** How long to wait before the next attempt, in milliseconds, or `undefined` when there is to be none. */
  next(error: StateError): number | undefined {
    const retrier = this.#retriers.find((candidate) => matchesError(candidate.ErrorEquals, error));
    if (!retrier) return undefined;
    const made = this.#made.get(retrier) ?? 0;
    if (made >= (retrier.MaxAttempts ?? 3)) return undefined;
    this.#made.set(retrier, made + 1);
    return this.#delay(retrier, made) * 1000;
  }

  #delay(retrier: Retrier, made: number): number {
    const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
    const seconds = Math.min(IntervalSeconds * BackoffRate ** made, MaxDelaySeconds);
    return retrier.JitterStrategy === 'FULL' ? this.#random.next() * seconds : seconds;
  }
}
