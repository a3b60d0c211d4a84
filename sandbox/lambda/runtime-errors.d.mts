import type { FunctionFailure } from './execution-environment.ts';

export function toRejection(reason: unknown, taskRoot: string): FunctionFailure;

export function failureLine(title: string, failure: FunctionFailure): string;

export function toFailure(thrown: unknown, taskRoot: string): FunctionFailure;
