import { findSdkService, type SdkService } from './sdk-service.ts';

/** How a task goes on after its call: at once, when the job has ended, or when its token comes back. */
export type Pattern = 'request' | 'sync' | 'sync:2' | 'token';

/** What a Task's `Resource` names. */
export type TaskResource =
  | { readonly kind: 'function'; readonly arn: string }
  | { readonly kind: 'optimized'; readonly service: string; readonly action: string; readonly pattern: Pattern }
  | {
      readonly kind: 'sdk';
      readonly name: string;
      readonly service: SdkService;
      readonly action: string;
      readonly pattern: Pattern;
    };

/** Why a `Resource` cannot be used: AWS refuses it, or the sandbox lacks it. */
export interface ResourceProblem {
  readonly kind: 'invalid' | 'unsupported';
  readonly message: string;
}

const FUNCTION_ARN =
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(?::(?:\$LATEST|[A-Za-z0-9_-]+))?$/;
const ACTIVITY_ARN = /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:activity:.+$/;
const INTEGRATION_ARN =
  /^arn:aws[a-z-]*:states:[a-z0-9-]*:\d*:(?:(aws-sdk):)?([a-z0-9-]+):([A-Za-z0-9]+)(\.sync|\.sync:2|\.waitForTaskToken)?$/;
const PATTERNS = new Map<string | undefined, Pattern>([
  [undefined, 'request'],
  ['.sync', 'sync'],
  ['.sync:2', 'sync:2'],
  ['.waitForTaskToken', 'token'],
]);

interface Optimized {
  readonly patterns: readonly Pattern[];
  /** The parameters that it cannot do without. */
  readonly required: readonly string[];
}

/** The optimized integrations of the sandbox. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html */
const OPTIMIZED: ReadonlyMap<string, Optimized> = new Map<string, Optimized>([
  ['lambda:invoke', { patterns: ['request', 'token'], required: ['FunctionName'] }],
  ['states:startExecution', { patterns: ['request', 'sync', 'sync:2', 'token'], required: ['StateMachineArn'] }],
  ['sqs:sendMessage', { patterns: ['request', 'token'], required: ['QueueUrl', 'MessageBody'] }],
  ['sns:publish', { patterns: ['request', 'token'], required: ['Message'] }],
  ['events:putEvents', { patterns: ['request', 'token'], required: ['Entries'] }],
  ['dynamodb:getItem', { patterns: ['request'], required: ['TableName', 'Key'] }],
  ['dynamodb:putItem', { patterns: ['request'], required: ['TableName', 'Item'] }],
  ['dynamodb:updateItem', { patterns: ['request'], required: ['TableName', 'Key'] }],
  ['dynamodb:deleteItem', { patterns: ['request'], required: ['TableName', 'Key'] }],
]);

/** Services with optimized integrations that the sandbox does not have. */
const LACKING = new Set([
  'apigateway',
  'athena',
  'batch',
  'bedrock',
  'codebuild',
  'databrew',
  'ecs',
  'eks',
  'elasticmapreduce',
  'emr-containers',
  'emr-serverless',
  'glue',
  'http',
  'mediaconvert',
  'sagemaker',
]);

/** Reads the `Resource` of a Task. */
export function parseResource(arn: string): TaskResource | ResourceProblem {
  if (FUNCTION_ARN.test(arn)) return { kind: 'function', arn };
  if (ACTIVITY_ARN.test(arn)) return { kind: 'unsupported', message: `activities (${arn})` };
  const [, sdk, service, action, suffix] = INTEGRATION_ARN.exec(arn) ?? [];
  const pattern = PATTERNS.get(suffix);
  if (service === undefined || action === undefined || pattern === undefined) return unrecognized(arn);
  return sdk ? parseSdk(arn, service, action, pattern) : parseOptimized(arn, service, action, pattern);
}

/** True for what `parseResource` could not use. */
export function isProblem(resource: TaskResource | ResourceProblem): resource is ResourceProblem {
  return resource.kind === 'invalid' || resource.kind === 'unsupported';
}

/** The parameters that an optimized integration, such as `sns:publish`, cannot do without. */
export function requiredParameters(integration: string): readonly string[] {
  return OPTIMIZED.get(integration)?.required ?? [];
}

function parseOptimized(
  arn: string,
  service: string,
  action: string,
  pattern: Pattern,
): TaskResource | ResourceProblem {
  if (LACKING.has(service)) return { kind: 'unsupported', message: `the integration ${arn}` };
  const isKnown = OPTIMIZED.get(`${service}:${action}`)?.patterns.includes(pattern) ?? false;
  return isKnown ? { kind: 'optimized', service, action, pattern } : unrecognized(arn);
}

function parseSdk(arn: string, name: string, action: string, pattern: Pattern): TaskResource | ResourceProblem {
  const isForm = /^[a-z]/.test(action) && (pattern === 'request' || pattern === 'token');
  if (!isForm) return unrecognized(arn);
  const service = findSdkService(name);
  if (!service) return { kind: 'unsupported', message: `the AWS SDK integration of ${name} (${arn})` };
  return { kind: 'sdk', name, service, action, pattern };
}

function unrecognized(arn: string): ResourceProblem {
  const reason = 'The value is not a valid resource ARN, or the resource is not available in this region.';
  return { kind: 'invalid', message: `The resource provided ${arn} is not recognized. ${reason}` };
}
