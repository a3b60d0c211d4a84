import { BranchGroup } from '../branches.ts';
import type { Branch } from '../engine.ts';
import { toErrorOutput } from '../error-output.ts';
import type { Json, JsonObject } from '../json.ts';
import { AbortedError, runtimeError, StateError } from '../state-error.ts';
import type { StateFrame, Step } from '../state-frame.ts';
import { isDistributed, runDistributedMap } from './distributed-map.ts';
import { FailureTolerance } from './failure-tolerance.ts';
import { describeItems } from './map-items.ts';

/** Most iterations that an inline Map runs at once. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const MAX_INLINE_CONCURRENCY = 40;

/** Runs a Map: its processor for each item, inside this execution or in executions of their own. */
export function runMap(frame: StateFrame): Promise<Step> {
  return isDistributed(frame.state) ? runDistributedMap(frame) : runInlineMap(frame);
}

/** The result is the outputs in the order of the items. */
async function runInlineMap(frame: StateFrame): Promise<Step> {
  const { state, language, branch } = frame;
  const input = language.selectInput(frame);
  const items = describeItems(await language.readItems(frame, input));
  const concurrency = (await language.readNumber(frame, 'MaxConcurrency', input)) || MAX_INLINE_CONCURRENCY;
  const tolerance = new FailureTolerance(
    items.length,
    await language.readNumber(frame, 'ToleratedFailureCount', input),
    await language.readNumber(frame, 'ToleratedFailurePercentage', input),
  );
  const { history } = branch.execution;
  history.add(branch.cursor, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
  const run = new MapRun(frame, input, items, tolerance);
  const result = await run.runAll(Math.min(concurrency, MAX_INLINE_CONCURRENCY));
  history.append(branch.cursor.last, 'MapStateSucceeded');
  return { ...(await language.finish(frame, input, result)), next: state.Next };
}

class MapRun {
  readonly #frame: StateFrame;
  readonly #input: Json;
  readonly #items: readonly JsonObject[];
  readonly #tolerance: FailureTolerance;
  readonly #group: BranchGroup;
  readonly #results = new Map<number, Json>();
  #next = 0;

  constructor(frame: StateFrame, input: Json, items: readonly JsonObject[], tolerance: FailureTolerance) {
    this.#frame = frame;
    this.#input = input;
    this.#items = items;
    this.#tolerance = tolerance;
    this.#group = new BranchGroup(frame.branch);
  }

  /** Gives the outputs in the order of the items; an iteration whose failure is tolerated gives its error output. */
  async runAll(concurrency: number): Promise<Json> {
    const started = this.#frame.branch.cursor.last;
    for (let slot = 0; slot < concurrency; slot += 1) this.#startNext(started);
    try {
      await this.#group.end();
    } finally {
      this.#frame.branch.cursor.last = this.#group.last;
    }
    return this.#items.map((_, index) => this.#results.get(index) ?? null);
  }

  #startNext(after: number): void {
    const index = this.#next;
    const item = this.#items[index];
    if (!item || this.#group.hasFailed) return;
    this.#next += 1;
    const branch = this.#group.open(after, item);
    this.#group.start(branch, async () => {
      const ended = await this.#runIteration(branch, index, item);
      this.#startNext(branch.cursor.last);
      branch.cursor.last = ended;
    });
  }

  /** Gives the event that ended the iteration, which only the end of the Map follows. */
  async #runIteration(branch: Branch, index: number, item: JsonObject): Promise<number> {
    const { state, name, language } = this.#frame;
    const { history } = branch.execution;
    const details = { index, name };
    history.add(branch.cursor, 'MapIterationStarted', { mapIterationStartedEventDetails: details });
    // The selector belongs to the Map: its failures are the Map's own.
    const input = await language.makeItemInput(this.#frame, this.#input, item);
    try {
      const body = state.ItemProcessor ?? state.Iterator;
      if (!body) throw runtimeError('The Map state has no ItemProcessor.');
      this.#results.set(index, await branch.engine.runBody(body, input, branch));
      return history.append(branch.cursor.last, 'MapIterationSucceeded', {
        mapIterationSucceededEventDetails: details,
      });
    } catch (error) {
      return this.#noteFailure(branch, details, error);
    }
  }

  #noteFailure(branch: Branch, details: { readonly index: number; readonly name: string }, error: unknown): number {
    const { history } = branch.execution;
    const isAborted = error instanceof AbortedError;
    const type = isAborted ? 'MapIterationAborted' : 'MapIterationFailed';
    const key = isAborted ? 'mapIterationAbortedEventDetails' : 'mapIterationFailedEventDetails';
    const ended = history.append(branch.cursor.last, type, { [key]: details });
    if (!(error instanceof StateError) || !this.#tolerance.takes(error)) throw this.#tolerance.replace(error);
    this.#results.set(details.index, toErrorOutput(error));
    return ended;
  }
}
