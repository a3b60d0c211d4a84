import {
  type CloudTrailClient,
  type Event,
  LookupEventsCommand,
  type LookupAttribute,
} from '@aws-sdk/client-cloudtrail';
import { isRecord, readOptional } from '../domain/fields.ts';

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

/** A call as CloudTrail keeps it. */
export interface TrailCall {
  /** Such as `StopInstances`. */
  readonly name: string;
  /** Such as `ec2.amazonaws.com`. */
  readonly source: string | undefined;
  /** Who made it; and with which error it may have failed, where that leaves open whether it was carried out. */
  readonly by: string;
  readonly at: Date | undefined;
  /** Whether it only looked. */
  readonly isReading: boolean;
  /** The error with which it was refused, such as `Client.UnauthorizedOperation`; undefined where it may have been carried out. */
  readonly refusal: string | undefined;
  /** The texts in what was asked for; `{}` where CloudTrail says nothing of it. */
  readonly asked: Readonly<Record<string, string>>;
}

/**
 * What `read` makes of the newest calls, newest first. Throws a `TooManyEventsError` where it makes nothing of them and
 * there are more. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export async function readTrail<Found>(
  client: CloudTrailClient,
  { attribute, from, to, maxPages, tooMany }: TrailQuery,
  read: (call: TrailCall) => readonly Found[],
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
    found.push(...(answer.Events ?? []).map(callOf).flatMap(read));
    token = answer.NextToken;
    if (!token) break;
  }
  if (token && found.length === 0) throw new TooManyEventsError(`CloudTrail has more than ${maxPages * 50} ${tooMany}`);
  return found;
}

/** Codes that say that a call was not carried out. After any other, such as one of a service's own faults, nobody knows. */
const refused =
  /^Client\.|Denied|Unauthorized|NotAuthorized|Forbidden|Invalid|Validation|Malformed|NotFound|NoSuch|AlreadyExists|InUse|Conflict|LimitExceeded|QuotaExceeded|Throttl/;

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
function callOf(event: Event): TrailCall {
  const { EventName: name = 'unknown', EventSource: source, EventTime: at, Username: caller = 'somebody' } = event;
  const record: unknown = JSON.parse(event.CloudTrailEvent ?? '{}');
  const code = readOptional(record, 'errorCode');
  const isRefused = code !== undefined && refused.test(code);
  return {
    name,
    source,
    by: code === undefined || isRefused ? caller : `${caller} (it may have failed: ${code})`,
    at,
    isReading: event.ReadOnly === 'true',
    refusal: isRefused ? code : undefined,
    asked: textsIn(isRecord(record) ? record['requestParameters'] : undefined),
  };
}

function textsIn(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  const texts = Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? [[name, member] as const] : [],
  );
  return Object.fromEntries(texts);
}
