import { isRecord, type Members, readPath, scalarText, textsIn } from '../members.ts';
import type { Assembly, Resource } from '../assembly/read-assembly.ts';
import { readPermission } from './lambda-permission.ts';
import { MalformedPolicyError } from './malformed-policy-error.ts';
import { checkQueuePolicy } from './quotas.ts';

/** One resource-based policy of a template and the resources that it belongs to. */
export interface ResourcePolicy {
  readonly stack: string;
  readonly logicalId: string;
  readonly path: string;
  readonly arns: readonly string[];
  /** A whole policy document, unless there is a `statement`. */
  readonly document?: unknown;
  readonly statement?: unknown;
  /** True when a second policy of this kind would replace the first. */
  readonly isOnly?: boolean;
}

type Found = Omit<ResourcePolicy, 'stack' | 'logicalId'>;
type Reader = (properties: Members, resource: Resource, assembly: Assembly) => readonly Found[];

/** Stands for every log group: the resource policies of CloudWatch Logs belong to the account. */
export const ALL_LOGS = 'arn:*:logs';

const READERS: Readonly<Record<string, Reader>> = {
  'AWS::SQS::QueuePolicy': ({ Queues: queues, PolicyDocument: document }, resource, assembly) => [
    { ...queuePolicy(document, resource), arns: textsIn(queues).map((url) => queueArn(url, assembly)) },
  ],
  'AWS::SQS::QueueInlinePolicy': ({ Queue: queue, PolicyDocument: document }, resource, assembly) => [
    { ...queuePolicy(document, resource), arns: textsIn([queue]).map((url) => queueArn(url, assembly)) },
  ],
  'AWS::SNS::TopicPolicy': ({ Topics: topics, PolicyDocument: document }) => [
    { ...onlyPolicy(document), arns: textsIn(topics) },
  ],
  'AWS::SNS::TopicInlinePolicy': ({ TopicArn: topic, PolicyDocument: document }) => [
    { ...onlyPolicy(document), arns: textsIn([topic]) },
  ],
  'AWS::S3::BucketPolicy': ({ Bucket: bucket, PolicyDocument: document }, _resource, { partition }) => [
    { ...onlyPolicy(document), arns: textsIn([bucket]).map((name) => `arn:${partition}:s3:::${name}`) },
  ],
  'AWS::SecretsManager::ResourcePolicy': ({ SecretId: secret, ResourcePolicy: document }) => [
    { arns: textsIn([secret]), path: 'Properties.ResourcePolicy', document, isOnly: true },
  ],
  'AWS::KMS::Key': ({ KeyPolicy: document }, { arn }) =>
    document === undefined ? [] : [{ arns: textsIn([arn]), path: 'Properties.KeyPolicy', document }],
  'AWS::Logs::ResourcePolicy': ({ PolicyDocument: document }, resource) => [
    { arns: [ALL_LOGS], path: 'Properties.PolicyDocument', document: parseText(document, resource, 'PolicyDocument') },
  ],
  'AWS::DynamoDB::Table': ({ ResourcePolicy: policy }, { arn }) =>
    policy === undefined ? [] : [{ arns: textsIn([arn]), ...tablePolicy(policy, 'Properties.ResourcePolicy') }],
  'AWS::DynamoDB::GlobalTable': ({ Replicas: replicas }, { arn }, { region }) =>
    (Array.isArray(replicas) ? replicas : []).flatMap((replica: unknown, index) => {
      const policy = readPath(replica, ['ResourcePolicy']);
      if (policy === undefined || readPath(replica, ['Region']) !== region) return [];
      return [{ arns: textsIn([arn]), ...tablePolicy(policy, `Properties.Replicas[${index}].ResourcePolicy`) }];
    }),
  'AWS::Events::EventBus': ({ Policy: document }, resource) => {
    const policy = typeof document === 'string' ? parseText(document, resource, 'Policy') : document;
    return policy === undefined ? [] : [{ arns: textsIn([resource.arn]), path: 'Properties.Policy', document: policy }];
  },
  'AWS::Events::EventBusPolicy': readEventBusPolicy,
  'AWS::Lambda::Permission': (properties, resource, assembly) => [readPermission(properties, resource, assembly)],
};

/** The resource-based policies that one resource of a template sets; none for most types. */
export function readResourcePolicies(resource: Resource, assembly: Assembly): readonly ResourcePolicy[] {
  const { stack, logicalId, type, properties } = resource;
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  return (reader?.(properties, resource, assembly) ?? []).map((found) => ({ stack, logicalId, ...found }));
}

function onlyPolicy(document: unknown) {
  return { path: 'Properties.PolicyDocument', document, isOnly: true };
}

function queuePolicy(document: unknown, { stack, logicalId }: Resource) {
  checkQueuePolicy(document ?? {}, `${stack}/${logicalId}`);
  return onlyPolicy(document);
}

function tablePolicy(policy: unknown, path: string) {
  return { path: `${path}.PolicyDocument`, document: readPath(policy, ['PolicyDocument']) };
}

function readEventBusPolicy(properties: Members, resource: Resource, assembly: Assembly): readonly Found[] {
  const {
    EventBusName: name,
    Statement: statement,
    StatementId: sid,
    Action: action,
    Principal: principal,
  } = properties;
  const prefix = `arn:${assembly.partition}:events:${assembly.region}:${assembly.account}:event-bus/`;
  const bus = scalarText(name) ?? 'default';
  const arn = bus.startsWith('arn:') ? bus : `${prefix}${bus}`;
  if (statement !== undefined) {
    if (!isRecord(statement))
      throw new MalformedPolicyError(`${resource.stack}/${resource.logicalId}`, 'Statement is not an object.');
    return [{ arns: [arn], path: 'Properties.Statement', statement: { Sid: sid, ...statement } }];
  }
  const grantee = principal === '*' ? '*' : { AWS: principal };
  const legacy = { Sid: sid, Effect: 'Allow', Principal: grantee, Action: action, Resource: arn };
  return [{ arns: [arn], path: 'Properties', statement: legacy }];
}

function queueArn(url: string, assembly: Assembly): string {
  const known = assembly.byPhysicalId('AWS::SQS::Queue', url)?.arn;
  if (known) return known;
  const [name = '', account = ''] = url.split('/').reverse();
  return `arn:${assembly.partition}:sqs:${assembly.region}:${account}:${name}`;
}

function parseText(document: unknown, { stack, logicalId }: Resource, property: string): unknown {
  try {
    return JSON.parse(String(document));
  } catch (cause) {
    throw new MalformedPolicyError(
      `${stack}/${logicalId} Properties.${property}`,
      `the policy is not JSON: ${String(cause)}`,
    );
  }
}
