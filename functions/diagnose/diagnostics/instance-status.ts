import { DescribeInstanceStatusCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Diagnostic } from '../diagnostic.ts';

/** Whether EC2 sees the instance run, and what its two status checks say: healthy only where it runs and both are passed. */
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
    const checks = [evidence.instance_status, evidence.system_status];
    const isWell = evidence.state === 'running' && checks.every((check) => check === 'ok');
    const verdict = checks.includes('impaired') ? 'unhealthy' : isWell ? 'healthy' : 'unknown';
    const summary = `${resource.id} is ${evidence.state}: instance status ${evidence.instance_status}, system status ${evidence.system_status}.`;
    return { verdict, summary, evidence };
  };
}
