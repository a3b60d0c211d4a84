import { EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { restartSafety } from '../../../functions/diagnose/diagnostics/restart-safety.ts';
import { anAlert } from '../../support/an-alert.ts';

const id = 'i-0a1b2c3d4e5f60718';
const arn = `arn:aws:ec2:eu-central-1:123456789012:instance/${id}`;
const alert = anAlert({ resource: { type: 'AWS::EC2::Instance', id, arn } });
const now = new Date('2026-11-02T03:00:00Z');
const optedIn = { Key: 'handsoff', Value: 'act' };

/** What EC2 says of an instance that may be restarted. */
const safe = {
  DescribeInstancesCommand: {
    InstanceId: id,
    InstanceType: 'm7i.large',
    RootDeviceType: 'ebs',
    Placement: { Tenancy: 'default' },
    Tags: [optedIn],
    NetworkInterfaces: [{ Association: { IpOwnerId: '123456789012', PublicIp: '198.51.100.7' } }],
  },
  DescribeInstanceAttributeCommand: { DisableApiStop: { Value: false } },
  DescribeInstanceTypesCommand: { InstanceTypes: [{ InstanceStorageSupported: false }] },
  DescribeVolumesCommand: {
    Volumes: [{ VolumeId: 'vol-1', KmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/own' }, { VolumeId: 'vol-2' }],
  },
};
type Command = keyof typeof safe;

/** The finding about an instance of which EC2 says the same, but for these members. */
function findingOf(command: Command, changes: object) {
  const answers = new Map<string, object>(Object.entries(safe));
  answers.set(command, { ...safe[command], ...changes });
  const ec2 = Object.assign(new EC2Client({ region: 'eu-central-1' }), {
    send: async (sent: object) => {
      const name = sent.constructor.name;
      const answer = answers.get(name);
      return name === 'DescribeInstancesCommand' ? { Reservations: [{ Instances: [answer] }] } : answer;
    },
  });
  return restartSafety(ec2)(alert, now);
}

describe('restartSafety', () => {
  it('is healthy for an opted-in instance that loses nothing by a stop', async () => {
    expect(await findingOf('DescribeInstancesCommand', {})).toEqual({
      verdict: 'healthy',
      summary: 'A restart is allowed, and would lose nothing.',
    });
  });

  it.each<[string, Command, object, string]>([
    ['has no tag', 'DescribeInstancesCommand', { Tags: undefined }, `add the tag handsoff=act to ${id}`],
    [
      'is kept as evidence',
      'DescribeInstancesCommand',
      { Tags: [optedIn, { Key: 'handsoff-groups', Value: 'sg-1' }] },
      'it is kept as evidence',
    ],
    ['has another tag', 'DescribeInstancesCommand', { Tags: [{ Key: 'handsoff', Value: 'Act' }] }, 'not opted in'],
    [
      'is in an Auto Scaling group',
      'DescribeInstancesCommand',
      { Tags: [optedIn, { Key: 'aws:autoscaling:groupName', Value: 'web' }] },
      'the Auto Scaling group web would terminate and replace it',
    ],
    ['is Spot', 'DescribeInstancesCommand', { InstanceLifecycle: 'spot' }, 'it is a spot instance'],
    ['is on a Dedicated Host', 'DescribeInstancesCommand', { Placement: { Tenancy: 'host' } }, 'Dedicated Host'],
    [
      'is of a type that EC2 does not describe',
      'DescribeInstanceTypesCommand',
      { InstanceTypes: [] },
      'EC2 does not say whether m7i.large has instance store',
    ],
    ['has volumes that EC2 does not show', 'DescribeVolumesCommand', { Volumes: [] }, 'EC2 shows none of its volumes'],
    ['boots from instance store', 'DescribeInstancesCommand', { RootDeviceType: 'instance-store' }, 'root device'],
    [
      'has an address of Amazon',
      'DescribeInstancesCommand',
      { NetworkInterfaces: [{ Association: { IpOwnerId: 'amazon', PublicIp: '203.0.113.9' } }] },
      'it would lose its public address 203.0.113.9',
    ],
    [
      'is of a type with instance store',
      'DescribeInstanceTypesCommand',
      { InstanceTypes: [{ InstanceStorageSupported: true }] },
      'm7i.large has instance store',
    ],
    ['is of a type EC2 does not know', 'DescribeInstanceTypesCommand', { InstanceTypes: [] }, 'has instance store'],
    [
      'is protected',
      'DescribeInstanceAttributeCommand',
      { DisableApiStop: { Value: true } },
      'protected against being',
    ],
    [
      'has a volume under a key of others',
      'DescribeVolumesCommand',
      { Volumes: [{ VolumeId: 'vol-3', KmsKeyId: 'arn:aws:kms:eu-central-1:210987654321:key/theirs' }] },
      'vol-3 is encrypted with a key of another account',
    ],
  ])('is unhealthy and says why when the instance %s', async (_what, command, changes, why) => {
    const finding = await findingOf(command, changes);
    expect(finding.verdict).toBe('unhealthy');
    expect(finding.summary).toContain(why);
    expect(finding.evidence).toHaveLength(1);
  });

  it('names every reason at once', async () => {
    const finding = await findingOf('DescribeInstancesCommand', { Tags: [], InstanceLifecycle: 'spot' });
    expect(finding.evidence).toHaveLength(2);
  });

  it('does not know about an instance that EC2 does not know', async () => {
    const nobody = Object.assign(new EC2Client({ region: 'eu-central-1' }), {
      send: async () => ({ Reservations: [] }),
    });
    expect((await restartSafety(nobody)(alert, now)).verdict).toBe('unknown');
  });
});
