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

/** One invocation, as an environment is asked for it. */
export interface InvocationRequest {
  readonly requestId: string;
  readonly payload: string;
  readonly nowMs: number;
  /** Real milliseconds. */
  readonly timeoutMs: number;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
}

/** Text that the code wrote to one of its streams, whole or in part. */
export type OutputListener = (stream: 'stdout' | 'stderr', text: string) => void;

/** What an environment is made of. */
export interface EnvironmentSpec {
  readonly taskRoot: string;
  readonly handler: string;
  readonly nodeMajor: number;
  readonly nowMs: number;
  readonly memoryMb: number;
  /** The whole environment that the code sees. */
  readonly environment: Readonly<Record<string, string>>;
}

/** One execution environment: it loaded a function once and serves one invocation at a time. */
export interface ExecutionEnvironment {
  /** False once it is gone: it timed out, crashed, failed to load or was closed. */
  readonly isUsable: boolean;
  /** Real milliseconds that loading the code took; undefined until it is loaded. */
  readonly initMs: number | undefined;
  /** Resolves when the code is loaded, or when it turns out that it cannot be; the first invocation says why. */
  load(): Promise<void>;
  /** Runs one invocation. Never rejects: whatever goes wrong is a failure as Lambda reports it. */
  invoke(request: InvocationRequest, onOutput: OutputListener): Promise<InvocationOutcome>;
  /** Ends it, whatever it does. */
  terminate(): Promise<void>;
}

/** The failure of an invocation that took too long. */
export function timedOut({ requestId, timeoutMs }: InvocationRequest): FunctionFailure {
  const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage };
}

/** The failure of an invocation whose process ended. */
export function exited(requestId: string | undefined, status: string): FunctionFailure {
  const reason = status === 'exit status 0' ? 'without providing a reason' : `with error: ${status}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reason}` };
}
