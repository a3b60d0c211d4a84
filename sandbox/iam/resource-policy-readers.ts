import { type Members, readPath, textsIn } from '../members.ts';
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

/** The kinds that the sandbox brings up: a template with any other is refused by name before it is read here. */
const READERS: Readonly<Record<string, Reader>> = {
  'AWS::SQS::QueuePolicy': ({ Queues: queues, PolicyDocument: document }, resource, assembly) => [
    { ...queuePolicy(document, resource), arns: textsIn(queues).map((url) => queueArn(url, assembly)) },
  ],
  'AWS::SNS::TopicPolicy': ({ Topics: topics, PolicyDocument: document }) => [
    { ...onlyPolicy(document), arns: textsIn(topics) },
  ],
  'AWS::DynamoDB::Table': ({ ResourcePolicy: policy }, { arn }) =>
    policy === undefined
      ? []
      : [
          {
            arns: textsIn([arn]),
            path: 'Properties.ResourcePolicy.PolicyDocument',
            document: readPath(policy, ['PolicyDocument']),
          },
        ],
  'AWS::Events::EventBus': ({ Policy: document }, resource) => {
    const policy = typeof document === 'string' ? parseText(document, resource, 'Policy') : document;
    return policy === undefined ? [] : [{ arns: textsIn([resource.arn]), path: 'Properties.Policy', document: policy }];
  },
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
