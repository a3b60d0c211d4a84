import type { Publication } from './publish-input.ts';

/** What the envelope of one delivery says. */
export interface EnvelopeOptions {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subscriptionArn: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly publication: Publication;
  readonly protocol: string;
}

/** Nothing in the sandbox signs; these keep the members that real notifications have. */
const UNSIGNED = { SignatureVersion: '1', Signature: 'EXAMPLE' };

/** The JSON body of a notification in a queue. */
export function toQueueBody(options: EnvelopeOptions): string {
  const { subject, attributes } = options.publication;
  return JSON.stringify({
    Type: 'Notification',
    MessageId: options.messageId,
    TopicArn: options.topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: options.publication.textFor(options.protocol),
    Timestamp: options.timestamp,
    ...UNSIGNED,
    SigningCertURL: certificateUrl(options.topicArn),
    UnsubscribeURL: unsubscribeUrl(options),
    ...(Object.keys(attributes).length > 0 ? { MessageAttributes: toAttributes(options.publication) } : {}),
  });
}

/** The event that a function gets. */
export function toLambdaEvent(options: EnvelopeOptions): string {
  const Sns = {
    Type: 'Notification',
    MessageId: options.messageId,
    TopicArn: options.topicArn,
    Subject: options.publication.subject ?? null,
    Message: options.publication.textFor(options.protocol),
    Timestamp: options.timestamp,
    ...UNSIGNED,
    SigningCertUrl: certificateUrl(options.topicArn),
    UnsubscribeUrl: unsubscribeUrl(options),
    MessageAttributes: toAttributes(options.publication),
  };
  const record = { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: options.subscriptionArn, Sns };
  return JSON.stringify({ Records: [record] });
}

function toAttributes({ attributes }: Publication): Record<string, { Type: string; Value: string }> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue ?? '' },
    ]),
  );
}

function certificateUrl(topicArn: string): string {
  return `https://sns.${regionOf(topicArn)}.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem`;
}

function unsubscribeUrl({ topicArn, subscriptionArn }: EnvelopeOptions): string {
  return `https://sns.${regionOf(topicArn)}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`;
}

function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}
