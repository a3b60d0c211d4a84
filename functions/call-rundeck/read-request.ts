import { taskInput, TaskInputError } from '../middleware/task-input.ts';
import type { RundeckRequest } from './call.ts';

/** Reads what an automation asks for. Throws a TaskInputError for anything else. */
export function readRequest(event: unknown): RundeckRequest {
  const { operation } = taskInput<{ readonly operation: string }>(event, { operation: 'text' });
  if (operation === 'run') {
    const { job, options } = taskInput<Extract<RundeckRequest, { operation: 'run' }>>(event, {
      job: 'text',
      options: 'object',
    });
    return { operation, job, options };
  }
  if (operation !== 'follow' && operation !== 'abort')
    throw new TaskInputError([`operation is ${operation}; expected run, follow or abort`]);
  const execution = idIn(event);
  if (!/^\d{1,19}$/.test(execution)) throw new TaskInputError(['execution is no id of an execution']);
  return { operation, execution };
}

/** Automation may hand over a text of digits as the number that it spells. */
function idIn(event: unknown): string {
  const id: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'execution') : undefined;
  return typeof id === 'number' || typeof id === 'string' ? String(id) : '';
}
