import { stableUuid } from '../stable-id.ts';
import type { AutomationSignal, Iteration } from './actions/action.ts';
import { innerSteps } from './actions/loop.ts';
import {
  type AutomationExecution,
  type AutomationStatus,
  findStep,
  type StepExecution,
} from './automation-execution.ts';
import { spellValue } from './references.ts';
import { CancelledError, LoopStoppedError, type RunOptions, type StepEnd, type Stopped } from './run-options.ts';
import { stepNamed } from './step-references.ts';
import { SignalQueue } from './signal-queue.ts';
import { StepRunner } from './step-runner.ts';

/** How long the steps of `onCancel` may run together: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html */
const CANCELLATION_MS = 120_000;

/** How a row of steps came to its end: at its last step, at a step that stands elsewhere, or for good. */
interface RowEnd {
  readonly goTo?: string;
  readonly stopped?: Stopped;
}

/** Takes one execution from step to step, in virtual time. */
export class AutomationRun {
  readonly execution: AutomationExecution;
  readonly #options: RunOptions;
  readonly #runner: StepRunner;
  readonly #cancelled = new AbortController();
  readonly #signals = new SignalQueue();
  /** The first critical step that failed without ending the automation. */
  #failedCritical: StepExecution | undefined;
  #isCompleting = false;

  constructor(execution: AutomationExecution, options: RunOptions) {
    this.execution = execution;
    this.#options = options;
    this.#runner = new StepRunner(execution, options, {
      nextSignal: (limit) => {
        this.#setStatus('Waiting');
        return this.#signals.next(limit);
      },
      runInner: (loop, iteration, limit) => this.#runInner(loop, iteration, limit),
    });
  }

  /** Ends the current step and the automation with it; where that step says so in `onCancel`, other steps run first. */
  cancel(): void {
    this.#setStatus('Cancelling');
    this.#cancelled.abort(new CancelledError('The automation was cancelled'));
  }

  /** Lets the current step end and starts no other. */
  complete(): void {
    this.#isCompleting = true;
  }

  /** Hands a signal to the step that waits. */
  signal(signal: AutomationSignal): void {
    this.#signals.send(signal);
  }

  async run(): Promise<void> {
    const { signal } = this.#cancelled;
    if (signal.aborted) return this.#finish('Cancelled');
    this.#setStatus('InProgress');
    const { stopped } = await this.#runRow(this.execution.steps, signal);
    if (stopped && signal.aborted) await this.#clearUp(stopped.step);
    if (stopped) return this.#finish(stopped.status, stopped.step);
    this.#finish(this.#failedCritical ? 'Failed' : 'Success', this.#failedCritical);
  }

  /** Runs a row of steps from one of them on, until `limit` stops it. */
  async #runRow(row: readonly StepExecution[], limit: AbortSignal, first = row[0]): Promise<RowEnd> {
    let next = first;
    while (next) {
      const current: StepExecution = next;
      const end = await this.#runStep(current, limit);
      const stopped = end.inner ?? this.#stopOf(current, end);
      if (stopped) return { stopped };
      const target = targetOf(current, end);
      if (this.#isCompleting) return {};
      next = target === undefined ? following(current, row) : row.find(({ step }) => step.name === target);
      if (target !== undefined && !next) return { goTo: target };
    }
    return {};
  }

  async #runStep(current: StepExecution, limit: AbortSignal): Promise<StepEnd> {
    const { clock } = this.#options;
    this.execution.current = current;
    current.status = 'InProgress';
    current.startedAt = clock.iso();
    const end = await this.#runner.attempt(current, limit);
    current.status = end.status;
    current.endedAt = clock.iso();
    if (this.execution.status === 'Waiting') this.#setStatus('InProgress');
    return end;
  }

  async #runInner(loop: StepExecution, { number, value }: Iteration, limit: AbortSignal): Promise<string | undefined> {
    loop.outputs = { CurrentIteration: number, ...(value !== undefined && { CurrentIteratorValue: value }) };
    const parent = { loop, iteration: number, value };
    const row = innerSteps(loop.step).map(
      (step): StepExecution => ({
        step,
        id: stableUuid(`${loop.id}:${number}:${step.name}`),
        status: 'Pending',
        inputs: {},
        outputs: {},
        parent,
      }),
    );
    loop.inner = [...(loop.inner ?? []), ...row];
    const { stopped, goTo } = await this.#runRow(row, limit);
    this.execution.current = loop;
    if (stopped) throw new LoopStoppedError(stopped);
    return goTo;
  }

  /** Runs what the cancelled step names in `onCancel`, and whatever follows it. The automation stays cancelled. */
  async #clearUp({ step }: StepExecution): Promise<void> {
    const { steps } = this.execution;
    const first = steps.find(({ step: { name } }) => name === stepNamed(step.onCancel));
    if (!first) return;
    const tooLong = new AbortController();
    const cancelTimer = this.#options.clock.schedule(CANCELLATION_MS, 'ssm cancellation times out', () =>
      tooLong.abort(new CancelledError('The steps of onCancel took too long')),
    );
    await this.#runRow(steps, tooLong.signal, first);
    cancelTimer();
  }

  /** The status that the end of a step gives the whole automation, if it ends it. */
  #stopOf(step: StepExecution, { status }: StepEnd): Stopped | undefined {
    if (status === 'Success') return undefined;
    if (status === 'Cancelled') return { status, step };
    const { onFailure, isCritical } = step.step;
    if (onFailure === 'Abort') return { status, step };
    if (onFailure === 'Cancel') return { status: 'Cancelled', step };
    if (isCritical) this.#failedCritical ??= step;
    return undefined;
  }

  #finish(status: AutomationStatus, because?: StepExecution): void {
    const { execution } = this;
    execution.outputs = outputsOf(execution);
    execution.endedAtMs = this.#options.clock.now();
    if (because?.failureMessage)
      execution.failureMessage = `Step ${because.step.name} failed: ${because.failureMessage}`;
    this.#setStatus(status);
  }

  #setStatus(status: AutomationStatus): void {
    if (this.execution.status === status) return;
    this.execution.status = status;
    this.#options.onStatus(this.execution);
  }
}

/** The step that a step goes to by name, wherever it stands. */
function targetOf({ step }: StepExecution, { status, nextStep }: StepEnd): string | undefined {
  const jump = status === 'Success' ? undefined : stepNamed(step.onFailure);
  return jump ?? nextStep ?? step.nextStep;
}

/** The step that comes after another in order. */
function following(current: StepExecution, row: readonly StepExecution[]): StepExecution | undefined {
  return current.step.isEnd ? undefined : row[row.indexOf(current) + 1];
}

function outputsOf(execution: AutomationExecution): Record<string, string[]> {
  const entries = execution.document.content.outputs.map((reference): [string, string[]] => {
    const [name, output = ''] = reference.split('.');
    const value = findStep(execution, name)?.outputs[output];
    return [
      reference,
      value === undefined
        ? ['No output available yet because the step is not successfully executed']
        : [value].flat().map(spellValue),
    ];
  });
  return Object.fromEntries(entries);
}
