import type { FunctionFailure, InvocationRequest } from './execution-environment.ts';

export type Handler = (...given: unknown[]) => unknown;

/** The code of a function, and the process that it sees. */
export interface LoadedFunction {
  readonly handler: Handler;
  readonly nodeMajor: number;
  readonly taskRoot: string;
  readonly process: NodeJS.Process;
}

export type Finished =
  | { readonly type: 'result'; readonly payload: string }
  | { readonly type: 'error'; readonly failure: FunctionFailure };

export function runInvocation(
  loaded: LoadedFunction,
  request: InvocationRequest,
  finish: (outcome: Finished) => void,
): void;
