import type { Alert } from '../alert.ts';

/** Where Handsoff is deployed. */
export interface Here {
  readonly account: string;
  readonly region: string;
}

/**
 * Whether an alert is about something in another account or Region, whose events are sent on to this one: here a thing of
 * the same name may be another. An ARN without account or Region, such as a bucket's, is where its event says.
 */
export function isElsewhere({ resource, origin }: Alert, { account, region }: Here): boolean {
  const [, , , itsRegion = '', itsAccount = ''] = (resource.arn ?? '').split(':');
  return (itsAccount || origin.account) !== account || (itsRegion !== '' && itsRegion !== region);
}
