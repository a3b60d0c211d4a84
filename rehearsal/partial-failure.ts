import type { NormalizedSchema } from '@smithy/core/schema';
import { UnsupportedInSandboxError } from '../sandbox/aws.ts';
import { operationModel } from '../sandbox/wire/service-model.ts';

type Answer = Readonly<Record<string, unknown>>;

/** How AWS calls the list of an answer that says what did not succeed. */
const listName = /^(failures|failed\w*|unprocessed\w*|unsuccessful\w*|errors)$/i;
const said = 'INTERNAL_ERROR';

/**
 * The answer of an operation that succeeded, and in nothing: what its lists held is now in the one of what did not
 * succeed. Undefined where it has no such list: neither the SDK's client, if it is installed, nor `answer` knows one.
 */
export function failedInPart(service: string, operation: string, answer: Answer): Answer | undefined {
  if (service === 'cloudwatch' && operation === 'GetMetricData') return withoutValues(answer);
  const list = failuresOf(service, operation, answer);
  if (!list) return undefined;
  const lengths = Object.values(answer).map((value) => (Array.isArray(value) ? value.length : 0));
  const rest = Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? [] : value] as const);
  return { ...Object.fromEntries(rest), [list.name]: Array(Math.max(1, ...lengths)).fill(list.failure) };
}

/** The list of what did not succeed, and what stands in it. */
function failuresOf(service: string, operation: string, answer: Answer) {
  const members = membersOf(service, operation);
  const modelled = Object.entries(members).find(([name, schema]) => listName.test(name) && schema.isListSchema());
  if (modelled) return { name: modelled[0], failure: failureOf(modelled[1].getValueSchema()) };
  const name = Object.keys(answer).find((name) => listName.test(name) && Array.isArray(answer[name]));
  return name === undefined ? undefined : { name, failure: { Reason: said, reason: said, ErrorCode: said } };
}

/**
 * CloudWatch says of each metric whether it was read, and gives no values of one that was not.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html
 */
function withoutValues({ MetricDataResults: results, ...rest }: Answer): Answer | undefined {
  if (!Array.isArray(results)) return undefined;
  const failed = { Values: [], Timestamps: [], StatusCode: 'InternalError' };
  return { ...rest, MetricDataResults: results.map((result: object) => ({ ...result, ...failed })) };
}

function membersOf(service: string, operation: string): Readonly<Record<string, NormalizedSchema>> {
  try {
    const { output } = operationModel(service, operation);
    return output.isStructSchema() ? output.getMemberSchemas() : {};
  } catch (error) {
    if (error instanceof UnsupportedInSandboxError) return {};
    throw error;
  }
}

/** Every text of it says the same. */
function failureOf(schema: NormalizedSchema): unknown {
  if (!schema.isStructSchema()) return said;
  const members = Object.entries(schema.getMemberSchemas());
  const telling = members.filter(([, member]) => member.isStringSchema() || member.isStructSchema());
  return Object.fromEntries(telling.map(([name, member]) => [name, failureOf(member)]));
}
