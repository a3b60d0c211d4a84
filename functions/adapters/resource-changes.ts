import type { CloudTrailClient, Event } from '@aws-sdk/client-cloudtrail';
import type { AlertResource } from '../domain/alert.ts';
import type { ResourceChange } from '../domain/track-record.ts';
import { readTrail } from './trail.ts';

/**
 * Who changed a resource, newest first, as CloudTrail knows it: management events of the last 90 days that were delivered
 * already, which takes about 5 minutes. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export class ResourceChanges {
  readonly #client: CloudTrailClient;

  constructor(client: CloudTrailClient) {
    this.#client = client;
  }

  /**
   * Some services name a resource in their events by its id, others by its ARN or by both; no document says which. Of the
   * events of either name the newest 200 are read; where none of these is a change and there are more, it throws.
   */
  async between({ id, arn = id }: AlertResource, from: Date, to: Date): Promise<readonly ResourceChange[]> {
    const found = new Map<string, ResourceChange>();
    // One after the other: CloudTrail allows two look-ups a second.
    for (const name of new Set([id, arn])) {
      for (const change of await this.#named(name, from, to)) found.set(JSON.stringify(change), change);
    }
    return [...found.values()].sort((one, other) => (one.at < other.at ? 1 : -1));
  }

  #named(name: string, from: Date, to: Date): Promise<readonly ResourceChange[]> {
    const query = {
      attribute: { AttributeKey: 'ResourceName', AttributeValue: name },
      from,
      to,
      maxPages: 4,
      tooMany: 'events of it, and the newest changed nothing',
    } as const;
    return readTrail(this.#client, query, (event) => (event.ReadOnly === 'true' ? [] : [changeOf(event)]));
  }
}

function changeOf({ EventName, Username, EventTime }: Event): ResourceChange {
  return {
    event_name: EventName ?? 'unknown',
    by: Username ?? 'unknown',
    at: EventTime?.toISOString() ?? 'unknown',
  };
}
