import type { CloudTrailClient, Event } from '@aws-sdk/client-cloudtrail';
import { readTrail, recordOf, refusalOf } from '../../../adapters/trail.ts';
import type { FoundDeployment } from './deployment.ts';

/**
 * The deployments that events of one name are about. Of the events the newest 100 are read; where none of these is about
 * one and there are more, it throws: nobody may take that for nothing.
 */
export async function lookUp(
  cloudTrail: CloudTrailClient,
  name: string,
  [from, to]: readonly [Date, Date],
  read: (event: Event) => readonly FoundDeployment[],
): Promise<readonly FoundDeployment[]> {
  const query = {
    attribute: { AttributeKey: 'EventName', AttributeValue: name },
    from,
    to,
    maxPages: 2,
    tooMany: `calls of ${name}, and the newest are of others`,
  } as const;
  return readTrail(cloudTrail, query, read);
}

/** The texts in what an event says was asked for; `{}` where the call was refused, or the event says nothing. */
export function askedFor(event: Event): Readonly<Record<string, string>> {
  const { requestParameters: asked } = recordOf(event);
  if (typeof asked !== 'object' || asked === null || refusalOf(event) !== undefined) return {};
  const texts = Object.entries(asked).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(texts);
}
