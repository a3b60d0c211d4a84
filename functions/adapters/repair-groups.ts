import {
  type AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AlertResource } from '../domain/alert.ts';
import type { GroupKind, RepairGroup } from '../domain/repair-group.ts';

/** Where the groups of AWS are asked about. */
export interface GroupClients {
  readonly autoScaling: AutoScalingClient;
  readonly ecs: ECSClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
}

/** Asks AWS which group a resource is in and how large it is: what an alert says of that is not believed. */
export class RepairGroups {
  readonly #clients: GroupClients;

  constructor(clients: GroupClients) {
    this.#clients = clients;
  }

  /** The group of a resource, or that the resource itself is. Undefined where AWS does not say, for whatever reason. */
  async read(kind: GroupKind, resource: AlertResource): Promise<RepairGroup | undefined> {
    try {
      return await this.#groups[kind](resource);
    } catch {
      return undefined;
    }
  }

  readonly #groups: Readonly<Record<GroupKind, (resource: AlertResource) => Promise<RepairGroup | undefined>>> = {
    'auto-scaling-group': async (resource) => this.#autoScalingGroupOf(resource),
    'ecs-service': async (resource) => this.#serviceOf(resource),
    'target-group': async (resource) => this.#targetGroupOf(resource),
  };

  /** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html */
  async #autoScalingGroupOf(resource: AlertResource): Promise<RepairGroup | undefined> {
    const name = await this.#autoScalingNameOf(resource);
    if (!name) return undefined;
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
    const { AutoScalingGroups: groups = [] } = await this.#clients.autoScaling.send(command);
    const group = groups.find(({ AutoScalingGroupName }) => AutoScalingGroupName === name);
    if (!group) return undefined;
    const inService = (group.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService');
    return { id: `auto-scaling-group:${name}`, size: inService.length };
  }

  async #autoScalingNameOf({ type, id }: AlertResource): Promise<string | undefined> {
    if (type === 'AWS::AutoScaling::AutoScalingGroup') return id;
    if (type !== 'AWS::EC2::Instance') return undefined;
    const command = new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] });
    const { AutoScalingInstances: instances = [] } = await this.#clients.autoScaling.send(command);
    return instances.find(({ InstanceId }) => InstanceId === id)?.AutoScalingGroupName;
  }

  /** The smaller of what runs and what is wanted. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
  async #serviceOf({ type, arn }: AlertResource): Promise<RepairGroup | undefined> {
    const [, cluster, name] = /:service\/([^/]+)\/([^/]+)$/.exec(arn ?? '') ?? [];
    if (type !== 'AWS::ECS::Service' || !arn || !cluster || !name) return undefined;
    const { services = [] } = await this.#clients.ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
    const [service] = services;
    if (service?.runningCount === undefined || service.desiredCount === undefined) return undefined;
    return { id: `ecs-service:${arn}`, size: Math.min(service.runningCount, service.desiredCount) };
  }

  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html */
  async #targetGroupOf({ type, arn }: AlertResource): Promise<RepairGroup | undefined> {
    if (type !== 'AWS::ElasticLoadBalancingV2::TargetGroup' || !arn) return undefined;
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: arn });
    const { TargetHealthDescriptions: targets } = await this.#clients.loadBalancing.send(command);
    const healthy = targets?.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy');
    return healthy && { id: `target-group:${arn}`, size: healthy.length };
  }
}
