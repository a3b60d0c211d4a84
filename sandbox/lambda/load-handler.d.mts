import type { Handler } from './invocation.mjs';

export function loadHandler(
  taskRoot: string,
  handler: string,
  nodeMajor: number,
  importFile?: (file: string, taskRoot: string) => Promise<object>,
): Promise<Handler>;
