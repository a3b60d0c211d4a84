import type { Alert } from '../alert.ts';

/** Where Handsoff is deployed. */
export interface Here {
  readonly account: string;
  readonly region: string;
}

/**
 * Whether an alert is about something in another account or Region, whose events are sent on to this one: here a thing of
 * the same name may be another. What another account says of a thing of ours is elsewhere, too: its people may say it.
 */
export function isElsewhere({ resource, origin }: Alert, { account, region }: Here): boolean {
  if (origin.account !== account) return true;
  const [, , , itsRegion = '', itsAccount = ''] = (resource.arn ?? '').split(':');
  // Of no account is the ARN of a bucket, or of an event of AWS Health, whose Region says nothing.
  if (itsAccount === '') return false;
  return itsAccount !== account || (itsRegion !== '' && itsRegion !== region);
}
