import { BranchGroup } from '../branches.ts';
import type { StateDefinition } from '../definition.ts';
import type { Branch } from '../engine.ts';
import { toErrorOutput } from '../error-output.ts';
import type { Json } from '../json.ts';
import { StateError } from '../state-error.ts';
import type { StateFrame, Step } from '../state-frame.ts';
import { runChild } from './child-execution.ts';
import { FailureTolerance } from './failure-tolerance.ts';
import { type Batch, batchItems } from './item-batches.ts';
import { readDataset } from './item-reader.ts';
import { describeItems } from './map-items.ts';

/** Most child executions that a Map runs at once. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html */
const MAX_CHILDREN = 10_000;

/** True for a Map whose iterations are executions of their own. */
export function isDistributed({ ItemProcessor, Iterator }: StateDefinition): boolean {
  return (ItemProcessor ?? Iterator)?.ProcessorConfig?.Mode === 'DISTRIBUTED';
}

/**
 * Runs a distributed Map: its processor as a child execution for each item or batch; the result is their outputs in order.
 * No child may fail unless the Map tolerates it. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export async function runDistributedMap(frame: StateFrame): Promise<Step> {
  const { state, language, branch } = frame;
  const { history } = branch.execution;
  const input = language.selectInput(frame);
  const given = state.ItemReader ? undefined : describeItems(await language.readItems(frame, input));
  const started = history.append(branch.cursor.last, 'MapStateStarted', {
    mapStateStartedEventDetails: { length: given?.length ?? 0 },
  });
  const concurrency = (await language.readNumber(frame, 'MaxConcurrency', input)) || MAX_CHILDREN;
  const count = await language.readNumber(frame, 'ToleratedFailureCount', input);
  const percentage = await language.readNumber(frame, 'ToleratedFailurePercentage', input);
  branch.cursor.last = started;
  const result = await noteMapRun(frame, async (label) => {
    const items = given ?? describeItems(await readDataset(frame, input));
    const selected: Json[] = [];
    for (const item of items) selected.push(await language.makeItemInput(frame, input, item));
    const batches = await batchItems(frame, selected, input);
    const least = count === undefined && percentage === undefined ? 0 : count;
    const tolerance = new FailureTolerance(items.length, least, percentage);
    return new MapRun(frame, label, batches, tolerance).runAll(Math.min(concurrency, MAX_CHILDREN));
  });
  history.append(branch.cursor.last, 'MapStateSucceeded');
  return { ...(await language.finish(frame, input, result)), next: state.Next };
}

/** Puts the events of the Map Run around `work`, which is given the label in its ARN. */
async function noteMapRun(frame: StateFrame, work: (label: string) => Promise<Json>): Promise<Json> {
  const { engine, execution, cursor } = frame.branch;
  const label = frame.state.Label ?? engine.random.uuid();
  const machineArn = execution.machine.arn.replace(':stateMachine:', ':mapRun:');
  const mapRunArn = `${machineArn}/${label}:${engine.random.uuid()}`;
  execution.history.add(cursor, 'MapRunStarted', { mapRunStartedEventDetails: { mapRunArn } });
  try {
    const result = await work(label);
    execution.history.add(cursor, 'MapRunSucceeded');
    return result;
  } catch (error) {
    if (error instanceof StateError) {
      const { error: name, cause } = error.details;
      execution.history.add(cursor, 'MapRunFailed', { mapRunFailedEventDetails: { error: name, cause } });
    }
    throw error;
  }
}

class MapRun {
  readonly #frame: StateFrame;
  readonly #label: string;
  readonly #batches: readonly Batch[];
  readonly #tolerance: FailureTolerance;
  readonly #group: BranchGroup;
  readonly #results = new Map<number, Json>();
  #next = 0;

  constructor(frame: StateFrame, label: string, batches: readonly Batch[], tolerance: FailureTolerance) {
    this.#frame = frame;
    this.#label = label;
    this.#batches = batches;
    this.#tolerance = tolerance;
    this.#group = new BranchGroup(frame.branch);
  }

  /** Gives the outputs in the order of the batches; a child whose failure is tolerated gives its error output. */
  async runAll(concurrency: number): Promise<Json> {
    for (let slot = 0; slot < Math.min(concurrency, this.#batches.length); slot += 1) this.#startNext();
    await this.#group.end();
    return this.#batches.map((_, index) => this.#results.get(index) ?? null);
  }

  #startNext(): void {
    const index = this.#next;
    const batch = this.#batches[index];
    if (!batch || this.#group.hasFailed) return;
    this.#next += 1;
    const slot = this.#group.open(this.#frame.branch.cursor.last);
    this.#group.start(slot, async () => {
      this.#results.set(index, await this.#run(slot, batch));
      this.#startNext();
    });
  }

  async #run(slot: Branch, batch: Batch): Promise<Json> {
    try {
      return await runChild(this.#frame, slot, this.#label, batch.input);
    } catch (error) {
      if (!(error instanceof StateError) || error.details.isOfSandbox) throw error;
      // Of a child, the Map sees only that it failed: no error of its own is beyond tolerance.
      const counted = new StateError({ ...error.details, error: 'States.TaskFailed' });
      if (!this.#tolerance.takes(counted, batch.size)) throw this.#tolerance.replace(counted);
      return toErrorOutput(error);
    }
  }
}
