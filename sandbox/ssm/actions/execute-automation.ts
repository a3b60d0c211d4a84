import { spellValue } from '../references.ts';
import { select } from '../selector.ts';
import { POLL_MS, type StepAction, type StepContext, StepFailedError, textInput } from './action.ts';
import { callAsStep } from './api-call.ts';
import { spellParameters } from './run-command.ts';

const GOING = ['Pending', 'InProgress', 'Waiting', 'Cancelling'];

/** `aws:executeAutomation`: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeAutomation.html */
export const executeAutomation: StepAction = {
  required: ['DocumentName'],
  optional: ['DocumentVersion', 'RuntimeParameters'],
  outputs: ['ExecutionId', 'Status', 'Output'],
  run: async (context) => {
    const { inputs } = context;
    const parameters = inputs['RuntimeParameters'];
    const answer = await callAsStep(context, 'ssm', 'StartAutomationExecution', {
      DocumentName: textInput(inputs, 'DocumentName'),
      ...(inputs['DocumentVersion'] !== undefined && { DocumentVersion: spellValue(inputs['DocumentVersion']) }),
      ...(parameters !== undefined && { Parameters: spellParameters(parameters) }),
    });
    const ExecutionId = String(answer['AutomationExecutionId']);
    const execution = await awaitEnd(context, ExecutionId);
    const Status = String(select('$.AutomationExecutionStatus', execution));
    if (Status !== 'Success') {
      throw new StepFailedError(
        `The automation ${ExecutionId} ended ${Status}: ${spellValue(select('$.FailureMessage', execution) ?? '')}`,
      );
    }
    return { outputs: { ExecutionId, Status, Output: select('$.Outputs', execution) ?? {} } };
  },
};

async function awaitEnd(context: StepContext, AutomationExecutionId: string): Promise<unknown> {
  for (;;) {
    const answer = await callAsStep(context, 'ssm', 'GetAutomationExecution', { AutomationExecutionId });
    const execution = answer['AutomationExecution'];
    if (!GOING.includes(String(select('$.AutomationExecutionStatus', execution)))) return execution;
    await context.sleep(POLL_MS);
  }
}
