import { AwsError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { type FunctionDescription, nodeMajorOf } from './function-description.ts';
import { EnvironmentPool } from './environment-pool.ts';
import { environmentOf } from './function-environment.ts';
import type { ExecutionEnvironment, InvocationOutcome } from './execution-environment.ts';
import { FunctionInProcess, type SharedProcess } from './function-in-process.ts';
import { FunctionWorker } from './function-worker.ts';
import { LineCutter, type LogLine } from './log-lines.ts';
import { stableHex } from '../stable-id.ts';
import { StagedCode } from './staged-code.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const RESPONSE_LIMIT_BYTES = 6_291_556;

/** What the runner needs from around it. */
export interface RunnerOptions {
  readonly clock: VirtualClock;
  readonly region: string;
  readonly endpointUrl: () => string;
  /** What functions in this process share. @default - every function runs in a thread of its own */
  readonly shared?: SharedProcess | undefined;
  readonly maxWorkers: number;
  readonly onLog: (line: LogLine) => void;
}

/** One invocation to run. */
export interface Run {
  readonly described: FunctionDescription;
  readonly payload: string;
  readonly requestId: string;
  readonly invokedFunctionArn: string;
}

/** Runs functions in their execution environments, and time stands still while they run. */
export class FunctionRunner {
  readonly #options: RunnerOptions;
  readonly #pool: EnvironmentPool;
  readonly #code = new StagedCode();
  readonly #running = new Map<string, number>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#pool = new EnvironmentPool(options.maxWorkers);
  }

  /** Runs one invocation to its end. Throws TooManyRequestsException when the function's reserved concurrency is used up. */
  async run(run: Run): Promise<InvocationOutcome> {
    const { name, reservedConcurrency = Number.POSITIVE_INFINITY } = run.described;
    const running = this.#running.get(name) ?? 0;
    if (running >= reservedConcurrency) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    this.#running.set(name, running + 1);
    try {
      const label = `function ${name} ${run.requestId}`;
      return await this.#options.clock.holding(label, async () => limitResponse(await this.#inEnvironment(run)));
    } finally {
      this.#running.set(name, (this.#running.get(name) ?? 1) - 1);
    }
  }

  /** How long loading took in each environment of a function, in real milliseconds. */
  initMsOf(functionName: string): readonly number[] {
    return this.#pool.initMsOf(functionName);
  }

  /** Loads one execution environment of a function, so that its first invocation is a warm one. */
  async warm(described: FunctionDescription): Promise<void> {
    await this.#pool.use(
      described.name,
      () => this.#create(described),
      (environment) => environment.load(),
    );
  }

  /** Ends every environment. */
  async close(): Promise<void> {
    await this.#pool.close();
    this.#code.remove();
  }

  #inEnvironment(run: Run): Promise<InvocationOutcome> {
    return this.#pool.use(
      run.described.name,
      () => this.#create(run.described),
      async (environment) => {
        const lines = new LineCutter((stream, message) => this.#log(run, stream, message));
        const outcome = await environment.invoke(this.#requestOf(run), (stream, text) => lines.take(stream, text));
        lines.flush();
        if (outcome.kind === 'failure' && outcome.failure.errorType === 'Sandbox.Timedout') this.#logTimeout(run);
        return outcome;
      },
    );
  }

  #create(described: FunctionDescription): ExecutionEnvironment {
    const { clock, region, endpointUrl, shared } = this.#options;
    // Code that is linked finds nothing but what it is given, wherever it lies.
    const taskRoot = shared ? described.codeDirectory : this.#code.stage(described.codeDirectory);
    const spec = {
      taskRoot,
      handler: described.handler,
      nodeMajor: nodeMajorOf(described),
      nowMs: clock.now(),
      memoryMb: described.memoryMb ?? 128,
      environment: environmentOf(described, { region, endpointUrl: endpointUrl(), taskRoot }),
    };
    return shared ? new FunctionInProcess(spec, shared) : new FunctionWorker(spec);
  }

  #requestOf({ described, payload, requestId, invokedFunctionArn }: Run) {
    const nowMs = this.#options.clock.now();
    const root = Math.floor(nowMs / 1000).toString(16);
    const traceId = `Root=1-${root}-${stableHex(requestId, 24)};Parent=${stableHex(`${requestId}:p`, 16)};Sampled=0`;
    const timeoutMs = (described.timeoutSeconds ?? 3) * 1000;
    return { requestId, payload, nowMs, timeoutMs, invokedFunctionArn, traceId };
  }

  #logTimeout(run: Run): void {
    const seconds = (run.described.timeoutSeconds ?? 3).toFixed(2);
    this.#log(run, 'stderr', `${this.#options.clock.iso()} ${run.requestId} Task timed out after ${seconds} seconds`);
  }

  #log({ described, requestId }: Run, stream: 'stdout' | 'stderr', message: string): void {
    this.#options.onLog({ at: this.#options.clock.now(), functionName: described.name, requestId, stream, message });
  }
}

function limitResponse(outcome: InvocationOutcome): InvocationOutcome {
  if (outcome.kind === 'failure' || Buffer.byteLength(outcome.payload) <= RESPONSE_LIMIT_BYTES) return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT_BYTES} bytes).`;
  return { kind: 'failure', failure: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}
