import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { type EndedTask, endedTasks } from './ended-tasks.ts';
import { taskFaults } from './task-faults.ts';

/** What happened while a repair was asked for, made and proven, as the history of `remediate` has it. */
export interface RepairCourse {
  readonly approver: 'agrees' | 'refuses' | 'silent';
  /** How long after the automation began the symptom went, had no data any more, and came back, in seconds; undefined where it did not. */
  readonly clearedAfter: number | undefined;
  readonly silentAfter: number | undefined;
  readonly firedAgainAfter: number | undefined;
  /** What broke, and whether the automation ended and its status event never came. */
  readonly faults: readonly object[];
  /** Why a rehearsal takes another course, where nothing in it can say so. */
  readonly toDo: readonly string[];
}

/** How `remediate` ends by itself, given the same world. */
const reproduced = new Set([
  'States.Timeout',
  'ApprovalRefused',
  'AutomationFailedError',
  'AutomationTimedOutError',
  'AutomationStoppingError',
  'RelapsedError',
  'AlarmNotOkError',
]);

/** Reads the course of a repair; of one that was not asked for, that of one to which nobody objected. */
export function repairCourse(remediate: readonly HistoryEvent[]): RepairCourse {
  const tasks = endedTasks(remediate);
  const faults = taskFaults(tasks);
  const began = timeOf(remediate, isEntering('Run Automation'));
  const after = (happened: HistoryEvent | undefined) =>
    began === undefined || !happened?.timestamp
      ? undefined
      : Math.max(1, Math.round((happened.timestamp.getTime() - began) / 1000));
  const clearedAfter = after(remediate.find(isEntering('Hold Recovery')));
  const isSilent = tasks.some(({ error, isRetried }) => error === 'AlarmNotOkError' && !isRetried);
  return {
    approver: approverIn(remediate),
    clearedAfter,
    // Nobody heard of it: any moment before the last look would do.
    silentAfter: isSilent && clearedAfter !== undefined ? clearedAfter + 1 : undefined,
    firedAgainAfter: after(remediate.find((event, index) => isRelapse(event, remediate.slice(0, index)))),
    faults: [...faults.values(), ...(hasLostStatus(remediate) ? [{ lost: 'status-event' }] : [])],
    toDo: tasks.filter((task) => !faults.has(task)).flatMap(lackOf),
  };
}

/** Step Functions says who was asked, and whether it then went on. */
function approverIn(remediate: readonly HistoryEvent[]): RepairCourse['approver'] {
  const asked = remediate.findIndex(isEntering('Ask Approver'));
  if (asked < 0) return 'agrees';
  const left = remediate.slice(asked).find((event) => event.stateExitedEventDetails?.name === 'Ask Approver');
  const ended = remediate.slice(asked, left ? remediate.indexOf(left) : undefined);
  if (ended.some(({ type }) => type === 'TaskTimedOut')) return 'silent';
  return ended.some(({ taskFailedEventDetails: failed }) => failed?.error === 'ApprovalRefused') ? 'refuses' : 'agrees';
}

/** The wait for a relapse is answered by one; or the last look finds one. */
function isRelapse(event: HistoryEvent, before: readonly HistoryEvent[]): boolean {
  if (event.taskFailedEventDetails?.error === 'RelapsedError') return true;
  const state = before.findLast(({ stateEnteredEventDetails: details }) => details)?.stateEnteredEventDetails?.name;
  return state === 'Hold Recovery' && event.type === 'TaskSucceeded';
}

/** SSM had said that it ended, when nobody had heard of it. */
function hasLostStatus(remediate: readonly HistoryEvent[]): boolean {
  const checked = remediate.findIndex(isEntering('Check Automation'));
  if (checked < 0 || !remediate.slice(0, checked).some(({ type }) => type === 'TaskTimedOut')) return false;
  const outcome = remediate
    .slice(checked)
    .find(({ taskSucceededEventDetails, taskFailedEventDetails }) =>
      Boolean(taskSucceededEventDetails ?? taskFailedEventDetails),
    );
  const error = outcome?.taskFailedEventDetails?.error;
  return error === undefined || error === 'AutomationFailedError';
}

function lackOf({ state, output, error, cause, isRetried }: EndedTask): string[] {
  const { decision, text } = Object(Reflect.get(Object(output), 'Payload'));
  if (decision === 'refuse')
    return [
      `The guard refused (${text}), for what a rehearsal does not know. Guards are rehearsed by themselves: delete this one, or say what comes of it when the guard agrees.`,
    ];
  if (decision === 'propose')
    return [
      'It only proposed, as a runbook in observe does, and a rehearsal plays the mode to which it would be raised: say what its automation is answered, and what is expected of it.',
    ];
  if (error === '' || isRetried || reproduced.has(error)) return [];
  return [`${state} of remediate failed with ${error} (${cause.slice(0, 200)}): say it under faults.`];
}

function isEntering(state: string) {
  return ({ stateEnteredEventDetails: details }: HistoryEvent) => details?.name === state;
}

function timeOf(events: readonly HistoryEvent[], isWanted: (event: HistoryEvent) => boolean): number | undefined {
  return events.find(isWanted)?.timestamp?.getTime();
}
