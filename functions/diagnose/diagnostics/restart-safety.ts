import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import type { Diagnostic } from '../diagnostic.ts';

/** The tag by which an instance's owner lets Handsoff stop and start it; IAM enforces the same. */
const optIn = { key: 'handsoff', value: 'act' } as const;
/** The tag in which an instance that was cut off as evidence has noted what it was connected by. */
const evidence = 'handsoff-groups';

/**
 * Whether the instance's owner lets it be restarted, and whether it would come back from a stop as it was. Healthy means
 * both; unhealthy names every reason against it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ec2-instance-stop-start-works.html
 */
export function restartSafety(ec2: EC2Client): Diagnostic {
  return async ({ resource }) => {
    const { Reservations: reservations = [] } = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [resource.id] }),
    );
    const instance = reservations[0]?.Instances?.[0];
    if (!instance) return { verdict: 'unknown', summary: `EC2 knows no instance ${resource.id}.` };
    const account = resource.arn?.split(':')[4] ?? '';
    const looked = await Promise.all([
      protection(ec2, resource.id),
      storage(ec2, instance),
      encryption(ec2, resource.id, account),
    ]);
    const against = [
      ...permission(instance),
      ...custody(instance),
      ...placement(instance),
      ...address(instance),
      ...looked.flat(),
    ];
    if (against.length === 0) return { verdict: 'healthy', summary: 'A restart is allowed, and would lose nothing.' };
    return { verdict: 'unhealthy', summary: `It is not to be restarted: ${against.join('; ')}.`, evidence: against };
  };
}

function permission(instance: Instance): string[] {
  if (tagOf(instance, optIn.key) === optIn.value) return [];
  return [`not opted in: add the tag ${optIn.key}=${optIn.value} to ${instance.InstanceId} to let Handsoff restart it`];
}

/** A stop loses what is in memory: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html */
function custody(instance: Instance): string[] {
  if (tagOf(instance, evidence) === undefined) return [];
  return [`it is kept as evidence, and a stop loses its memory: whoever has cleared it takes the tag ${evidence} away`];
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html */
function placement(instance: Instance): string[] {
  const group = tagOf(instance, 'aws:autoscaling:groupName');
  const { InstanceLifecycle: lifecycle, Placement: place } = instance;
  return [
    ...(group ? [`the Auto Scaling group ${group} would terminate and replace it as soon as it stops`] : []),
    ...(lifecycle ? [`it is a ${lifecycle} instance, which may find no capacity to start again`] : []),
    ...(place?.Tenancy === 'host' ? ['it is on a Dedicated Host, which may be what is broken'] : []),
  ];
}

/** An address that Amazon owns was lent for as long as the instance runs; an Elastic IP belongs to the account. */
function address({ NetworkInterfaces: interfaces = [] }: Instance): string[] {
  return interfaces
    .filter(({ Association: association }) => association?.IpOwnerId === 'amazon')
    .map(({ Association: association }) => `it would lose its public address ${association?.PublicIp}`);
}

async function protection(ec2: EC2Client, id: string): Promise<string[]> {
  const answer = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'disableApiStop' }));
  return answer.DisableApiStop?.Value ? ['it is protected against being stopped'] : [];
}

/** Which instance store volumes are in use EC2 does not say, so a type that has any counts. */
async function storage(ec2: EC2Client, { RootDeviceType: root, InstanceType: type }: Instance): Promise<string[]> {
  if (root !== 'ebs') return ['its root device is instance store, with which it cannot be stopped'];
  const { InstanceTypes: types = [] } = await ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: type ? [type] : [] }),
  );
  const hasStore = types[0]?.InstanceStorageSupported;
  if (hasStore === undefined)
    return [`EC2 does not say whether ${type ?? 'its type'} has instance store, whose data a stop loses`];
  return hasStore ? [`${type} has instance store, whose data a stop loses`] : [];
}

/**
 * The automation may use the keys of its own account. Another account's would leave the instance stopped.
 * https://repost.aws/knowledge-center/kms-iam-ec2-permission
 */
async function encryption(ec2: EC2Client, id: string, account: string): Promise<string[]> {
  const Filters = [{ Name: 'attachment.instance-id', Values: [id] }];
  const { Volumes: volumes = [] } = await ec2.send(new DescribeVolumesCommand({ Filters }));
  if (volumes.length === 0) return ['EC2 shows none of its volumes, so with which keys it starts is not known'];
  return volumes
    .filter(({ KmsKeyId: key }) => key && key.split(':')[4] !== account)
    .map(
      ({ VolumeId: volume }) =>
        `${volume} is encrypted with a key of another account, which cannot be used to start it`,
    );
}

function tagOf({ Tags: tags = [] }: Instance, key: string): string | undefined {
  return tags.find((tag) => tag.Key === key)?.Value;
}
