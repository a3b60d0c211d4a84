import type { ScriptRequest, ScriptResult } from '../../world/script.ts';
import type { AutomationStep } from '../document-schema.ts';

/** How often a step looks whether what it waits for has come. */
export const POLL_MS = 5000;
/** How long a step may take that waits for people, for time, or for other steps. */
export const SEVEN_DAYS_SECONDS = 604_800;

/** A signal that somebody sent to a waiting step. */
export interface AutomationSignal {
  readonly type: 'Approve' | 'Reject' | 'Resume';
  readonly sender: string;
}

/** What a step works with: its filled inputs, and the ways out of it. */
export interface StepContext {
  readonly step: AutomationStep;
  readonly inputs: Readonly<Record<string, unknown>>;
  now(): number;
  /** Calls AWS as the automation's principal. Throws `AwsError`. */
  call(service: string, operation: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  /** Waits in virtual time; rejects when the step times out or is cancelled. */
  sleep(delayMs: number): Promise<void>;
  /** Waits, with the execution's status `Waiting`, until somebody sends a signal; rejects as `sleep` does. */
  nextSignal(): Promise<AutomationSignal>;
  /** Fills the references in a value with what they stand for now. Throws a `StepFailedError`. */
  fill(value: unknown): unknown;
  /** Gives one of the document's variables another value. Throws a `StepFailedError` for none, or another type. */
  setVariable(name: string, value: unknown): void;
  /** Runs the steps of a loop once, in order. Gives the step outside of the loop that one of them goes to, if any does. */
  runInner(iteration: Iteration): Promise<string | undefined>;
  /** Runs a script with the automation's principal. */
  runScript(request: Omit<ScriptRequest, 'documentName' | 'step'>): Promise<ScriptResult>;
}

/** One turn of a loop: `{{ <loop>.CurrentIteration }}` and, over a list, `{{ <loop>.CurrentIteratorValue }}`. */
export interface Iteration {
  /** Counts from 1. */
  readonly number: number;
  readonly value?: unknown;
}

/** What a step gave. */
export interface StepResult {
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** What the step's own selectors read. */
  readonly response?: unknown;
  /** The step to go to, whatever the document says. */
  readonly nextStep?: string;
}

/** One kind of automation step. */
export interface StepAction {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** True for an action that passes further inputs on to an API. */
  readonly isOpen?: boolean;
  /** True for an action whose response the step's own selectors may read. */
  readonly hasSelectors?: boolean;
  /** Inputs whose references it fills itself, when they have a value. */
  readonly deferred?: readonly string[];
  /** Outputs that it always has. */
  readonly outputs: readonly string[];
  /** @default 3600 */
  readonly timeoutSeconds?: number;
  run(context: StepContext): Promise<StepResult>;
}

/** Raised when a step fails for a reason of its own rather than an API's. */
export class StepFailedError extends Error {
  override readonly name = 'StepFailedError' as const;
}

/** An input as the text that it must be. Throws a `StepFailedError`. */
export function textInput(inputs: StepContext['inputs'], name: string): string {
  const value = inputs[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new StepFailedError(`The input ${name} must be a non-empty String, not ${JSON.stringify(value)}`);
}

/** An input as the list of texts that it must be; one text stands for a list of one. Throws a `StepFailedError`. */
export function listInput(inputs: StepContext['inputs'], name: string): readonly string[] {
  const value = [inputs[name]].flat();
  if (value.length > 0 && value.every((item) => typeof item === 'string')) return value;
  throw new StepFailedError(`The input ${name} must be a non-empty StringList, not ${JSON.stringify(inputs[name])}`);
}

/** An input as the object that it must be; empty when it is absent. Throws a `StepFailedError`. */
export function mapInput(inputs: StepContext['inputs'], name: string): Readonly<Record<string, unknown>> {
  const value = inputs[name] ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  throw new StepFailedError(`The input ${name} must be a StringMap, not ${JSON.stringify(value)}`);
}
