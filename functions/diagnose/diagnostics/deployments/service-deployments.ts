import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { ReadDeployments } from './deployment.ts';

/**
 * The deployments that an ECS service has: the one in progress or last completed, and those that it still drains.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
export function serviceDeployments(ecs: ECSClient): ReadDeployments {
  return async ({ arn, id }, from, to) => {
    const cluster = /:service\/([^/]+)\/[^/]+$/.exec(arn ?? '')?.[1];
    if (!cluster) throw new Error(`which cluster the service ${id} is in is not known`);
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [arn ?? id] }));
    const service = services[0];
    if (!service) throw new Error(`ECS knows no service ${id} in ${cluster}`);
    return (service.deployments ?? []).flatMap(({ createdAt, status, rolloutState, taskDefinition }) => {
      if (!createdAt || createdAt < from || createdAt > to) return [];
      const revision = taskDefinition?.split('/').at(-1) ?? 'an unknown task definition';
      const state = [status, rolloutState].filter(Boolean).join(', ').toLowerCase();
      return [{ what: `${revision} (${state})`, by: service.createdBy ?? 'somebody', at: createdAt }];
    });
  };
}
