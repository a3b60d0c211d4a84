import type { Json, JsonObject } from '../json.ts';
import type { StateFrame } from '../state-frame.ts';
import type { ErrorStyle } from './error-names.ts';

/** One attempt of a task, as its integration sees it. */
export interface TaskAttempt {
  readonly frame: StateFrame;
  /** What `Arguments` or `Parameters` made. */
  readonly parameters: Json;
  /** Aborted when the attempt timed out or is no longer wanted. */
  readonly signal: AbortSignal;
  /** Makes a call with the machine's role. Throws a `StateError` in the integration's style. */
  readonly call: (service: string, operation: string, input: JsonObject) => Promise<JsonObject>;
}

/** What a task does when it runs. */
export interface Integration {
  /** The names of the service and the action in history events. */
  readonly resourceType: string;
  readonly resource: string;
  readonly errors: ErrorStyle;
  /** Makes the call and gives its result as the state sees it. Throws a `StateError`. */
  readonly request: (attempt: TaskAttempt) => Promise<Json>;
  /** For jobs: waits until the job has ended and gives its result; `submitted` is what the call gave. */
  readonly follow?: (attempt: TaskAttempt, submitted: Json) => Promise<Json>;
  /** For jobs: stops the job that a call started, when the task is no longer wanted. */
  readonly stop?: (attempt: TaskAttempt, submitted: Json) => Promise<void>;
}
