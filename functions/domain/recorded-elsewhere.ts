import type { Alert, AlertResource } from './alert.ts';
import { type Here, isElsewhere } from './triage/is-elsewhere.ts';

/**
 * Where alone CloudTrail shows what is done to things without a Region, such as those of IAM.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-a-trail-by-using-the-aws-cli-update-trail.html
 */
const globalRegion = 'us-east-1';
const globalType = /^AWS::(?:IAM|CloudFront|Route53)::/;

/**
 * Why CloudTrail, asked in this account and Region, knows nothing of what is done to an alert's resource; undefined where it
 * does. Only then does an empty answer mean that nobody changed it.
 */
export function recordedElsewhere(alert: Alert, here: Here): string | undefined {
  const { resource, origin } = alert;
  const isOfOthers = 'it is in another account or Region, whose CloudTrail was not asked';
  if (isElsewhere(alert, here)) return isOfOthers;
  if (isGlobal(resource))
    return here.region === globalRegion ? undefined : `CloudTrail shows what is done to it in ${globalRegion} alone`;
  return regionOf(resource) === '' && origin.region !== here.region ? isOfOthers : undefined;
}

/** The ARN of a bucket has no Region, and yet the bucket has one; an access key has none but that of the event about it. */
function isGlobal({ arn, type }: AlertResource): boolean {
  const isInNoRegion = arn !== undefined && regionOf({ arn }) === '' && !arn.includes(':s3:::');
  return isInNoRegion || globalType.test(type);
}

function regionOf({ arn = '' }: Pick<AlertResource, 'arn'>): string {
  return arn.split(':')[3] ?? '';
}
