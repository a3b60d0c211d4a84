import { DescribeInstanceStatusCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Diagnostic } from '../diagnostic.ts';

/** Whether AWS has planned work on the instance; then it is AWS that acts, not we. */
export function scheduledEvents(ec2: EC2Client): Diagnostic {
  return async ({ resource }) => {
    const { InstanceStatuses: statuses = [] } = await ec2.send(
      new DescribeInstanceStatusCommand({ InstanceIds: [resource.id], IncludeAllInstances: true }),
    );
    const events = (statuses[0]?.Events ?? []).filter((event) => !event.Description?.startsWith('[Completed]'));
    if (events.length === 0) return { verdict: 'healthy', summary: 'AWS has planned no work on it.' };
    const shown = events.map((event) => `${event.Code ?? 'event'} from ${event.NotBefore?.toISOString() ?? 'soon'}`);
    return { verdict: 'unhealthy', summary: `AWS has planned work on it: ${shown.join(', ')}.`, evidence: shown };
  };
}
