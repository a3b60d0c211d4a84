import { variableOf } from '../step-references.ts';
import { type StepAction, StepFailedError, textInput } from './action.ts';

/** `aws:updateVariable`: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-update-variable.html */
export const updateVariable: StepAction = {
  required: ['Name', 'Value'],
  optional: [],
  outputs: [],
  run: async (context) => {
    const { inputs } = context;
    const name = variableOf(textInput(inputs, 'Name'));
    if (name === undefined) throw new StepFailedError(`Name must be variable:<name>, not ${String(inputs['Name'])}`);
    context.setVariable(name, inputs['Value']);
    return {};
  },
};
