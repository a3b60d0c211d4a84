import { UnsupportedInSandboxError } from '../aws.ts';

/** One subscription, with what AWS::SNS::Subscription says about it. */
export interface SubscriptionDescription {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** Sends the message to SQS as it is, without SNS's envelope. @default false */
  readonly rawMessageDelivery?: boolean;
  readonly filterPolicy?: unknown;
  readonly redrivePolicy?: unknown;
}

/** Protocols whose messages leave AWS, and are recorded here. */
const OUTSIDE = ['email', 'email-json', 'sms', 'http', 'https'];

/** Throws an `UnsupportedInSandboxError` for what the sandbox does not deliver, and a TypeError for what AWS refuses. */
export function refuseSubscription(subscription: SubscriptionDescription): void {
  const { protocol, endpoint, topicArn, filterPolicy, redrivePolicy, rawMessageDelivery } = subscription;
  const what = `the subscription of ${endpoint} to ${topicArn}`;
  if (filterPolicy !== undefined) throw new UnsupportedInSandboxError(`the filter policy of ${what}`);
  if (redrivePolicy !== undefined) throw new UnsupportedInSandboxError(`the redrive policy of ${what}`);
  if (!isDeliveredInside(protocol) && !OUTSIDE.includes(protocol))
    throw new UnsupportedInSandboxError(`the protocol ${protocol} of ${what}`);
  if (rawMessageDelivery && protocol !== 'sqs' && !protocol.startsWith('http'))
    throw new TypeError(`Raw message delivery is not for ${protocol}: ${what}.`);
}

/** True for protocols whose endpoint is an AWS resource. */
export function isDeliveredInside(protocol: string): boolean {
  return protocol === 'sqs' || protocol === 'lambda';
}
