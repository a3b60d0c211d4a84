import { AwsError } from '../../aws.ts';
import type { Engine, ExecutionPosition } from '../engine.ts';
import type { Execution, ExecutionView } from '../execution.ts';
import type { Machine, MachineDescription } from '../machine.ts';
import { checkArn, unqualifyMachineArn } from '../arn.ts';

/** What the operations of the service work on. */
export interface ServiceState {
  readonly engine: Engine;
  readonly machines: ReadonlyMap<string, Machine>;
  /** Every execution that was started, by ARN and in order. */
  readonly executions: Map<string, Execution>;
  /** ARNs of machines by those of executions of another story, of which only the definition is asked. */
  readonly recalled: ReadonlyMap<string, string>;
  /** Takes where the next execution of a machine is to begin; undefined for one that begins at its beginning. */
  readonly takePosition: (machineArn: string) => ExecutionPosition | undefined;
  /** Puts another machine in the place of the one with its ARN. */
  readonly replace: (description: MachineDescription) => void;
  /** Epoch milliseconds at which the machines were made. */
  readonly createdAt: number;
  /** Hears of every change of an execution's status. */
  readonly onChange: (view: ExecutionView, machine: Machine) => void;
}

/** The input of an operation, in the SDK's members. */
export type OperationInput = Readonly<Record<string, unknown>>;

/** Answers one operation. Throws `AwsError`. */
export type Operation = (state: ServiceState, input: OperationInput) => Promise<Record<string, unknown>>;

/** Gives a text member. Throws `ValidationException` when it is not there. */
export function needText(input: OperationInput, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  const reason = `Value null at '${name}' failed to satisfy constraint: Member must not be null`;
  throw new AwsError('ValidationException', `1 validation error detected: ${reason}`);
}

/** Gives a text member that may be left out. */
export function findText(input: OperationInput, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

/** The machine that a `stateMachineArn` names. Throws `InvalidArn` or `StateMachineDoesNotExist`. */
export function needMachine(state: ServiceState, input: OperationInput): Machine {
  const arn = needText(input, 'stateMachineArn');
  checkArn(arn);
  const machine = state.machines.get(unqualifyMachineArn(arn));
  if (machine) return machine;
  throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

/** The Standard execution that an `executionArn` names. Throws `InvalidArn` or `ExecutionDoesNotExist`. */
export function needExecution(state: ServiceState, input: OperationInput): Execution {
  const arn = needText(input, 'executionArn');
  checkArn(arn);
  if (arn.split(':')[5] === 'express') {
    throw new AwsError('InvalidArn', "Invalid Arn: 'Resource type not valid in this context: express'");
  }
  const execution = state.executions.get(arn);
  if (execution) return execution;
  throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

/** A moment as answers give it: ISO 8601. */
export function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
