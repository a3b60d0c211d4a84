import { openController } from './abort.ts';
import type { Branch, Engine, ExecutionPosition, RunningExecution } from './engine.ts';
import { History, type HistoryEvent, startCursor } from './history.ts';
import type { Json } from './json.ts';
import { MAX_EXPRESS_MS, MAX_STANDARD_MS } from './limits.ts';
import type { Machine } from './machine.ts';
import { AbortedError, StateError, TimeSpentError } from './state-error.ts';
import { Variables } from './variables.ts';

/** Where an execution stands. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution as it can be looked at from outside. */
export interface ExecutionView {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly status: ExecutionStatus;
  /** The input as the JSON text it was started with. */
  readonly input: string;
  /** The output as JSON text, once it succeeded. */
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Epoch milliseconds of virtual time. */
  readonly startDate: number;
  readonly stopDate: number | undefined;
  /** States entered and retries made. */
  readonly transitions: number;
  readonly history: readonly HistoryEvent[];
  /** The state that it entered last, of those of the machine itself. */
  readonly position: ExecutionPosition | undefined;
  /** The execution that started this one. */
  readonly parent?: string | undefined;
}

/** What an execution is started with. */
export interface ExecutionStart {
  readonly arn: string;
  readonly name: string;
  readonly machine: Machine;
  /** JSON text. */
  readonly inputText: string;
  readonly input: Json;
  /** Where it begins. @default - at `StartAt`, with its input */
  readonly position?: ExecutionPosition | undefined;
}

interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

const ENDINGS = {
  SUCCEEDED: ['ExecutionSucceeded', 'executionSucceededEventDetails'],
  FAILED: ['ExecutionFailed', 'executionFailedEventDetails'],
  TIMED_OUT: ['ExecutionTimedOut', 'executionTimedOutEventDetails'],
  ABORTED: ['ExecutionAborted', 'executionAbortedEventDetails'],
} as const;

/** One execution of a state machine. It runs by itself once begun, and tells `onChange` when its status changes. */
export class Execution {
  readonly #engine: Engine;
  readonly #start: ExecutionStart;
  readonly #startDate: number;
  readonly #running: RunningExecution;
  readonly #cursor = startCursor();
  readonly #controller = openController();
  readonly #onChange: (view: ExecutionView) => void;
  readonly #cancelTimeout: () => void;
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => {};
  #ending: Ending | undefined;
  #stopDate: number | undefined;
  parent: string | undefined;

  constructor(engine: Engine, start: ExecutionStart, onChange: (view: ExecutionView) => void) {
    const { arn, name, machine, input } = start;
    this.#engine = engine;
    this.#start = start;
    this.#onChange = onChange;
    this.#startDate = engine.clock.now();
    const history = new History(() => engine.clock.iso(), machine.type === 'EXPRESS');
    this.#running = { arn, name, machine, input, startedAt: engine.clock.iso(), history, transitions: 0 };
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#cancelTimeout = engine.clock.schedule(limitOf(machine), `timeout of ${arn}`, () => this.#timeOut());
  }

  /** Starts the execution. */
  begin(): void {
    const { inputText, machine } = this.#start;
    this.#running.history.append(0, 'ExecutionStarted', {
      executionStartedEventDetails: { input: inputText, inputDetails: { truncated: false }, roleArn: machine.roleArn },
    });
    this.#onChange(this.view());
    void this.#run();
  }

  /** Ends the execution as aborted, unless it has ended. */
  stop(error: string | undefined, cause: string | undefined): void {
    this.#end({ status: 'ABORTED', error, cause }, 0);
  }

  get status(): ExecutionStatus {
    return this.#ending?.status ?? 'RUNNING';
  }

  get machine(): Machine {
    return this.#start.machine;
  }

  get inputText(): string {
    return this.#start.inputText;
  }

  get startDate(): number {
    return this.#startDate;
  }

  view(): ExecutionView {
    const { arn, name, machine, inputText } = this.#start;
    const { output, error, cause } = this.#ending ?? {};
    return {
      arn,
      name,
      machineArn: machine.arn,
      status: this.status,
      input: inputText,
      output,
      error,
      cause,
      startDate: this.#startDate,
      stopDate: this.#stopDate,
      transitions: this.#running.transitions,
      history: this.#running.history.events(),
      position: this.#running.position,
      parent: this.parent,
    };
  }

  async #run(): Promise<void> {
    const { machine, input, position } = this.#start;
    const branch: Branch = {
      engine: this.#engine,
      execution: this.#running,
      variables: new Variables(),
      cursor: this.#cursor,
      signal: this.#controller.signal,
    };
    if (position) branch.variables.assign(position.variables);
    try {
      const body = position ? { ...machine.definition, StartAt: position.state } : machine.definition;
      const output = await this.#engine.runBody(body, position?.input ?? input, branch);
      this.#end({ status: 'SUCCEEDED', output: JSON.stringify(output) });
    } catch (error) {
      if (error instanceof TimeSpentError) this.#timeOut();
      else if (!(error instanceof AbortedError)) this.#end(describeFailure(error));
    }
  }

  #timeOut(): void {
    this.#end({ status: 'TIMED_OUT', error: 'States.Timeout' });
  }

  #end(ending: Ending, after = this.#cursor.last): void {
    if (this.#ending) return;
    this.#ending = ending;
    this.#stopDate = this.#engine.clock.now();
    this.#cancelTimeout();
    const [type, key] = ENDINGS[ending.status];
    this.#running.history.seal(after, type, { [key]: describeEnding(ending) });
    this.#controller.abort(new AbortedError('The execution has ended.'));
    this.#resolveEnded();
    this.#onChange(this.view());
  }
}

function limitOf(machine: Machine): number {
  const most = machine.type === 'EXPRESS' ? MAX_EXPRESS_MS : MAX_STANDARD_MS;
  const { TimeoutSeconds } = machine.definition;
  return TimeoutSeconds === undefined ? most : Math.min(TimeoutSeconds * 1000, most);
}

/** Anything but a failure of the state language is a fault of the sandbox, and fails the execution just as loudly. */
function describeFailure(error: unknown): Ending {
  if (error instanceof StateError) return { status: 'FAILED', error: error.details.error, cause: error.details.cause };
  return {
    status: 'FAILED',
    error: 'States.Runtime',
    cause: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

function describeEnding({ output, error, cause }: Ending): Record<string, unknown> {
  if (output !== undefined) return { output, outputDetails: { truncated: false } };
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}
