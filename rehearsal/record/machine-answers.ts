import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { memberOf } from '../recorded-findings.ts';
import { type EndedTask, endedTasks, functionOf } from './ended-tasks.ts';
import type { RecordedAnswer } from './recorded-answer.ts';
import { relativeMoments } from './relative-moments.ts';
import { awsErrorOf, sdkCall } from './sdk-call.ts';
import { taskFaults } from './task-faults.ts';

/** One thing that a diagnostic says. */
interface Finding {
  readonly diagnostic: string;
  readonly verdict: string;
}

/** What a runbook's own machine was answered, as a rehearsal says it. */
export interface MachineAnswers {
  readonly answers: readonly RecordedAnswer[];
  /** Those of the runbook's commands that only look. */
  readonly commands: readonly Record<string, unknown>[];
  readonly faults: readonly object[];
  /** What was found, as people were told it. */
  readonly findings: readonly Finding[];
  /** What a rehearsal cannot say. */
  readonly toDo: readonly string[];
}

/** Reads what the definition's own calls were answered or failed with, what diagnostics found and commands printed. */
export function machineAnswers(history: readonly HistoryEvent[]): MachineAnswers {
  const tasks = endedTasks(history);
  const faults = taskFaults(tasks);
  const read = tasks
    .filter((task) => !faults.has(task))
    .map((task) => ({ task, answer: sdkAnswer(task) ?? functionAnswer(task), command: commandAnswer(task) }));
  const isSaid = ({ task, answer, command }: (typeof read)[number]) => answer ?? command ?? speaksForItself(task);
  return {
    answers: read.map(({ answer }) => answer).filter((answer) => answer !== undefined),
    commands: read.map(({ command }) => command).filter((command) => command !== undefined),
    faults: [...faults.values()],
    findings: tasks.filter(isDiagnosis).flatMap(({ output }) => findingsIn(output)),
    toDo: read.filter((one) => !isSaid(one)).map(({ task }) => lackOf(task)),
  };
}

/** What another machine did has a history of its own, functions of Handsoff's run again, and what was tried again is over. */
function speaksForItself(task: EndedTask): boolean {
  return task.isRetried || (task.error === '' && (task.resourceType === 'states' || isOwn(task)));
}

function lackOf({ state, resourceType, resource, error, cause }: EndedTask): string {
  const how = error === '' ? 'succeeded' : `failed with ${error} (${cause.slice(0, 200)})`;
  return `The task ${state} ${how}, and no recording says so of ${resourceType}:${resource}: say it under answers or faults.`;
}

function sdkAnswer(task: EndedTask): RecordedAnswer | undefined {
  const made = sdkCall(task);
  if (!made || task.error === 'States.Timeout') return undefined;
  const { service, call, asked } = made;
  const said = task.error === '' ? { output: task.output } : { error: awsErrorOf(task, service) };
  return { call, asked, at: task.asked.at, says: { ...Object(relativeMoments(said, task.at)), times: 1 } };
}

/** What a function returned; of Handsoff's own only what was found, since all else they do again. */
function functionAnswer(task: EndedTask): RecordedAnswer | undefined {
  const name = functionOf(task);
  if (name === '' || task.output === undefined || (isOwn(task) && !isDiagnosis(task))) return undefined;
  const payload = memberOf(task.output, 'Payload');
  const output = { Payload: isDiagnosis(task) ? payload : relativeMoments(payload, task.at) };
  const input = { FunctionName: [{ suffix: name }] };
  return { call: 'lambda:Invoke', asked: {}, at: task.asked.at, says: { input, output, times: 1 } };
}

function commandAnswer(task: EndedTask): Record<string, unknown> | undefined {
  const { at, asked, output } = task;
  if (output === undefined || functionOf(task) !== 'handsoff-run-command') return undefined;
  const seconds = ((at?.getTime() ?? 0) - (asked.at?.getTime() ?? 0)) / 1000;
  const status = memberOf(output, 'status');
  return {
    document: memberOf(asked.parameters['Payload'], 'document'),
    stdout: relativeMoments(textOf(memberOf(output, 'output')), at),
    stderr: relativeMoments(textOf(memberOf(output, 'errors')), at),
    status: status === 'Success' || status === 'TimedOut' ? status : 'Failed',
    lasts: `${Math.max(0, Math.round(seconds))}s`,
    times: 1,
  };
}

function isDiagnosis(task: EndedTask): boolean {
  return functionOf(task) === 'handsoff-diagnose';
}

function findingsIn(output: unknown): Finding[] {
  const findings = memberOf(memberOf(output, 'Payload'), 'findings');
  return Array.isArray(findings) ? (findings as Finding[]) : [];
}

function isOwn(task: EndedTask): boolean {
  return functionOf(task).startsWith('handsoff-');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
