import { spellValue } from '../references.ts';
import { mapInput, type StepAction, type StepContext, StepFailedError, textInput } from './action.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html */
const MAX_SECONDS = 600;
const MAX_PAYLOAD_BYTES = 100 * 1024;
/** The runtimes of Python that the user guide has listed, newest last; PowerShell is not run here. */
const RUNTIME = /^python3\.(?:[6-9]|1[0-3])$/;

/**
 * `aws:executeScript`, for Python alone: what it returns is `Payload`, which the step's own selectors read.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html
 */
export const executeScript: StepAction = {
  required: ['Runtime', 'Handler', 'Script'],
  optional: ['InputPayload'],
  hasSelectors: true,
  outputs: ['Payload'],
  timeoutSeconds: MAX_SECONDS,
  run: async (context) => {
    const { inputs, step } = context;
    const { outcome, lastsMs } = await context.runScript({
      runtime: runtimeOf(inputs),
      handler: textInput(inputs, 'Handler'),
      script: textInput(inputs, 'Script'),
      input: mapInput(inputs, 'InputPayload'),
      timeoutSeconds: Math.min(step.timeoutSeconds ?? MAX_SECONDS, MAX_SECONDS),
    });
    if (lastsMs > 0) await context.sleep(lastsMs);
    if ('error' in outcome) throw new StepFailedError(outcome.error);
    const { value: Payload } = outcome;
    refuseTooLarge(Payload);
    return { outputs: { Payload }, response: { Payload } };
  },
};

/** What is wrong with the inputs of a script step; undefined when nothing is. */
export function problemOfScript(inputs: StepContext['inputs']): string | undefined {
  const { Runtime: runtime } = inputs;
  if (typeof runtime === 'string' && !runtime.includes('{{') && !RUNTIME.test(runtime))
    return `The sandbox runs Python only, such as python3.11, not ${runtime}.`;
  return undefined;
}

function runtimeOf(inputs: StepContext['inputs']): string {
  const problem = problemOfScript(inputs);
  if (problem !== undefined) throw new StepFailedError(problem);
  return textInput(inputs, 'Runtime');
}

function refuseTooLarge(value: unknown): void {
  const bytes = Buffer.byteLength(spellValue(value));
  if (bytes > MAX_PAYLOAD_BYTES)
    throw new StepFailedError(`The script returned ${bytes} bytes, and ${MAX_PAYLOAD_BYTES} may be`);
}
