import { describe, expect, it } from 'vitest';
import { grantsForCall, iamPrefixOf } from '../../../sandbox/world/grants.ts';

const PLACE = { account: '123456789012', region: 'eu-central-1' };
const HERE = 'eu-central-1:123456789012';

function grantsOf(name: string, input: Record<string, unknown> = {}): readonly string[] {
  const [service = '', operation = ''] = name.split(':');
  return grantsForCall(service, operation, input, PLACE).map(({ action, resource }) => `${action} ${resource}`);
}

describe('grantsForCall', () => {
  it('wants a grant for EC2 on every key once, of whoever starts an instance with volumes under customer managed keys', () => {
    const keys = [`arn:aws:kms:${HERE}:key/a`, `arn:aws:kms:${HERE}:key/b`];
    const needed = grantsForCall('ec2', 'StartInstances', { InstanceIds: ['i-1', 'i-2'] }, PLACE, () => keys);
    const context = { 'kms:GrantIsForAWSResource': ['true'], 'kms:ViaService': ['ec2.eu-central-1.amazonaws.com'] };
    expect(needed.slice(2)).toEqual(keys.map((resource) => ({ action: 'kms:CreateGrant', resource, context })));
    expect(needed.slice(0, 2).map(({ action }) => action)).toEqual(['ec2:StartInstances', 'ec2:StartInstances']);
    expect(grantsForCall('ec2', 'StopInstances', { InstanceIds: ['i-1'] }, PLACE, () => keys)).toHaveLength(1);
  });

  it('wants a grant to tag what is made with tags, and none where it is made without', () => {
    const InstanceSpecification = { InstanceId: 'i-1' };
    const TagSpecifications = [{ ResourceType: 'snapshot', Tags: [{ Key: 'evidence', Value: 'i-1' }] }];
    const tagged = grantsForCall('ec2', 'CreateSnapshots', { InstanceSpecification, TagSpecifications }, PLACE);
    expect(tagged.at(-1)).toEqual({
      action: 'ec2:CreateTags',
      resource: 'arn:aws:ec2:eu-central-1::snapshot/*',
      context: { 'ec2:CreateAction': ['CreateSnapshots'], 'aws:TagKeys': ['evidence'] },
    });
    const actions = grantsForCall('ec2', 'CreateSnapshots', { InstanceSpecification }, PLACE);
    expect(actions.map(({ action }) => action)).not.toContain('ec2:CreateTags');
  });

  it('gives the condition keys that a call has, from every item of its lists, and none that it has not', () => {
    const record = (Action: string, Name: string, Type: string) => ({ Action, ResourceRecordSet: { Name, Type } });
    const Changes = [record('CREATE', '_A.Example.com.', 'CNAME'), record('DELETE', 'b.example.com', 'A')];
    const [changing] = grantsForCall(
      'route-53',
      'ChangeResourceRecordSets',
      { HostedZoneId: 'Z1', ChangeBatch: { Changes } },
      PLACE,
    );
    expect(changing).toEqual({
      action: 'route53:ChangeResourceRecordSets',
      resource: 'arn:aws:route53:::hostedzone/Z1',
      context: {
        'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
        'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME', 'A'],
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['_a.example.com', 'b.example.com'],
      },
    });
    expect(grantsForCall('ec2', 'CreateTags', { Resources: ['i-1'] }, PLACE)[0]?.context).toEqual({});
  });

  it.each([
    [
      'ec2:StopInstances',
      { InstanceIds: ['i-1', 'i-2'] },
      [`ec2:StopInstances arn:aws:ec2:${HERE}:instance/i-1`, `ec2:StopInstances arn:aws:ec2:${HERE}:instance/i-2`],
    ],
    ['ec2:DescribeInstances', { InstanceIds: ['i-1'] }, ['ec2:DescribeInstances *']],
    ['ec2:GetConsoleOutput', { InstanceId: 'i-1' }, [`ec2:GetConsoleOutput arn:aws:ec2:${HERE}:instance/i-1`]],
    [
      'ec2:CreateTags',
      { Resources: ['i-1', 'snap-1', 'vol-1'] },
      [
        `ec2:CreateTags arn:aws:ec2:${HERE}:instance/i-1`,
        'ec2:CreateTags arn:aws:ec2:eu-central-1::snapshot/snap-1',
        `ec2:CreateTags arn:aws:ec2:${HERE}:volume/vol-1`,
      ],
    ],
    ['cloudwatch:DescribeAlarms', { AlarmNames: ['a'] }, ['cloudwatch:DescribeAlarms *']],
    [
      'cloudwatch:DisableAlarmActions',
      { AlarmNames: ['a'] },
      [`cloudwatch:DisableAlarmActions arn:aws:cloudwatch:${HERE}:alarm:a`],
    ],
    ['cloudwatch:GetMetricData', {}, ['cloudwatch:GetMetricData *']],
    ['cloudtrail:LookupEvents', {}, ['cloudtrail:LookupEvents *']],
    [
      'cloudwatch-logs:StartQuery',
      { logGroupIdentifiers: [`arn:aws:logs:${HERE}:log-group:/app:*`, '/web'] },
      [
        `logs:StartQuery arn:aws:logs:${HERE}:log-group:/app:log-stream:`,
        `logs:StartQuery arn:aws:logs:${HERE}:log-group:/web:log-stream:`,
      ],
    ],
    ['elastic-load-balancing-v2:DescribeTargetHealth', {}, ['elasticloadbalancing:DescribeTargetHealth *']],
    [
      'auto-scaling:SetDesiredCapacity',
      { AutoScalingGroupName: 'web' },
      [`autoscaling:SetDesiredCapacity arn:aws:autoscaling:${HERE}:autoScalingGroup:*:autoScalingGroupName/web`],
    ],
    ['ecs:UpdateService', { cluster: 'c', service: 's' }, [`ecs:UpdateService arn:aws:ecs:${HERE}:service/c/s`]],
    ['ecs:UpdateService', { service: 's' }, [`ecs:UpdateService arn:aws:ecs:${HERE}:service/default/s`]],
    [
      'ecs:UpdateService',
      { cluster: `arn:aws:ecs:${HERE}:cluster/c`, service: 's' },
      [`ecs:UpdateService arn:aws:ecs:${HERE}:service/c/s`],
    ],
    [
      'ecs:UpdateService',
      { cluster: 'c', service: `arn:aws:ecs:${HERE}:service/c/s` },
      [`ecs:UpdateService arn:aws:ecs:${HERE}:service/c/s`],
    ],
    [
      'lambda:UpdateAlias',
      { FunctionName: 'f', Name: 'live' },
      [`lambda:UpdateAlias arn:aws:lambda:${HERE}:function:f`],
    ],
    [
      'lambda:TagResource',
      { Resource: `arn:aws:lambda:${HERE}:function:f` },
      [`lambda:TagResource arn:aws:lambda:${HERE}:function:f`],
    ],
    [
      'ecs:TagResource',
      { resourceArn: `arn:aws:ecs:${HERE}:service/c/s` },
      [`ecs:TagResource arn:aws:ecs:${HERE}:service/c/s`],
    ],
    ['lambda:Invoke', { FunctionName: 'f' }, [`lambda:InvokeFunction arn:aws:lambda:${HERE}:function:f`]],
    [
      'rds:ModifyDBInstance',
      { DBInstanceIdentifier: 'db', DBParameterGroupName: 'pg' },
      [`rds:ModifyDBInstance arn:aws:rds:${HERE}:db:db`, `rds:ModifyDBInstance arn:aws:rds:${HERE}:pg:pg`],
    ],
    ['s3:ListObjectsV2', { Bucket: 'b' }, ['s3:ListBucket arn:aws:s3:::b']],
    ['ssm:GetParameter', { Name: 'a' }, [`ssm:GetParameter arn:aws:ssm:${HERE}:parameter/a`]],
    ['ssm:GetParameter', { Name: '/a/b' }, [`ssm:GetParameter arn:aws:ssm:${HERE}:parameter/a/b`]],
    [
      'sqs:PurgeQueue',
      { QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/q' },
      [`sqs:PurgeQueue arn:aws:sqs:${HERE}:q`],
    ],
    [
      'sqs:StartMessageMoveTask',
      { SourceArn: `arn:aws:sqs:${HERE}:dead` },
      [
        `sqs:StartMessageMoveTask arn:aws:sqs:${HERE}:dead`,
        `sqs:ReceiveMessage arn:aws:sqs:${HERE}:dead`,
        `sqs:DeleteMessage arn:aws:sqs:${HERE}:dead`,
        `sqs:GetQueueAttributes arn:aws:sqs:${HERE}:dead`,
        `sqs:SendMessage arn:aws:sqs:${HERE}:*`,
      ],
    ],
    ['s3:PutPublicAccessBlock', { Bucket: 'b' }, ['s3:PutBucketPublicAccessBlock arn:aws:s3:::b']],
    ['iam:UpdateAccessKey', { UserName: 'u' }, ['iam:UpdateAccessKey arn:aws:iam::123456789012:user/u']],
    [
      'elastic-load-balancing-v2:DeregisterTargets',
      { TargetGroupArn: `arn:aws:elasticloadbalancing:${HERE}:targetgroup/web/1` },
      [`elasticloadbalancing:DeregisterTargets arn:aws:elasticloadbalancing:${HERE}:targetgroup/web/1`],
    ],
    [
      'health:DescribeEventDetails',
      { eventArns: ['arn:aws:health:x::event/EC2/A/1'] },
      ['health:DescribeEventDetails arn:aws:health:x::event/EC2/A/1'],
    ],
  ])('needs for %s %j: %j', (name, input, expected) => {
    expect(grantsOf(name, input)).toEqual(expected);
  });

  it('refuses input that names no resource', () => {
    expect(() => grantsOf('ec2:StopInstances')).toThrow(expect.objectContaining({ name: 'ValidationException' }));
  });

  it('refuses an operation that changes something and is not in the table, and names the table', () => {
    expect(() => grantsOf('ec2:DeleteVpc', { VpcId: 'vpc-1' })).toThrow(/ec2:DeleteVpc.*grants\.yaml/);
    expect(() => grantsOf('ecs:UpdateServic')).toThrow('ecs:UpdateServic, which is no operation of that service');
  });

  it('refuses an id of a kind that it does not know', () => {
    expect(() => grantsOf('ec2:CreateTags', { Resources: ['vgw-1'] })).toThrow('vgw-1');
  });

  it.each([
    ['cloudwatch-logs', 'logs'],
    ['ec2', 'ec2'],
  ])('knows the IAM prefix of %s', (service, prefix) => {
    expect(iamPrefixOf(service)).toBe(prefix);
  });
});
