import { AwsError } from '../../aws.ts';
import type { ExecutionView } from '../execution.ts';
import type { HistoryEvent } from '../history.ts';
import { describeRedrive } from '../status-event.ts';
import { needExecution, needMachine, type Operation, type OperationInput, toIso } from './operation.ts';

/** `DescribeExecution`. */
export const describeExecution: Operation = async (state, input) => {
  const view = needExecution(state, input).view();
  const { redriveStatus, redriveStatusReason } = describeRedrive(view);
  return {
    ...summarize(view),
    input: view.input,
    inputDetails: { included: true },
    ...(view.output !== undefined && { output: view.output, outputDetails: { included: true } }),
    ...(view.error !== undefined && { error: view.error }),
    ...(view.cause !== undefined && { cause: view.cause }),
    redriveStatus,
    ...(redriveStatusReason !== null && { redriveStatusReason }),
  };
};

/** `ListExecutions`, the latest first. */
export const listExecutions: Operation = async (state, input) => {
  const machine = needMachine(state, input);
  if (machine.type === 'EXPRESS') {
    const message = 'This operation is not supported by this type of state machine';
    throw new AwsError('StateMachineTypeNotSupported', message);
  }
  const views = [...state.executions.values()].map((execution) => execution.view());
  const { statusFilter } = input;
  const wanted = views.filter(
    (view) => view.machineArn === machine.arn && (statusFilter === undefined || view.status === statusFilter),
  );
  const { page, nextToken } = takePage(wanted.reverse(), input);
  return { executions: page.map(summarize), ...nextToken };
};

/** `GetExecutionHistory`. */
export const getExecutionHistory: Operation = async (state, input) => {
  const { history } = needExecution(state, input).view();
  const events = input['reverseOrder'] === true ? history.toReversed() : history;
  const { page, nextToken } = takePage(events, input);
  return { events: input['includeExecutionData'] === false ? page.map(withoutData) : page, ...nextToken };
};

/** `StopExecution`. Stopping an execution that has ended changes nothing. */
export const stopExecution: Operation = async (state, input) => {
  const execution = needExecution(state, input);
  const { error, cause } = input;
  execution.stop(typeof error === 'string' ? error : undefined, typeof cause === 'string' ? cause : undefined);
  return { stopDate: toIso(execution.view().stopDate ?? state.engine.clock.now()) };
};

function summarize(view: ExecutionView): Record<string, unknown> {
  return {
    executionArn: view.arn,
    stateMachineArn: view.machineArn,
    name: view.name,
    status: view.status,
    startDate: toIso(view.startDate),
    ...(view.stopDate !== undefined && { stopDate: toIso(view.stopDate) }),
    redriveCount: 0,
  };
}

function takePage<T>(
  items: readonly T[],
  input: OperationInput,
): { page: readonly T[]; nextToken: { nextToken?: string } } {
  const size = typeof input['maxResults'] === 'number' && input['maxResults'] > 0 ? input['maxResults'] : 100;
  if (size > 1000) {
    const reason = `Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000`;
    throw new AwsError('ValidationException', `1 validation error detected: ${reason}`);
  }
  const from = readToken(input['nextToken']);
  const end = from + size;
  return { page: items.slice(from, end), nextToken: end < items.length ? { nextToken: `from-${end}` } : {} };
}

function readToken(token: unknown): number {
  if (token === undefined || token === null) return 0;
  const text = typeof token === 'string' ? token : '';
  const found = /^from-(\d+)$/.exec(text);
  if (!found) throw new AwsError('InvalidToken', `Invalid Token: '${text}'`);
  return Number(found[1]);
}

const DATA = new Set(['input', 'output', 'parameters', 'assignedVariables', 'cause', 'error']);

function withoutData(event: HistoryEvent): HistoryEvent {
  const entries = Object.entries(event).map(([key, details]): [string, unknown] => {
    if (typeof details !== 'object' || details === null) return [key, details];
    return [key, Object.fromEntries(Object.entries(details).filter(([name]) => !DATA.has(name)))];
  });
  const { timestamp, type, id, previousEventId } = event;
  return { ...Object.fromEntries(entries), timestamp, type, id, previousEventId };
}
