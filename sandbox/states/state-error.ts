import { type Json, nameType } from './json.ts';

/** What a `StateError` is made of. */
export interface StateErrorDetails {
  /** The error name that `ErrorEquals` matches; absent when a task failed without one. */
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  /** The field whose expression failed, such as `Output/result`. */
  readonly location?: string | undefined;
  /** Other names that `ErrorEquals` matches as well. */
  readonly aliases?: readonly string[] | undefined;
  /** True when the cause still lacks the sentence that names the state. */
  readonly isBare?: boolean | undefined;
  /** True when the sandbox could not answer: nothing may hide that. */
  readonly isOfSandbox?: boolean | undefined;
}

/** A failure inside an execution: what `Retry` and `Catch` see, and what fails the execution when neither takes it. */
export class StateError extends Error {
  override readonly name = 'StateError' as const;
  readonly details: StateErrorDetails;

  constructor(details: StateErrorDetails) {
    super(`${details.error ?? 'An error without a name'}: ${details.cause ?? 'no cause'}`);
    this.details = details;
  }

  /** The same failure with the sentence in front that Step Functions puts before causes of its own. */
  inState(stateName: string, enteredEventId: number): StateError {
    if (!this.details.isBare) return this;
    const where = `An error occurred while executing the state '${stateName}' (entered at the event id #${enteredEventId}).`;
    return new StateError({ ...this.details, cause: `${where} ${this.details.cause ?? ''}`, isBare: false });
  }
}

/** Raised inside a branch that is no longer wanted: its execution ended, or a sibling failed. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError' as const;
}

/** Raised by an Express execution that has gone round for longer than its five minutes would last. */
export class TimeSpentError extends Error {
  override readonly name = 'TimeSpentError' as const;
}

/** A `States.Runtime` failure: never retried, never caught. */
export function runtimeError(cause: string): StateError {
  return new StateError({ error: 'States.Runtime', cause, isBare: true });
}

/** The `States.Runtime` failure of a call that the sandbox cannot answer. */
export function sandboxError(error: unknown): StateError {
  const cause = error instanceof Error ? error.message : String(error);
  return new StateError({ error: 'States.Runtime', cause, isBare: true, isOfSandbox: true });
}

/** A `States.QueryEvaluationError`, with the field it happened in. */
export function queryEvaluationError(cause: string, location?: string): StateError {
  return new StateError({ error: 'States.QueryEvaluationError', cause, location, isBare: true });
}

/** The failure of a JSONata expression whose result is not of the type that its field needs. */
export function unexpectedType(template: Json, field: string, expected: string, value: Json): StateError {
  const source = typeof template === 'string' ? template.replace(/^\{%\s*|\s*%\}$/g, '') : JSON.stringify(template);
  const expectation = `returned an unexpected result type. Expected '${expected}', but was '${nameType(value)}'`;
  const what = `The JSONata expression '${source}' specified for the field '${field}'`;
  return queryEvaluationError(`${what} ${expectation} for value: ${JSON.stringify(value)}`, field);
}

/** A `States.DataLimitExceeded` failure of the named state or task. */
export function dataLimitError(name: string): StateError {
  const cause = `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return new StateError({ error: 'States.DataLimitExceeded', cause });
}
