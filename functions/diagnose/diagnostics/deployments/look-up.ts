import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';

/** Pages of 50 that are read at the most: CloudTrail allows two look-ups a second in an account and Region. */
const maxPages = 2;

/**
 * Events of one name, newest first, 100 at the most.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export async function lookUp(cloudTrail: CloudTrailClient, name: string, from: Date, to: Date): Promise<Event[]> {
  const found: Event[] = [];
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
    found.push(...(answer.Events ?? []));
    token = answer.NextToken;
    if (!token) break;
  }
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
