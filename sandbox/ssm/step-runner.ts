import { AwsError } from '../aws.ts';
import type { ScriptRequest, ScriptResult } from '../world/script.ts';
import {
  type AutomationSignal,
  type Iteration,
  type StepContext,
  StepFailedError,
  type StepResult,
} from './actions/action.ts';
import { findAction } from './actions/find-action.ts';
import type { AutomationExecution, StepExecution } from './automation-execution.ts';
import { fillReferences, type ResolveReference, spellValue } from './references.ts';
import { CancelledError, LoopStoppedError, type RunOptions, type StepEnd } from './run-options.ts';
import { fitsType, readStepOutputs } from './step-outputs.ts';
import { referencesOf } from './step-references.ts';

/** What a step needs of the automation around it. */
export interface StepSurroundings {
  readonly nextSignal: (limit: AbortSignal) => Promise<AutomationSignal>;
  readonly runInner: (loop: StepExecution, iteration: Iteration, limit: AbortSignal) => Promise<string | undefined>;
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html */
const DEFAULT_TIMEOUT_SECONDS = 3600;

class StepTimeoutError extends Error {
  override readonly name = 'StepTimeoutError' as const;
}

/** Runs single steps of one execution: every attempt, within the step's time limit. */
export class StepRunner {
  readonly #execution: AutomationExecution;
  readonly #options: RunOptions;
  readonly #around: StepSurroundings;

  constructor(execution: AutomationExecution, options: RunOptions, around: StepSurroundings) {
    this.#execution = execution;
    this.#options = options;
    this.#around = around;
  }

  /** Tries a step until it succeeds, `maxAttempts` are used up, or `limit` stops it. */
  async attempt(current: StepExecution, limit: AbortSignal): Promise<StepEnd> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { nextStep } = await this.#tryOnce(current, limit);
        delete current.failureMessage;
        return { status: 'Success', nextStep };
      } catch (error) {
        if (error instanceof CancelledError) return { status: 'Cancelled' };
        if (error instanceof LoopStoppedError) return endOfLoop(current, error);
        current.failureMessage = this.#explain(error);
        if (attempt >= current.step.maxAttempts)
          return { status: error instanceof StepTimeoutError ? 'TimedOut' : 'Failed' };
      }
    }
  }

  async #tryOnce(current: StepExecution, limit: AbortSignal): Promise<StepResult> {
    const { step } = current;
    const action = findAction(step.action);
    if (!action) throw new TypeError(`The action ${step.action} was let in and cannot run.`);
    const fill = (name: string, value: unknown) =>
      action.deferred?.includes(name) ? value : fillReferences(value, this.#resolve);
    current.inputs = Object.fromEntries(Object.entries(step.inputs).map(([name, value]) => [name, fill(name, value)]));
    const seconds = step.timeoutSeconds ?? action.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    const timedOut = new AbortController();
    const cancelTimer = this.#options.clock.schedule(seconds * 1000, `ssm step ${step.name} times out`, () =>
      timedOut.abort(new StepTimeoutError(`The step timed out after ${seconds} seconds`)),
    );
    try {
      const result = await action.run(this.#contextOf(current, AbortSignal.any([limit, timedOut.signal])));
      current.outputs = { ...current.outputs, ...result.outputs, ...readStepOutputs(step, result.response) };
      return result;
    } finally {
      cancelTimer();
    }
  }

  #contextOf(current: StepExecution, limit: AbortSignal): StepContext {
    const { clock, call } = this.#options;
    const { principal } = this.#execution;
    const label = `ssm step ${current.step.name}`;
    const holding = async <T>(work: () => Promise<T>): Promise<T> => {
      const answer = await clock.holding(label, work);
      limit.throwIfAborted();
      return answer;
    };
    return {
      step: current.step,
      inputs: current.inputs,
      now: () => clock.now(),
      call: (service, operation, input) => holding(() => call({ service, operation, input, principal })),
      sleep: (delayMs) => clock.sleep(delayMs, label, limit),
      nextSignal: () => {
        current.status = 'Waiting';
        return this.#around.nextSignal(limit);
      },
      fill: (value) => fillReferences(value, this.#resolve),
      setVariable: (name, value) => this.#setVariable(name, value),
      runInner: (iteration) => this.#around.runInner(current, iteration, limit),
      runScript: (request) => holding(() => this.#runScript({ ...request, ...this.#nameOf(current) })),
    };
  }

  readonly #resolve: ResolveReference = (reference) => {
    const { clock, region, account } = this.#options;
    return referencesOf(this.#execution, { nowMs: clock.now(), region, account })(reference);
  };

  #nameOf({ step }: StepExecution) {
    return { documentName: this.#execution.document.name, step: step.name };
  }

  async #runScript(request: ScriptRequest): Promise<ScriptResult> {
    const { scriptResult } = this.#options;
    if (!scriptResult) throw new StepFailedError(`Nobody describes what the script of ${request.step} returns`);
    return scriptResult(request);
  }

  #setVariable(name: string, value: unknown): void {
    const { document, variables } = this.#execution;
    const variable = document.content.variables[name];
    if (!variable) throw new StepFailedError(`The document has no variable ${name}`);
    if (!fitsType(variable.type, value))
      throw new StepFailedError(`The variable ${name} is a ${variable.type}, and ${JSON.stringify(value)} is none`);
    variables.set(name, value);
  }

  #explain(error: unknown): string {
    const cause = error instanceof Error ? error : new Error(spellValue(error));
    const isOwn = cause instanceof StepFailedError || cause instanceof StepTimeoutError || cause instanceof AwsError;
    if (!isOwn) this.#options.onFault(cause);
    const message = cause.message.replace(/\.$/, '');
    return `Step fails when it is Execute/Cancelling action. ${message}. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.`;
  }
}

/** A loop takes over how the step inside of it ended. */
function endOfLoop(loop: StepExecution, { message, end }: LoopStoppedError): StepEnd {
  const { status } = end.step;
  if (status !== 'Failed' && status !== 'TimedOut') return { status: 'Cancelled', inner: end };
  loop.failureMessage = message;
  return { status, inner: end };
}
