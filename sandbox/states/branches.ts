import { anySignal, openController } from './abort.ts';
import type { Branch } from './engine.ts';
import type { JsonObject } from './json.ts';
import { AbortedError } from './state-error.ts';
import { Variables } from './variables.ts';

/** Branches that run side by side inside a state and end together: the first failure aborts the others. */
export class BranchGroup {
  readonly #outer: Branch;
  readonly #controller = openController();
  readonly #signal: AbortSignal;
  readonly #running: Promise<unknown>[] = [];
  #failure: { readonly error: unknown; readonly last: number } | undefined;
  #last: number;

  constructor(outer: Branch) {
    this.#outer = outer;
    this.#signal = anySignal(outer.signal, this.#controller.signal);
    this.#last = outer.cursor.last;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined || this.#signal.aborted;
  }

  /** The last event of the branch that ended last. */
  get last(): number {
    return this.#last;
  }

  /** Makes a branch that reads the variables around it and keeps its own, starting after the event `last`. */
  open(last: number, mapItem?: JsonObject): Branch {
    const item = mapItem ?? this.#outer.mapItem;
    return {
      engine: this.#outer.engine,
      execution: this.#outer.execution,
      variables: new Variables(this.#outer.variables),
      cursor: { last },
      signal: this.#signal,
      ...(item && { mapItem: item }),
    };
  }

  /** Runs `work` in a branch of the group. */
  start(branch: Branch, work: () => Promise<void>): void {
    this.#running.push(this.#run(branch, work));
  }

  async #run(branch: Branch, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#last = branch.cursor.last;
    } catch (error) {
      this.#fail(error, branch.cursor.last);
    }
  }

  /** The first failure counts, and aborts the others. */
  #fail(error: unknown, last: number): void {
    if (this.#failure || error instanceof AbortedError) return;
    this.#failure = { error, last };
    this.#controller.abort(new AbortedError('A sibling branch failed.'));
  }

  /** Waits for every branch. Throws what the first failing one threw. */
  async end(): Promise<void> {
    let waited = 0;
    while (waited < this.#running.length) {
      waited = this.#running.length;
      await Promise.all(this.#running);
    }
    if (this.#outer.signal.aborted) throw this.#outer.signal.reason;
    if (!this.#failure) return;
    this.#last = this.#failure.last;
    throw this.#failure.error;
  }
}
