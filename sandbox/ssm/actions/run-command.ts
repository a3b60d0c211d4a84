import { MAX_PLUGIN_CHARACTERS } from '../command.ts';
import { spellValue } from '../references.ts';
import { select } from '../selector.ts';
import { POLL_MS, type StepAction, type StepContext, StepFailedError, listInput, textInput } from './action.ts';
import { callAsStep } from './api-call.ts';

const GOING = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];

/**
 * `aws:runCommand`: runs a command document and waits for its end; anything but `Success` fails the step.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-runcommand.html
 */
export const runCommand: StepAction = {
  required: ['DocumentName', 'InstanceIds'],
  optional: ['Parameters', 'TimeoutSeconds', 'Comment', 'DocumentVersion'],
  outputs: ['CommandId', 'Status', 'ResponseCode', 'Output'],
  run: async (context) => {
    const CommandId = await send(context);
    const command = await awaitEnd(context, CommandId);
    const results = await readResults(context, CommandId);
    const Status = select('$.Status', command);
    const failed = results.find((result) => result['Status'] !== 'Success');
    if (failed) {
      const { Status: status, ResponseCode: code, InstanceId: instance, StandardErrorContent: errors } = failed;
      throw new StepFailedError(
        `The command ${CommandId} ended ${String(status)} on ${String(instance)} with response code ${String(code)}: ${String(errors).trim()}`,
      );
    }
    const Output = results
      .map((result) => spellValue(result['StandardOutputContent'] ?? '').slice(0, MAX_PLUGIN_CHARACTERS))
      .join('\n');
    return { outputs: { CommandId, Status, ResponseCode: results[0]?.['ResponseCode'], Output } };
  },
};

async function send(context: StepContext): Promise<string> {
  const { Parameters: parameters, TimeoutSeconds: seconds, ...inputs } = context.inputs;
  const answer = await callAsStep(context, 'ssm', 'SendCommand', {
    ...inputs,
    DocumentName: textInput(inputs, 'DocumentName'),
    InstanceIds: listInput(inputs, 'InstanceIds'),
    ...(parameters !== undefined && { Parameters: spellParameters(parameters) }),
    ...(seconds !== undefined && { TimeoutSeconds: Number(seconds) }),
  });
  return String(select('$.Command.CommandId', answer));
}

async function awaitEnd(context: StepContext, CommandId: string): Promise<unknown> {
  for (;;) {
    const answer = await callAsStep(context, 'ssm', 'ListCommands', { CommandId });
    const command = select('$.Commands[0]', answer);
    if (!GOING.includes(String(select('$.Status', command)))) return command;
    await context.sleep(POLL_MS);
  }
}

async function readResults(context: StepContext, CommandId: string): Promise<Record<string, unknown>[]> {
  const answer = await callAsStep(context, 'ssm', 'ListCommandInvocations', { CommandId });
  const ids = select('$.CommandInvocations[*].InstanceId', answer);
  const nodes = Array.isArray(ids) ? ids : [];
  return Promise.all(
    nodes.map((InstanceId) =>
      callAsStep(context, 'ssm', 'GetCommandInvocation', { CommandId, InstanceId: String(InstanceId) }),
    ),
  );
}

/** Parameters as SSM's APIs take them: a list of texts for each name. */
export function spellParameters(parameters: unknown): Record<string, string[]> {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    throw new StepFailedError(`Parameters must be an object, not ${JSON.stringify(parameters)}`);
  }
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value].flat().map(spellValue)]));
}
