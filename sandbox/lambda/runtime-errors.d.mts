import type { FunctionFailure } from './execution-environment.ts';

export function toFailure(thrown: unknown, taskRoot: string): FunctionFailure;
