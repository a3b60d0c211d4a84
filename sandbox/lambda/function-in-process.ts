import http from 'node:http';
import { type Carry, carriedHttp } from './carried-requests.ts';
import {
  type EnvironmentSpec,
  type ExecutionEnvironment,
  exited,
  type FunctionFailure,
  type InvocationOutcome,
  type InvocationRequest,
  type OutputListener,
  timedOut,
} from './execution-environment.ts';
import { type Handler, runInvocation } from './invocation.mjs';
import { loadHandler } from './load-handler.mjs';
import type { LinkedCode } from './linked-code.ts';
import { makeOwnGlobals, type OwnGlobals } from './own-globals.ts';
import { failureLine, toFailure, toRejection } from './runtime-errors.mjs';

/** Local time in Lambda is UTC. */
const unfitHost = 'Functions run in this process only with TZ=UTC; let them run in threads.';

/** What the functions of one process share. */
export interface SharedProcess {
  readonly code: LinkedCode;
  /** Answers what they ask of the endpoint. */
  readonly carry: Carry;
}

interface Pending {
  readonly requestId: string;
  readonly onOutput: OutputListener;
  readonly end: (outcome: InvocationOutcome) => void;
}

/** The end of a process, where the process is not the function's alone. */
class ExitError extends Error {
  override readonly name = 'ExitError' as const;
}

/**
 * An execution environment in this process: the same code, linked to a process, a clock and a console of its own. It costs
 * half of what a thread does, because nothing crosses from one heap to another, and is for code that is trusted to end,
 * with handlers that give a promise: what never gives control back cannot be stopped, and memory has no limit of its own.
 */
export class FunctionInProcess implements ExecutionEnvironment {
  readonly #spec: EnvironmentSpec;
  readonly #code: LinkedCode;
  readonly #globals: OwnGlobals;
  readonly #given: Readonly<Record<string, object>>;
  #loading: Promise<Handler> | undefined;
  #pending: Pending | undefined;
  #now: number;
  #isUsable = true;
  #initMs: number | undefined;

  constructor(spec: EnvironmentSpec, { code, carry }: SharedProcess) {
    if (new Date().getTimezoneOffset() !== 0) throw new Error(unfitHost);
    catchUncaught();
    this.#spec = spec;
    this.#code = code;
    this.#now = spec.nowMs;
    this.#globals = makeOwnGlobals({
      ...spec,
      now: () => this.#now,
      onOutput: (stream, text) => this.#pending?.onOutput(stream, text),
      exit: (code) => this.#exit(code),
    });
    // Whatever was discarded may go on, but it asks in vain.
    const whileUsable: Carry = (request) => (this.#isUsable ? carry(request) : new Promise(() => undefined));
    const request = carriedHttp(spec.environment['AWS_ENDPOINT_URL'] ?? '', whileUsable);
    this.#given = { 'node:http': { ...http, request }, 'node:process': this.#globals.process };
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  get initMs(): number | undefined {
    return this.#initMs;
  }

  async load(): Promise<void> {
    await this.#load().catch(() => undefined);
  }

  async invoke(request: InvocationRequest, onOutput: OutputListener): Promise<InvocationOutcome> {
    const { nodeMajor, taskRoot } = this.#spec;
    const { process: own } = this.#globals;
    this.#now = request.nowMs;
    own.env['_X_AMZN_TRACE_ID'] = request.traceId;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#discard(timedOut(request)), request.timeoutMs);
      const end = (outcome: InvocationOutcome) => {
        clearTimeout(timer);
        serving.delete(this);
        this.#pending = undefined;
        resolve(outcome);
      };
      this.#pending = { requestId: request.requestId, onOutput, end };
      serving.add(this);
      this.#load().then(
        (handler) =>
          runInvocation({ handler, nodeMajor, taskRoot, process: own }, request, (outcome) => {
            if (outcome.type === 'result') this.#pending?.end({ kind: 'result', payload: outcome.payload });
            else this.#fail('Invoke Error', outcome.failure);
          }),
        (error: unknown) => {
          this.#isUsable = false;
          this.#fail('Init Error', toFailure(error, taskRoot));
        },
      );
    });
  }

  async terminate(): Promise<void> {
    this.#isUsable = false;
    // What it still does serves nobody: an error that nobody caught is another's.
    serving.delete(this);
  }

  /** Takes an error that nobody caught, which ends a process in Lambda. */
  crash(error: unknown, isRejection: boolean): void {
    const { taskRoot } = this.#spec;
    this.#isUsable = false;
    if (isRejection) this.#fail('Unhandled Promise Rejection', toRejection(error, taskRoot));
    else this.#fail('Uncaught Exception', toFailure(error, taskRoot));
  }

  #load(): Promise<Handler> {
    this.#loading ??= this.#loadOnce();
    return this.#loading;
  }

  async #loadOnce(): Promise<Handler> {
    const startedAt = performance.now();
    const { taskRoot, handler, nodeMajor } = this.#spec;
    const loaded = await loadHandler(taskRoot, handler, nodeMajor, (file) =>
      this.#code.import(file, this.#globals, this.#given),
    );
    this.#initMs = performance.now() - startedAt;
    return loaded;
  }

  #fail(title: string, failure: FunctionFailure): void {
    this.#pending?.onOutput('stderr', failureLine(title, failure));
    this.#pending?.end({ kind: 'failure', failure });
  }

  #exit(code: number): never {
    this.#discard(exited(this.#pending?.requestId, `exit status ${code}`));
    throw new ExitError(`The function ended its process with ${code}.`);
  }

  #discard(failure: FunctionFailure): void {
    this.#isUsable = false;
    this.#pending?.end({ kind: 'failure', failure });
  }
}

/** The environments that serve an invocation now. */
const serving = new Set<FunctionInProcess>();
let isCatching = false;

/** An error that nobody caught ends the only invocation that it can come from; where there are several, the process. */
function catchUncaught(): void {
  if (isCatching) return;
  isCatching = true;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      if (error instanceof ExitError) return;
      const [owner, ...others] = serving;
      const isOfFunction = error instanceof Error && (error.stack ?? '').includes('/var/task/');
      if (owner && others.length === 0 && isOfFunction) owner.crash(error, event === 'unhandledRejection');
      else if (process.listenerCount(event) === 1) throw error;
    });
  }
}
