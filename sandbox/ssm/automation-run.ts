import { AwsError, type CallAws } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { type AutomationSignal, type StepContext, StepFailedError, type StepResult } from './actions/action.ts';
import { findAction } from './actions/find-action.ts';
import type { AutomationExecution, AutomationStatus, StepExecution } from './automation-execution.ts';
import { fillReferences, spellValue } from './references.ts';
import { SignalQueue } from './signal-queue.ts';
import { readStepOutputs } from './step-outputs.ts';
import { referencesOf } from './step-references.ts';

/** What a run stands in. */
export interface RunOptions {
  readonly clock: VirtualClock;
  readonly call: CallAws;
  readonly account: string;
  readonly region: string;
  readonly onStatus: (execution: AutomationExecution) => void;
  /** Told of what went wrong in the sandbox rather than in the automation. */
  readonly onFault: (fault: Error) => void;
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html */
const DEFAULT_TIMEOUT_SECONDS = 3600;

class StepTimeoutError extends Error {
  override readonly name = 'StepTimeoutError' as const;
}

class CancelledError extends Error {
  override readonly name = 'CancelledError' as const;
}

interface StepEnd {
  readonly status: 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';
  readonly nextStep?: string | undefined;
}

/** Takes one execution from step to step, in virtual time. */
export class AutomationRun {
  readonly execution: AutomationExecution;
  readonly #options: RunOptions;
  readonly #cancelled = new AbortController();
  readonly #signals = new SignalQueue();
  /** The first critical step that failed without ending the automation. */
  #failedCritical: StepExecution | undefined;
  #isCompleting = false;

  constructor(execution: AutomationExecution, options: RunOptions) {
    this.execution = execution;
    this.#options = options;
  }

  /** Ends the current step and the automation with it. */
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
    if (this.#cancelled.signal.aborted) return this.#finish('Cancelled');
    this.#setStatus('InProgress');
    let next = this.execution.steps[0];
    while (next) {
      const current = next;
      this.execution.current = current;
      const end = await this.#runStep(current);
      const ending = this.#endingOf(current, end);
      if (ending)
        return this.#finish(
          ending,
          current.failureMessage && `Step ${current.step.name} failed: ${current.failureMessage}`,
        );
      next = this.#isCompleting ? undefined : this.#follow(current, end);
    }
    const failed = this.#failedCritical;
    if (!failed) return this.#finish('Success');
    this.#finish('Failed', `Step ${failed.step.name} failed: ${failed.failureMessage ?? ''}`);
  }

  /** The status that the end of a step gives the whole automation, if it ends it. */
  #endingOf(current: StepExecution, { status }: StepEnd): AutomationStatus | undefined {
    if (status === 'Success') return undefined;
    if (status === 'Cancelled') return 'Cancelled';
    const { onFailure, isCritical } = current.step;
    if (onFailure === 'Abort') return status;
    if (onFailure === 'Cancel') return 'Cancelled';
    if (isCritical) this.#failedCritical ??= current;
    return undefined;
  }

  #follow({ step }: StepExecution, { status, nextStep }: StepEnd): StepExecution | undefined {
    const { steps } = this.execution;
    const jump = status === 'Success' ? undefined : /^step:(.*)$/.exec(step.onFailure)?.[1];
    const target = jump ?? nextStep ?? step.nextStep;
    if (target !== undefined) return steps.find((candidate) => candidate.step.name === target);
    return step.isEnd ? undefined : steps[steps.findIndex((candidate) => candidate.step === step) + 1];
  }

  async #runStep(current: StepExecution): Promise<StepEnd> {
    const { clock } = this.#options;
    current.status = 'InProgress';
    current.startedAt = clock.iso();
    const end = await this.#attempt(current);
    current.status = end.status;
    current.endedAt = clock.iso();
    if (this.execution.status === 'Waiting') this.#setStatus('InProgress');
    return end;
  }

  async #attempt(current: StepExecution): Promise<StepEnd> {
    const { step } = current;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { nextStep } = await this.#tryOnce(current);
        delete current.failureMessage;
        return { status: 'Success', nextStep };
      } catch (error) {
        if (error instanceof CancelledError) return { status: 'Cancelled' };
        current.failureMessage = this.#explain(error);
        if (attempt >= step.maxAttempts) return { status: error instanceof StepTimeoutError ? 'TimedOut' : 'Failed' };
      }
    }
  }

  async #tryOnce(current: StepExecution): Promise<StepResult> {
    const { clock, region, account } = this.#options;
    const { step } = current;
    const action = findAction(step.action);
    if (!action) throw new TypeError(`The action ${step.action} was let in and cannot run.`);
    const resolve = referencesOf(this.execution, { nowMs: clock.now(), region, account });
    current.inputs = Object.fromEntries(
      Object.entries(step.inputs).map(([name, value]) => [name, fillReferences(value, resolve)]),
    );
    const seconds = step.timeoutSeconds ?? action.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    const timedOut = new AbortController();
    const cancelTimer = clock.schedule(seconds * 1000, `ssm step ${step.name} times out`, () =>
      timedOut.abort(new StepTimeoutError(`The step timed out after ${seconds} seconds`)),
    );
    try {
      const result = await action.run(
        this.#contextOf(current, AbortSignal.any([this.#cancelled.signal, timedOut.signal])),
      );
      current.outputs = { ...result.outputs, ...readStepOutputs(step, result.response) };
      return result;
    } finally {
      cancelTimer();
    }
  }

  #contextOf(current: StepExecution, signal: AbortSignal): StepContext {
    const { clock, call } = this.#options;
    const { principal } = this.execution;
    return {
      step: current.step,
      inputs: current.inputs,
      now: () => clock.now(),
      call: async (service, operation, input) => {
        const answer = await clock.holding(`ssm step ${current.step.name}`, () =>
          call({ service, operation, input, principal }),
        );
        signal.throwIfAborted();
        return answer;
      },
      sleep: (delayMs) => clock.sleep(delayMs, `ssm step ${current.step.name}`, signal),
      nextSignal: () => {
        current.status = 'Waiting';
        this.#setStatus('Waiting');
        return this.#signals.next(signal);
      },
    };
  }

  #explain(error: unknown): string {
    const cause = error instanceof Error ? error : new Error(spellValue(error));
    const isOwn = cause instanceof StepFailedError || cause instanceof StepTimeoutError || cause instanceof AwsError;
    if (!isOwn) this.#options.onFault(cause);
    const message = cause.message.replace(/\.$/, '');
    return `Step fails when it is Execute/Cancelling action. ${message}. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.`;
  }

  #finish(status: AutomationStatus, failureMessage?: string): void {
    const { execution } = this;
    execution.outputs = outputsOf(execution);
    execution.endedAtMs = this.#options.clock.now();
    if (failureMessage) execution.failureMessage = failureMessage;
    this.#setStatus(status);
  }

  #setStatus(status: AutomationStatus): void {
    if (this.execution.status === status) return;
    this.execution.status = status;
    this.#options.onStatus(this.execution);
  }
}

function outputsOf({ document, steps }: AutomationExecution): Record<string, string[]> {
  const entries = document.content.outputs.map((reference): [string, string[]] => {
    const [name, output = ''] = reference.split('.');
    const value = steps.find(({ step }) => step.name === name)?.outputs[output];
    return [
      reference,
      value === undefined
        ? ['No output available yet because the step is not successfully executed']
        : [value].flat().map(spellValue),
    ];
  });
  return Object.fromEntries(entries);
}
