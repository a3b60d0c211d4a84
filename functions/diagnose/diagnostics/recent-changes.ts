import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { Diagnostic } from '../diagnostic.ts';

/** How far back a change may lie to be worth a person's look, in minutes. CloudTrail shows events about 5 minutes late. */
const windowMinutes = 60;

/** Who changed the resource lately, as CloudTrail knows it. */
export function recentChanges(cloudTrail: CloudTrailClient): Diagnostic {
  return async ({ resource }, now) => {
    const { Events: events = [] } = await cloudTrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: resource.id }],
        StartTime: new Date(now.getTime() - windowMinutes * 60_000),
        EndTime: now,
        MaxResults: 50,
      }),
    );
    const changes = events
      .filter((event) => event.ReadOnly !== 'true')
      .map(
        (event) =>
          `${event.EventName} by ${event.Username ?? 'unknown'} at ${event.EventTime?.toISOString() ?? 'unknown'}`,
      );
    if (changes.length === 0)
      return { verdict: 'healthy', summary: `Nobody changed it in the last ${windowMinutes} minutes.` };
    return {
      verdict: 'unhealthy',
      summary: `Changed in the last ${windowMinutes} minutes: ${changes[0]}.`,
      evidence: changes,
    };
  };
}
