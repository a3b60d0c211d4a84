import { UnsupportedInSandboxError } from '../../aws.ts';
import { findText, needMachine, type Operation, toIso } from './operation.ts';

const INPUTS = ['stateMachineArn', 'definition', 'roleArn'];

/** `UpdateStateMachine`. Executions that run go on with what they began with. Throws what AWS would refuse. */
export const updateStateMachine: Operation = async (state, input) => {
  const member = Object.keys(input).find((name) => !INPUTS.includes(name));
  if (member) throw new UnsupportedInSandboxError(`${member} in sfn:UpdateStateMachine`);
  const { definitionText, definition: _parsed, ...machine } = needMachine(state, input);
  state.replace({
    ...machine,
    roleArn: findText(input, 'roleArn') ?? machine.roleArn,
    definition: findText(input, 'definition') ?? definitionText,
  });
  return { updateDate: toIso(state.engine.clock.now()) };
};
