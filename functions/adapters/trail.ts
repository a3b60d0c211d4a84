import {
  type CloudTrailClient,
  type Event,
  LookupEventsCommand,
  type LookupAttribute,
} from '@aws-sdk/client-cloudtrail';
import { isRecord, readOptional } from './intake/fields.ts';

/** Raised where what is looked for may be among the events that were not read any more: nobody may take that for nothing. */
export class TooManyEventsError extends Error {
  override readonly name = 'TooManyEventsError' as const;
}

/** Which events of CloudTrail are read, and how many. */
export interface TrailQuery {
  readonly attribute: LookupAttribute;
  readonly from: Date;
  readonly to: Date;
  /** Pages of 50 that are read at the most: CloudTrail allows two look-ups a second in an account and Region. */
  readonly maxPages: number;
  /** Said after how many events there are, where none that was read tells anything. */
  readonly tooMany: string;
}

/**
 * What `read` makes of the newest events, newest first. Throws a `TooManyEventsError` where it makes nothing of them and
 * there are more. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export async function readTrail<Found>(
  client: CloudTrailClient,
  { attribute, from, to, maxPages, tooMany }: TrailQuery,
  read: (event: Event) => readonly Found[],
): Promise<readonly Found[]> {
  const found: Found[] = [];
  let token: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await client.send(
      new LookupEventsCommand({
        LookupAttributes: [attribute],
        StartTime: from,
        EndTime: to,
        MaxResults: 50,
        ...(token && { NextToken: token }),
      }),
    );
    found.push(...(answer.Events ?? []).flatMap(read));
    token = answer.NextToken;
    if (!token) break;
  }
  if (token && found.length === 0) throw new TooManyEventsError(`CloudTrail has more than ${maxPages * 50} ${tooMany}`);
  return found;
}

/** What was written down of a call, as CloudTrail keeps it; `{}` where an event does not have it. */
export function recordOf({ CloudTrailEvent: text }: Event): Record<string, unknown> {
  const record: unknown = JSON.parse(text ?? '{}');
  return isRecord(record) ? record : {};
}

/** Codes that say that a call was not carried out. After any other, such as one of a service's own faults, nobody knows. */
const refusal =
  /^Client\.|Denied|Unauthorized|NotAuthorized|Forbidden|Invalid|Validation|Malformed|NotFound|NoSuch|AlreadyExists|InUse|Conflict|LimitExceeded|QuotaExceeded|Throttl/;

/**
 * The error with which a call was refused, such as `Client.UnauthorizedOperation`; undefined where it was carried out, or
 * may have been. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function refusalOf(event: Event): string | undefined {
  const code = errorCodeOf(event);
  return code !== undefined && refusal.test(code) ? code : undefined;
}

/** Who made a call, and with which error it may have failed, where that leaves open whether it was carried out. */
export function callerOf(event: Event): string {
  const { Username: caller = 'somebody' } = event;
  const code = errorCodeOf(event);
  return code === undefined || refusal.test(code) ? caller : `${caller} (it may have failed: ${code})`;
}

function errorCodeOf(event: Event): string | undefined {
  return readOptional(recordOf(event), 'errorCode');
}
