import { describe, expect, it } from 'vitest';
import { RepairGroups } from '../../../functions/adapters/repair-groups.ts';
import type { AlertResource } from '../../../functions/domain/alert.ts';
import type { GroupKind } from '../../../functions/domain/repair-group.ts';
import { awsAnswers } from './aws-answers.ts';

const instance = { type: 'AWS::EC2::Instance', id: 'i-1' };
const group = { type: 'AWS::AutoScaling::AutoScalingGroup', id: 'web' };
const serviceArn = 'arn:aws:ecs:eu-central-1:123456789012:service/shop/checkout';
const service = { type: 'AWS::ECS::Service', id: 'checkout', arn: serviceArn };
const targetsArn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
const targets = { type: 'AWS::ElasticLoadBalancingV2::TargetGroup', id: 'web', arn: targetsArn };
const member = { InstanceId: 'i-1', AutoScalingGroupName: 'web' };
const inService = (count: number) => Array.from({ length: count }, () => ({ LifecycleState: 'InService' }));
const web = { AutoScalingGroupName: 'web', Instances: [...inService(8), { LifecycleState: 'Pending' }] };
const answers = {
  DescribeAutoScalingInstancesCommand: { AutoScalingInstances: [member] },
  DescribeAutoScalingGroupsCommand: { AutoScalingGroups: [web] },
  DescribeServicesCommand: { services: [{ runningCount: 3, desiredCount: 4 }] },
  DescribeTargetHealthCommand: {
    TargetHealthDescriptions: ['healthy', 'healthy', 'healthy', 'draining'].map((State) => ({
      TargetHealth: { State },
    })),
  },
};

function read(kind: GroupKind, resource: AlertResource, changes: Readonly<Record<string, object>> = {}) {
  const all = { ...answers, ...changes };
  const clients = {
    autoScaling: awsAnswers(all),
    ecs: awsAnswers(all),
    loadBalancing: awsAnswers(all),
  };
  return new RepairGroups(clients).read(kind, resource);
}

describe('RepairGroups', () => {
  it.each<[string, GroupKind, AlertResource, object]>([
    [
      'the group of an instance, by its members in service',
      'auto-scaling-group',
      instance,
      { id: 'auto-scaling-group:web', size: 8 },
    ],
    [
      'the same group for an alarm on the group itself',
      'auto-scaling-group',
      group,
      { id: 'auto-scaling-group:web', size: 8 },
    ],
    [
      'a service by the smaller of what runs and what is wanted',
      'ecs-service',
      service,
      { id: `ecs-service:${serviceArn}`, size: 3 },
    ],
    ['a target group by its healthy targets', 'target-group', targets, { id: `target-group:${targetsArn}`, size: 3 }],
  ])('tells %s', async (_what, kind, resource, expected) => {
    expect(await read(kind, resource)).toEqual(expected);
  });

  it.each<[string, GroupKind, AlertResource, Readonly<Record<string, object>>]>([
    ['AWS does not answer', 'auto-scaling-group', instance, { DescribeAutoScalingInstancesCommand: new Error('down') }],
    ['an instance is in no group', 'auto-scaling-group', instance, { DescribeAutoScalingInstancesCommand: {} }],
    [
      'the group is gone',
      'auto-scaling-group',
      instance,
      { DescribeAutoScalingGroupsCommand: { AutoScalingGroups: [] } },
    ],
    [
      'the group cannot be read',
      'auto-scaling-group',
      group,
      { DescribeAutoScalingGroupsCommand: new Error('AccessDenied') },
    ],
    ['the service is gone', 'ecs-service', service, { DescribeServicesCommand: { services: [] } }],
    ['the service has no numbers', 'ecs-service', service, { DescribeServicesCommand: { services: [{}] } }],
    [
      'the target group is gone',
      'target-group',
      targets,
      { DescribeTargetHealthCommand: new Error('TargetGroupNotFound') },
    ],
    ['the resource is of no such group', 'target-group', instance, {}],
    ['the resource is no service', 'ecs-service', instance, {}],
    ['the resource is no instance', 'auto-scaling-group', service, {}],
  ])('knows nothing where %s', async (_what, kind, resource, changes) => {
    expect(await read(kind, resource, changes)).toBeUndefined();
  });
});
