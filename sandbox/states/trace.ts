import type { ExecutionView } from './execution.ts';
import type { HistoryEvent } from './history.ts';
import { isObject } from './json.ts';

/** Tells an execution line by line: the states in order with the virtual time since the start, then how it ended. */
export function describeTrace(view: ExecutionView): readonly string[] {
  const states = view.history.flatMap((event) => describeEvent(event, view.startDate));
  return [...states, '', describeEnd(view), ...describeResult(view)];
}

function describeEvent(event: HistoryEvent, startMs: number): readonly string[] {
  const at = formatDuration(Date.parse(event.timestamp) - startMs);
  const [state] = /^[A-Z][a-z]+(?=StateEntered$)/.exec(event.type) ?? [];
  if (state !== undefined) return [`${at}  ${textOf(event, 'name')}  (${state})`];
  if (!/^(?:Task|LambdaFunction|Evaluation|MapIteration)(?:Failed|TimedOut)$/.test(event.type)) return [];
  const reason = [textOf(event, 'error'), textOf(event, 'cause')].filter((text) => text !== '').join(': ');
  return [`${at}    ${event.type}${reason === '' ? '' : ` ${reason}`}`];
}

function textOf(event: HistoryEvent, name: string): string {
  for (const details of Object.values(event)) {
    if (isObject(details) && typeof details[name] === 'string') return details[name];
  }
  return '';
}

function describeEnd(view: ExecutionView): string {
  const duration = formatDuration((view.stopDate ?? view.startDate) - view.startDate);
  const count = view.transitions === 1 ? '1 transition' : `${view.transitions} transitions`;
  return `${view.status} after ${duration}, ${count}`;
}

function describeResult({ output, error, cause }: ExecutionView): readonly string[] {
  return [
    ...(output === undefined ? [] : [`output: ${output}`]),
    ...(error === undefined ? [] : [`error: ${error}`]),
    ...(cause === undefined ? [] : [`cause: ${cause}`]),
  ];
}

/** Hours, minutes, seconds and milliseconds, with the days in front when there are any. */
function formatDuration(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  const clock = new Date(ms % 86_400_000).toISOString().slice(11, 23);
  return days === 0 ? clock : `${days}d ${clock}`;
}
