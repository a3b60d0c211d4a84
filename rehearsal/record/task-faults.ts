import { findSdkService } from '../../sandbox/states/integrations/sdk-service.ts';
import { type EndedTask, functionOf } from './ended-tasks.ts';
import { awsErrorOf, sdkCall } from './sdk-call.ts';

/** A fault of a rehearsal: which call breaks, and how. */
interface CallFault {
  readonly call: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly error: unknown;
  /** Every time where it is undefined. */
  readonly times?: number;
}

/**
 * What broke so that no world says it, by the task: an API that did not answer in time, and a function that Lambda did not run
 * or that did not come to its end. A fault is for the first times that a call is made: what breaks once it was answered is none.
 */
export function taskFaults(tasks: readonly EndedTask[]): ReadonlyMap<EndedTask, CallFault> {
  const found = tasks.map(
    (task, index) => [task, timeout(task, tasks.slice(0, index)) ?? breakdown(task, tasks)] as const,
  );
  return new Map(found.flatMap(([task, fault]) => (fault ? [[task, fault] as const] : [])));
}

function timeout(task: EndedTask, before: readonly EndedTask[]): CallFault | undefined {
  const call = sdkCall(task)?.call;
  const isAnswered = before.some((other) => sdkCall(other)?.call === call && !isTimeout(other));
  return call && isTimeout(task) && !isAnswered ? { call, error: 'timeout', times: 1 } : undefined;
}

/** What was tried again and worked in the end need not break; what never worked breaks every time. */
function breakdown(task: EndedTask, tasks: readonly EndedTask[]): CallFault | undefined {
  const name = functionOf(task);
  const lambda = findSdkService('lambda');
  const hasWorked = tasks.some((other) => functionOf(other) === name && other.error === '');
  // What waits for a token was answered, and waits for somebody.
  const isUnanswered = isTimeout(task) && task.resource === 'invoke';
  if (!lambda || name === '' || hasWorked || task.isRetried) return undefined;
  if (!isUnanswered && !task.error.startsWith('Lambda.')) return undefined;
  const input = { FunctionName: [{ suffix: name }] };
  return { call: 'lambda:Invoke', input, error: isUnanswered ? 'timeout' : awsErrorOf(task, lambda) };
}

function isTimeout({ error }: EndedTask): boolean {
  return error === 'States.Timeout';
}
