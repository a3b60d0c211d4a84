import type { Machine } from '../machine.ts';
import { needExecution, needMachine, type Operation, toIso } from './operation.ts';

/** `DescribeStateMachine`. */
export const describeStateMachine: Operation = async (state, input) => {
  const machine = needMachine(state, input);
  return { ...describe(machine), status: 'ACTIVE', type: machine.type, creationDate: toIso(state.createdAt) };
};

/** `DescribeStateMachineForExecution`. */
export const describeStateMachineForExecution: Operation = async (state, input) => {
  const recalled = state.recalled.get(String(input['executionArn']));
  const machine = recalled ? needMachine(state, { stateMachineArn: recalled }) : needExecution(state, input).machine;
  return { ...describe(machine), updateDate: toIso(state.createdAt) };
};

function describe(machine: Machine): Record<string, unknown> {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    definition: machine.definitionText,
    roleArn: machine.roleArn,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  };
}
