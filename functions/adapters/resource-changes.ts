import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { ResourceChange } from '../domain/track-record.ts';

/** Pages of 50 that are read at the most: CloudTrail allows two look-ups a second in an account and Region. */
const maxPages = 4;

/**
 * Who changed a resource, newest first, as CloudTrail knows it: management events of the last 90 days that were delivered
 * already, which takes about 5 minutes. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export class ResourceChanges {
  readonly #client: CloudTrailClient;

  constructor(client: CloudTrailClient) {
    this.#client = client;
  }

  async between(resourceId: string, from: Date, to: Date): Promise<readonly ResourceChange[]> {
    const events: Event[] = [];
    let token: string | undefined;
    for (let page = 0; page < maxPages; page++) {
      const answer = await this.#client.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: resourceId }],
          StartTime: from,
          EndTime: to,
          MaxResults: 50,
          ...(token && { NextToken: token }),
        }),
      );
      events.push(...(answer.Events ?? []));
      token = answer.NextToken;
      if (!token) break;
    }
    return events.filter(({ ReadOnly }) => ReadOnly !== 'true').map(changeOf);
  }
}

function changeOf({ EventName, Username, EventTime }: Event): ResourceChange {
  return {
    event_name: EventName ?? 'unknown',
    by: Username ?? 'unknown',
    at: EventTime?.toISOString() ?? 'unknown',
  };
}
