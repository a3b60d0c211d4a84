import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../aws.ts';
import { spellValue } from '../references.ts';
import { select } from '../selector.ts';
import { POLL_MS, type StepAction, type StepContext, StepFailedError, listInput, textInput } from './action.ts';

/** Namespaces of Automation that the SDK spells otherwise. */
const SDK_NAMES: Readonly<Record<string, string>> = {
  'application-autoscaling': 'application-auto-scaling',
  autoscaling: 'auto-scaling',
  config: 'config-service',
  elb: 'elastic-load-balancing',
  elbv2: 'elastic-load-balancing-v2',
  events: 'eventbridge',
  logs: 'cloudwatch-logs',
  route53: 'route-53',
  secretsmanager: 'secrets-manager',
  stepfunctions: 'sfn',
};
const PROPERTY_INPUTS = ['Service', 'Api', 'PropertySelector', 'DesiredValues'];

/** `aws:executeAwsApi`: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeAwsApi.html */
export const executeAwsApi: StepAction = {
  required: ['Service', 'Api'],
  optional: [],
  isOpen: true,
  hasSelectors: true,
  outputs: [],
  run: async (context) => ({ response: await callApi(context) }),
};

/** `aws:waitForAwsResourceProperty`: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-waitForAwsResourceProperty.html */
export const waitForAwsResourceProperty: StepAction = {
  required: PROPERTY_INPUTS,
  optional: [],
  isOpen: true,
  hasSelectors: true,
  outputs: [],
  run: async (context) => {
    for (;;) {
      const response = await callApi(context);
      if (isDesired(context, response)) return { response };
      await context.sleep(POLL_MS);
    }
  },
};

/** `aws:assertAwsResourceProperty`: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-assertAwsResourceProperty.html */
export const assertAwsResourceProperty: StepAction = {
  required: PROPERTY_INPUTS,
  optional: [],
  isOpen: true,
  hasSelectors: true,
  outputs: [],
  run: async (context) => {
    const response = await callApi(context);
    if (isDesired(context, response)) return { response };
    const selector = textInput(context.inputs, 'PropertySelector');
    const desired = listInput(context.inputs, 'DesiredValues').join(', ');
    throw new StepFailedError(
      `Property value from the API output is not one of the desired values [${desired}]: ${selector} is ${JSON.stringify(select(selector, response))}`,
    );
  },
};

/** The SDK's client for a service as Automation spells it: `elbv2` is `elastic-load-balancing-v2`. */
export function spellService(service: string): string {
  const name = service.toLowerCase();
  return SDK_NAMES[name] ?? name;
}

/** The SDK's operation for an API that is written `describe_instances`, `describeInstances` or `DescribeInstances`. */
export function spellOperation(api: string): string {
  return api.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Fails as Automation words an error of an API. */
export async function callAsStep(
  context: Pick<StepContext, 'call'>,
  service: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  try {
    return await context.call(service, operation, input);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const message = `An error occurred (${error.name}) when calling the ${operation} operation: ${error.message}`;
    throw new StepFailedError(message, { cause: error });
  }
}

function callApi(context: StepContext): Promise<Record<string, unknown>> {
  const {
    Service: _service,
    Api: _api,
    PropertySelector: _selector,
    DesiredValues: _desired,
    ...input
  } = context.inputs;
  const service = spellService(textInput(context.inputs, 'Service'));
  return callAsStep(context, service, spellOperation(textInput(context.inputs, 'Api')), input);
}

/** Of a list, every element must have a desired value. */
function isDesired({ inputs }: StepContext, response: unknown): boolean {
  const desired = [inputs['DesiredValues']].flat().map(spellValue);
  const found = select(textInput(inputs, 'PropertySelector'), response);
  if (found === undefined) return false;
  if (!Array.isArray(found)) return desired.includes(spellProperty(found));
  return (
    found.length > 0 &&
    (found.every((item) => desired.includes(spellProperty(item))) || isDeepStrictEqual(found, inputs['DesiredValues']))
  );
}

/** A Boolean has a capital letter: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-assertAwsResourceProperty.html */
function spellProperty(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return spellValue(value);
}
