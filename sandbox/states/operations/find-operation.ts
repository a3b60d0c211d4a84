import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './complete-task.ts';
import { describeStateMachine, describeStateMachineForExecution } from './describe-machine.ts';
import { describeExecution, getExecutionHistory, listExecutions, stopExecution } from './inspect-execution.ts';
import type { Operation } from './operation.ts';
import { startExecution, startSyncExecution } from './start-execution.ts';
import { updateStateMachine } from './update-machine.ts';

/** What an operation's grant is about. */
export type GrantSubject = 'machine' | 'execution' | 'token';

const OPERATIONS: ReadonlyMap<string, { readonly run: Operation; readonly subject: GrantSubject }> = new Map([
  ['StartExecution', { run: startExecution, subject: 'machine' as const }],
  ['StartSyncExecution', { run: startSyncExecution, subject: 'machine' as const }],
  ['StopExecution', { run: stopExecution, subject: 'execution' as const }],
  ['DescribeExecution', { run: describeExecution, subject: 'execution' as const }],
  ['DescribeStateMachine', { run: describeStateMachine, subject: 'machine' as const }],
  ['UpdateStateMachine', { run: updateStateMachine, subject: 'machine' as const }],
  ['DescribeStateMachineForExecution', { run: describeStateMachineForExecution, subject: 'execution' as const }],
  ['ListExecutions', { run: listExecutions, subject: 'machine' as const }],
  ['GetExecutionHistory', { run: getExecutionHistory, subject: 'execution' as const }],
  ['SendTaskSuccess', { run: sendTaskSuccess, subject: 'token' as const }],
  ['SendTaskFailure', { run: sendTaskFailure, subject: 'token' as const }],
  ['SendTaskHeartbeat', { run: sendTaskHeartbeat, subject: 'token' as const }],
]);

/** The operation of that name, or `undefined` for one that the sandbox leaves to the world. */
export function findOperation(name: string) {
  return OPERATIONS.get(name);
}
