import { DescribeInstanceStatusCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Diagnostic } from '../diagnostic.ts';

/** An instance that is not of Nitro has no check of its volumes, and EC2 may say nothing of it. */
const withoutCheck = 'not-applicable';

/**
 * Whether EC2 sees the instance run, and what its status checks say: of the instance, of the system below it, and whether it
 * reaches its EBS volumes. Healthy only where it runs and has passed every check that there is.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html
 */
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
      attached_ebs_status: status?.AttachedEbsStatus?.Status ?? withoutCheck,
    };
    const { state, instance_status: instance, system_status: system, attached_ebs_status: ebs } = evidence;
    const checks = [instance, system, ...(ebs === withoutCheck ? [] : [ebs])];
    const isWell = state === 'running' && checks.every((check) => check === 'ok');
    const verdict = checks.includes('impaired') ? 'unhealthy' : isWell ? 'healthy' : 'unknown';
    const volumes = ebs === withoutCheck ? '' : `, attached EBS status ${ebs}`;
    const summary = `${resource.id} is ${state}: instance status ${instance}, system status ${system}${volumes}.`;
    return { verdict, summary, evidence };
  };
}
