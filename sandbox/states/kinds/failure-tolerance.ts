import { StateError } from '../state-error.ts';

/** How many iterations of a Map may fail before the Map does. Without either limit, none may. */
export class FailureTolerance {
  readonly #total: number;
  readonly #count: number | undefined;
  readonly #percentage: number | undefined;
  #failed = 0;

  constructor(total: number, count: number | undefined, percentage: number | undefined) {
    this.#total = total;
    this.#count = count;
    this.#percentage = percentage;
  }

  /** Counts a failure of that many items and says whether the Map goes on. A `States.Runtime` failure it never survives. */
  takes(error: StateError, items = 1): boolean {
    if (error.details.error === 'States.Runtime' || !this.#isSet) return false;
    this.#failed += items;
    const percentage = (this.#failed / this.#total) * 100;
    return this.#failed <= (this.#count ?? this.#total) && percentage <= (this.#percentage ?? 100);
  }

  /** The error that the Map fails with. */
  replace(error: unknown): unknown {
    const isOwn = !(error instanceof StateError) || error.details.error === 'States.Runtime';
    if (isOwn || !this.#isSet) return error;
    const cause = 'The specified tolerated failure threshold was exceeded';
    return new StateError({ error: 'States.ExceedToleratedFailureThreshold', cause });
  }

  get #isSet(): boolean {
    return this.#count !== undefined || this.#percentage !== undefined;
  }
}
