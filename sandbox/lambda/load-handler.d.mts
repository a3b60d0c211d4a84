import type { Handler } from './invocation.mjs';

/** The file that a handler is in, or undefined where there is none. */
export function findHandlerFile(taskRoot: string, handler: string): string | undefined;

export function loadHandler(
  taskRoot: string,
  handler: string,
  nodeMajor: number,
  importFile?: (file: string, taskRoot: string) => Promise<object>,
): Promise<Handler>;
