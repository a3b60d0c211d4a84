import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { readTrail, type TrailCall } from '../../../adapters/trail.ts';
import type { FoundDeployment } from './deployment.ts';

/**
 * The deployments that calls of one name began; one that was refused began none. Of the events the newest 100 are read;
 * where none of these is about one and there are more, it throws: nobody may take that for nothing.
 */
export async function lookUp(
  cloudTrail: CloudTrailClient,
  name: string,
  [from, to]: readonly [Date, Date],
  read: (call: TrailCall) => readonly FoundDeployment[],
): Promise<readonly FoundDeployment[]> {
  const query = {
    attribute: { AttributeKey: 'EventName', AttributeValue: name },
    from,
    to,
    maxPages: 2,
    tooMany: `calls of ${name}, and the newest are of others`,
  } as const;
  return readTrail(cloudTrail, query, (call) => (call.refusal === undefined ? read(call) : []));
}
