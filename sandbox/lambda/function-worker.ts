import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { z } from 'zod';
import {
  type EnvironmentSpec,
  type ExecutionEnvironment,
  exited,
  type InvocationOutcome,
  type InvocationRequest,
  type OutputListener,
  timedOut,
} from './execution-environment.ts';

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

/** An execution environment in a thread of its own. */
export class FunctionWorker implements ExecutionEnvironment {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #pending: Pending | undefined;
  #isUsable = true;
  #isReady = false;
  #initMs: number | undefined;
  #onLoad: () => void = () => undefined;
  #lateOutput: { readonly stream: 'stdout' | 'stderr'; readonly text: string }[] = [];

  constructor({ environment, memoryMb, ...data }: EnvironmentSpec) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(new URL('./runtime.mjs', import.meta.url), {
      workerData: { ...data, port: port2 },
      transferList: [port2],
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

  get isUsable(): boolean {
    return this.#isUsable;
  }

  get initMs(): number | undefined {
    return this.#initMs;
  }

  async load(): Promise<void> {
    if (this.#isReady || !this.#isUsable) return;
    this.#worker.ref();
    this.#port.ref();
    await new Promise<void>((resolve) => {
      this.#onLoad = resolve;
    });
    if (!this.#pending) this.#unref();
  }

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
    const request = this.#pending?.request;
    this.#discard();
    if (request) this.#finish({ kind: 'failure', failure: timedOut(request) });
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
    this.#finish({ kind: 'failure', failure: exited(this.#pending?.request.requestId, reason) });
  }

  #unref(): void {
    this.#worker.unref();
    this.#port.unref();
  }
}
