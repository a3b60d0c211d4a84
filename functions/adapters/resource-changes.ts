import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { AlertResource } from '../domain/alert.ts';
import type { ResourceChange } from '../domain/track-record.ts';
import { readTrail, type TrailCall } from './trail.ts';

/** A change that somebody asked for and a service refused. */
export interface RefusedChange extends ResourceChange {
  /** Such as `Client.UnauthorizedOperation`. */
  readonly error_code: string;
}

/** What people did to a resource, newest first. */
export interface FoundChanges {
  readonly made: readonly ResourceChange[];
  /** What changed nothing: whoever looks at an incident may want to know of it all the same. */
  readonly refused: readonly RefusedChange[];
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

  /**
   * Some services name a resource in their events by its id, others by its ARN or by both; no document says which. Of the
   * events of either name the newest 200 are read; where none of these is a change and there are more, it throws.
   */
  async between({ id, arn = id }: AlertResource, from: Date, to: Date): Promise<FoundChanges> {
    const made = new Map<string, ResourceChange>();
    const refused = new Map<string, RefusedChange>();
    // One after the other: CloudTrail allows two look-ups a second.
    for (const name of new Set([id, arn])) {
      for (const change of await this.#named(name, from, to, refused)) made.set(JSON.stringify(change), change);
    }
    return { made: newestFirst(made), refused: newestFirst(refused) };
  }

  /** The changes made, which alone count as found; those refused are put aside. */
  #named(name: string, from: Date, to: Date, refused: Map<string, RefusedChange>): Promise<readonly ResourceChange[]> {
    const query = {
      attribute: { AttributeKey: 'ResourceName', AttributeValue: name },
      from,
      to,
      maxPages: 4,
      tooMany: 'events of it, and the newest changed nothing',
    } as const;
    return readTrail(this.#client, query, (call) => {
      if (call.isReading) return [];
      const change = changeOf(call);
      if (call.refusal === undefined) return [change];
      refused.set(JSON.stringify(change), { ...change, error_code: call.refusal });
      return [];
    });
  }
}

function newestFirst<Change extends ResourceChange>(found: ReadonlyMap<string, Change>): Change[] {
  return [...found.values()].sort((one, other) => (one.at < other.at ? 1 : -1));
}

function changeOf({ name, by, at }: TrailCall): ResourceChange {
  return { event_name: name, by, at: at?.toISOString() ?? 'unknown' };
}
