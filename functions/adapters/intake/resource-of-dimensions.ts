import type { AlertResource } from '../../domain/alert.ts';
import { resourceOfArn, typeOfArn } from './resource-of-arn.ts';

/** Where a resource lives: what an ARN needs beside the id. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** One row a kind of resource: the CloudWatch dimensions that name it, most telling first, and its ARN, which says its type. */
const kinds: readonly { dimensions: readonly string[]; service: string; resource: string; isArn?: true }[] = [
  { dimensions: ['InstanceId'], service: 'ec2', resource: 'instance/{0}' },
  { dimensions: ['ClusterName', 'ServiceName'], service: 'ecs', resource: 'service/{0}/{1}' },
  // A pod is no resource of AWS: its cluster is.
  { dimensions: ['Namespace', 'PodName', 'ClusterName'], service: 'eks', resource: 'cluster/{2}' },
  { dimensions: ['DBInstanceIdentifier'], service: 'rds', resource: 'db:{0}' },
  { dimensions: ['FunctionName'], service: 'lambda', resource: 'function:{0}' },
  { dimensions: ['QueueName'], service: 'sqs', resource: '{0}' },
  { dimensions: ['TableName'], service: 'dynamodb', resource: 'table/{0}' },
  // The dimension is the ARN itself.
  { dimensions: ['CertificateArn'], service: 'acm', resource: '{0}', isArn: true },
  // The dimension is the end of the ARN.
  { dimensions: ['LoadBalancer', 'TargetGroup'], service: 'elasticloadbalancing', resource: '{1}' },
];

/** The resource that a metric's dimensions name, or undefined when no kind fits. */
export function resourceOfDimensions(
  dimensions: Readonly<Record<string, string>>,
  place: Place,
): AlertResource | undefined {
  for (const kind of kinds) {
    const values = kind.dimensions.map((name) => dimensions[name]);
    if (values.includes(undefined)) continue;
    const resource = kind.resource.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '');
    const id = values.at(-1) ?? '';
    const own = `arn:${place.partition}:${kind.service}:${place.region}:${place.account}:`;
    // Whoever makes an alarm writes its dimensions: an ARN is believed where CloudWatch has one, and where it is ours.
    if (kind.isArn && id.startsWith(own)) return resourceOfArn(id);
    if (id.startsWith('arn:')) continue;
    const arn = own + resource;
    return { arn, type: typeOfArn(arn), id };
  }
  return undefined;
}
