import { decodePayload, encodePayload } from '../../lambda/payload.ts';
import { spellValue } from '../references.ts';
import { mapInput, type StepAction, type StepContext, StepFailedError, textInput } from './action.ts';
import { callAsStep } from './api-call.ts';

/**
 * `aws:invokeLambdaFunction`: an error of the function fails the step. `Payload` is the text of what it returned.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html
 */
export const invokeLambdaFunction: StepAction = {
  required: ['FunctionName'],
  optional: ['Qualifier', 'InvocationType', 'LogType', 'ClientContext', 'InputPayload', 'Payload'],
  outputs: ['StatusCode', 'FunctionError', 'LogResult', 'Payload'],
  timeoutSeconds: 300,
  run: async (context) => {
    const { inputs } = context;
    const answer = await callAsStep(context, 'lambda', 'Invoke', {
      FunctionName: textInput(inputs, 'FunctionName'),
      ...pick(inputs, ['Qualifier', 'InvocationType', 'LogType', 'ClientContext']),
      ...payloadOf(inputs),
    });
    const { FunctionError } = answer;
    const Payload = decodePayload(answer['Payload']);
    if (FunctionError !== undefined)
      throw new StepFailedError(
        `The function ${String(inputs['FunctionName'])} failed (${spellValue(FunctionError)}): ${Payload}`,
      );
    return { outputs: { ...pick(answer, ['StatusCode', 'LogResult']), Payload } };
  },
};

/** `InputPayload` takes precedence over `Payload`. */
function payloadOf(inputs: StepContext['inputs']): Record<string, string> {
  if (inputs['InputPayload'] !== undefined) {
    return { Payload: encodePayload(JSON.stringify(mapInput(inputs, 'InputPayload'))) };
  }
  if (inputs['Payload'] === undefined) return {};
  const { Payload: payload } = inputs;
  return { Payload: encodePayload(typeof payload === 'string' ? payload : JSON.stringify(payload)) };
}

function pick(members: StepContext['inputs'], names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in members).map((name) => [name, members[name]]));
}
