import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { z } from 'zod';

/** What a failed invocation gives its caller as payload. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[] | undefined;
}

/** How one invocation ended: its payload as JSON text, or its failure. */
export type InvocationOutcome =
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'failure'; readonly failure: FunctionFailure };

/** One invocation, as a worker is asked for it. */
export interface InvocationRequest {
  readonly requestId: string;
  readonly payload: string;
  readonly nowMs: number;
  /** Real milliseconds. */
  readonly timeoutMs: number;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
}

/** A request of a function to the sandbox's own endpoint, with its headers in lower case. */
export interface CarriedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The answer to it. */
export interface CarriedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers what a function asks of the endpoint, without a socket between them. Never rejects. */
export type Carry = (request: CarriedRequest) => Promise<CarriedResponse>;

/** What a worker is started with. */
export interface WorkerSpec {
  readonly taskRoot: string;
  readonly handler: string;
  readonly nodeMajor: number;
  readonly nowMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether what the code waits for by itself passes at once. @default false */
  readonly skipsWaits?: boolean | undefined;
  /** @default - requests to the endpoint go over its socket */
  readonly carry?: Carry | undefined;
}

/** Text that the code wrote to one of its streams, whole or in part. */
export type OutputListener = (stream: 'stdout' | 'stderr', text: string) => void;

const failure = z.object({ errorType: z.string(), errorMessage: z.string(), trace: z.array(z.string()).optional() });
const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), initMs: z.number() }),
  z.object({ type: z.literal('initError'), failure }),
  z.object({ type: z.literal('result'), payload: z.string() }),
  z.object({ type: z.literal('error'), failure }),
  z.object({ type: z.literal('crash'), failure }),
  z.object({ type: z.literal('output'), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
]);

interface Pending {
  readonly request: InvocationRequest;
  readonly resolve: (outcome: InvocationOutcome) => void;
  readonly onOutput: OutputListener;
  readonly timer: NodeJS.Timeout;
}

/** One execution environment: a thread that loaded a function once and serves one invocation at a time. */
export class FunctionWorker {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #pending: Pending | undefined;
  #isUsable = true;
  #isReady = false;
  #initMs: number | undefined;
  #onLoad: () => void = () => undefined;
  #lateOutput: { readonly stream: 'stdout' | 'stderr'; readonly text: string }[] = [];

  constructor({ environment, memoryMb, carry, ...data }: WorkerSpec) {
    const { port1, port2 } = new MessageChannel();
    const requestPort = carry && carryOver(carry);
    this.#port = port1;
    this.#worker = new Worker(new URL('./runtime.mjs', import.meta.url), {
      workerData: { ...data, port: port2, requestPort },
      transferList: [port2, ...(requestPort ? [requestPort] : [])],
      env: { ...environment },
      execArgv: [],
      argv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#port.on('message', (received: unknown) => this.#receive(received));
    this.#worker.on('exit', (code) => this.#end(`exit status ${code}`));
    this.#worker.on('error', () => this.#end('signal: killed'));
    this.#unref();
  }

  /** False once the thread is gone: it timed out, crashed, failed to load or was closed. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  /** Real milliseconds that loading the code took; undefined until it is loaded. */
  get initMs(): number | undefined {
    return this.#initMs;
  }

  /** Resolves when the code is loaded, or when it turns out that it cannot be; the first invocation says why. */
  async load(): Promise<void> {
    if (this.#isReady || !this.#isUsable) return;
    this.#worker.ref();
    this.#port.ref();
    await new Promise<void>((resolve) => {
      this.#onLoad = resolve;
    });
    if (!this.#pending) this.#unref();
  }

  /** Runs one invocation. Never rejects: whatever goes wrong is a failure as Lambda reports it. */
  invoke(request: InvocationRequest, onOutput: OutputListener): Promise<InvocationOutcome> {
    this.#worker.ref();
    this.#port.ref();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#timeOut(), request.timeoutMs);
      this.#pending = { request, resolve, onOutput, timer };
      for (const { stream, text } of this.#lateOutput.splice(0)) onOutput(stream, text);
      if (this.#isReady) this.#port.postMessage(request, []);
    });
  }

  /** Ends the thread, whatever it does. */
  async terminate(): Promise<void> {
    this.#isUsable = false;
    await this.#worker.terminate();
    this.#port.close();
  }

  #receive(received: unknown): void {
    const parsed = message.parse(received);
    if (parsed.type === 'output') this.#print(parsed.stream, parsed.text);
    else if (parsed.type === 'ready') this.#start(parsed.initMs);
    else if (parsed.type === 'result') this.#finish({ kind: 'result', payload: parsed.payload });
    else {
      if (parsed.type !== 'error') this.#discard();
      this.#finish({ kind: 'failure', failure: parsed.failure });
    }
  }

  /** What code writes between invocations belongs to the next one, as in an environment that Lambda thaws. */
  #print(stream: 'stdout' | 'stderr', text: string): void {
    if (this.#pending) this.#pending.onOutput(stream, text);
    else this.#lateOutput.push({ stream, text });
  }

  #start(initMs: number): void {
    this.#isReady = true;
    this.#initMs = initMs;
    this.#onLoad();
    if (this.#pending) this.#port.postMessage(this.#pending.request, []);
  }

  #finish(outcome: InvocationOutcome): void {
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    clearTimeout(pending.timer);
    this.#unref();
    pending.resolve(outcome);
  }

  #timeOut(): void {
    const { requestId, timeoutMs } = this.#pending?.request ?? { requestId: '', timeoutMs: 0 };
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    this.#discard();
    this.#finish({ kind: 'failure', failure: { errorType: 'Sandbox.Timedout', errorMessage } });
  }

  #discard(): void {
    this.#isUsable = false;
    this.#onLoad();
    void this.#worker.terminate();
  }

  #end(reason: string): void {
    this.#isUsable = false;
    this.#onLoad();
    for (let left = receiveMessageOnPort(this.#port); left; left = receiveMessageOnPort(this.#port)) {
      this.#receive(left.message);
    }
    this.#port.close();
    const errorMessage = `RequestId: ${this.#pending?.request.requestId} Error: Runtime exited ${explain(reason)}`;
    this.#finish({ kind: 'failure', failure: { errorType: 'Runtime.ExitError', errorMessage } });
  }

  #unref(): void {
    this.#worker.unref();
    this.#port.unref();
  }
}

/** Answers the requests that come over a channel; gives its other end. */
function carryOver(carry: Carry): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', ({ id, ...request }: CarriedRequest & { readonly id: number }) => {
    void carry(request).then((response) => port1.postMessage({ id, ...response }));
  });
  port1.unref();
  return port2;
}

function explain(reason: string): string {
  return reason === 'exit status 0' ? 'without providing a reason' : `with error: ${reason}`;
}
