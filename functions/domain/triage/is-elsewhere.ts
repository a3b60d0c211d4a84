import type { Alert } from '../alert.ts';

/** Where Handsoff is deployed. */
export interface Here {
  readonly account: string;
  readonly region: string;
}

/**
 * Whether an alert is about something in another account or Region, whose events are sent on to this one: here a thing of
 * the same name may be another. An ARN without an account, such as a bucket's or that of an event of AWS Health, is of the
 * account that its event is of.
 */
export function isElsewhere({ resource, origin }: Alert, { account, region }: Here): boolean {
  const [, , , itsRegion = '', itsAccount = ''] = (resource.arn ?? '').split(':');
  if (itsAccount === '') return origin.account !== account;
  return itsAccount !== account || (itsRegion !== '' && itsRegion !== region);
}
