import { AwsError } from '../../aws.ts';
import { checkExecutionName, makeExecutionArn } from '../arn.ts';
import { Execution } from '../execution.ts';
import { type Json, parseJson } from '../json.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import type { Machine } from '../machine.ts';
import { findText, needMachine, type Operation, type OperationInput, type ServiceState, toIso } from './operation.ts';

/** `StartExecution`. The same name and input find the Standard execution that is running; any other use of a name is refused. */
export const startExecution: Operation = async (state, input) => {
  const machine = needMachine(state, input);
  const name = chooseName(state, input);
  const text = findText(input, 'input') ?? '{}';
  const parsed = parseInput(text);
  const known = machine.type === 'STANDARD' ? state.executions.get(makeExecutionArn(machine.arn, name)) : undefined;
  if (known && (known.status !== 'RUNNING' || known.inputText !== text)) {
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${known.view().arn}'`);
  }
  const execution = known ?? begin(state, machine, name, text, parsed);
  return { executionArn: execution.view().arn, startDate: toIso(execution.startDate) };
};

/** `StartSyncExecution`, which answers when the Express execution has ended. */
export const startSyncExecution: Operation = async (state, input) => {
  const machine = needMachine(state, input);
  if (machine.type !== 'EXPRESS') {
    const message = 'This operation is not supported by this type of state machine';
    throw new AwsError('StateMachineTypeNotSupported', message);
  }
  const name = chooseName(state, input);
  const text = findText(input, 'input') ?? '{}';
  const execution = begin(state, machine, name, text, parseInput(text));
  await execution.ended;
  return describeSync(execution);
};

function begin(state: ServiceState, machine: Machine, name: string, inputText: string, input: Json): Execution {
  const { engine } = state;
  const arn = makeExecutionArn(machine.arn, name, machine.type === 'EXPRESS' ? engine.random.uuid() : undefined);
  const execution = new Execution(
    engine,
    { arn, name, machine, inputText, input, position: state.takePosition(machine.arn) },
    (view) => state.onChange(view, machine),
  );
  state.executions.set(arn, execution);
  execution.begin();
  return execution;
}

function chooseName(state: ServiceState, input: OperationInput): string {
  const name = findText(input, 'name') ?? state.engine.random.uuid();
  checkExecutionName(name);
  return name;
}

function parseInput(text: string): Json {
  if (Buffer.byteLength(text, 'utf8') > MAX_PAYLOAD_BYTES) {
    const reason = `Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PAYLOAD_BYTES}`;
    throw new AwsError('ValidationException', `1 validation error detected: ${reason}`);
  }
  try {
    return parseJson(text);
  } catch (error) {
    const reason = text === '' ? 'Invalid execution input.' : String(error instanceof Error ? error.message : error);
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${reason}'`);
  }
}

function describeSync(execution: Execution): Record<string, unknown> {
  const view = execution.view();
  const durationMs = (view.stopDate ?? view.startDate) - view.startDate;
  return {
    executionArn: view.arn,
    stateMachineArn: view.machineArn,
    name: view.name,
    startDate: toIso(view.startDate),
    stopDate: toIso(view.stopDate ?? view.startDate),
    status: view.status,
    ...(view.error !== undefined && { error: view.error }),
    ...(view.cause !== undefined && { cause: view.cause }),
    input: view.input,
    inputDetails: { included: true },
    ...(view.output !== undefined && { output: view.output }),
    outputDetails: { included: true },
    billingDetails: {
      billedMemoryUsedInMB: 64,
      billedDurationInMilliseconds: Math.max(100, Math.ceil(durationMs / 100) * 100),
    },
  };
}
