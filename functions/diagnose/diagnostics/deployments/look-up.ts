import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { FoundDeployment } from './deployment.ts';

/** Pages of 50 that are read at the most: CloudTrail allows two look-ups a second in an account and Region. */
const maxPages = 2;

/** Raised where a deployment may be among the events that were not read any more. */
export class TooManyEventsError extends Error {
  override readonly name = 'TooManyEventsError' as const;
}

/**
 * The deployments that events of one name are about. Of the events the newest 100 are read; where none of these is about
 * one and there are more, it throws: nobody may take that for nothing.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export async function lookUp(
  cloudTrail: CloudTrailClient,
  name: string,
  [from, to]: readonly [Date, Date],
  read: (event: Event) => readonly FoundDeployment[],
): Promise<readonly FoundDeployment[]> {
  const found: FoundDeployment[] = [];
  let token: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await cloudTrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }],
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
  if (token && found.length === 0)
    throw new TooManyEventsError(
      `CloudTrail has more than ${maxPages * 50} calls of ${name}, and the newest are of others`,
    );
  return found;
}

/** The texts in what an event says was asked for; `{}` where the call failed, or the event says nothing. */
export function askedFor({ CloudTrailEvent: text }: Event): Readonly<Record<string, string>> {
  const event: unknown = JSON.parse(text ?? '{}');
  if (typeof event !== 'object' || event === null || 'errorCode' in event) return {};
  const asked = 'requestParameters' in event ? event.requestParameters : undefined;
  if (typeof asked !== 'object' || asked === null) return {};
  const texts = Object.entries(asked).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(texts);
}
