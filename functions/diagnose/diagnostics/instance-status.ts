import { DescribeInstanceStatusCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Diagnostic } from '../diagnostic.ts';

/** Whether EC2 sees the instance run, and what its two status checks say. */
export function instanceStatus(ec2: EC2Client): Diagnostic {
  return async ({ resource }) => {
    const { InstanceStatuses: statuses = [] } = await ec2.send(
      new DescribeInstanceStatusCommand({ InstanceIds: [resource.id], IncludeAllInstances: true }),
    );
    const status = statuses[0];
    const evidence = {
      state: status?.InstanceState?.Name ?? 'unknown',
      instance_status: status?.InstanceStatus?.Status ?? 'unknown',
      system_status: status?.SystemStatus?.Status ?? 'unknown',
    };
    const isImpaired = evidence.instance_status === 'impaired' || evidence.system_status === 'impaired';
    const summary = `${resource.id} is ${evidence.state}: instance status ${evidence.instance_status}, system status ${evidence.system_status}.`;
    return { verdict: status ? (isImpaired ? 'unhealthy' : 'healthy') : 'unknown', summary, evidence };
  };
}
