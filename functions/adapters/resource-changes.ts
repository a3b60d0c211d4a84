import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { ResourceChange } from '../domain/track-record.ts';

/** Pages of 50 that are read at the most: CloudTrail allows two look-ups a second in an account and Region. */
const maxPages = 4;

/** Raised where a change may be among the events that were not read any more. */
export class TooManyEventsError extends Error {
  override readonly name = 'TooManyEventsError' as const;
}

/**
 * Who changed a resource, newest first, as CloudTrail knows it: management events of the last 90 days that were delivered
 * already, which takes about 5 minutes. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export class ResourceChanges {
  readonly #client: CloudTrailClient;

  constructor(client: CloudTrailClient) {
    this.#client = client;
  }

  /** Of the events the newest 200 are read; where none of these is a change and there are more, it throws. */
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
    const changes = events.filter(({ ReadOnly }) => ReadOnly !== 'true').map(changeOf);
    if (token && changes.length === 0)
      throw new TooManyEventsError(
        `CloudTrail has more than ${maxPages * 50} events of it, and the newest changed nothing`,
      );
    return changes;
  }
}

function changeOf({ EventName, Username, EventTime }: Event): ResourceChange {
  return {
    event_name: EventName ?? 'unknown',
    by: Username ?? 'unknown',
    at: EventTime?.toISOString() ?? 'unknown',
  };
}
