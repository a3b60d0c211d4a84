import { verify } from 'node:crypto';
import { type Fields, readOptional } from '../domain/fields.ts';
import type { SnsCertificates } from './sns-certificates.ts';

/** A message that Amazon signed, of the topic it was expected from. */
export interface SnsMessage {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly id: string;
  /** What confirms a subscription; only on this topic's own host. Undefined for a notification. */
  readonly subscribeUrl?: string;
}

/**
 * Which members are signed, in this order, each as a line of its name and a line of its value:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html
 */
const signedMembers: Readonly<Record<SnsMessage['type'], readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/** All that is read of an envelope. The rest are keys to the subscription, or of no use once the signature was checked. */
const keptMembers = ['Type', 'MessageId', 'TopicArn', 'Subject', 'Message', 'Timestamp', 'MessageAttributes'];

/** SNS tries no longer than this: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
const maxAgeSeconds = 3600;
const maxAheadSeconds = 300;

/**
 * Reads a message of the topic `topicArn` whose signature of version 2 (SHA-256) fits. Undefined for any other: version 1
 * is SHA-1, which SNS uses until the topic's attribute SignatureVersion is set to 2.
 */
export async function readSnsMessage(
  body: Fields,
  topicArn: string,
  certificates: Pick<SnsCertificates, 'keyAt'>,
  now: Date,
): Promise<SnsMessage | undefined> {
  const type = typeOf(body);
  const [id, signature, certificateUrl] = ['MessageId', 'Signature', 'SigningCertURL'].map((name) =>
    readOptional(body, name),
  );
  if (!type || !id || !signature || !certificateUrl || readOptional(body, 'SignatureVersion') !== '2') return undefined;
  if (readOptional(body, 'TopicArn') !== topicArn || !isCurrent(readOptional(body, 'Timestamp'), now)) return undefined;
  if (!isCertificateUrl(certificateUrl, topicArn)) return undefined;
  const key = await certificates.keyAt(certificateUrl, now);
  const isSigned = key && verify('sha256', Buffer.from(textToSign(body, type)), key, Buffer.from(signature, 'base64'));
  if (!isSigned) return undefined;
  if (type === 'SubscriptionConfirmation' && !isSubscribeUrl(body, topicArn)) return undefined;
  return { type, id, ...(type !== 'Notification' && { subscribeUrl: readOptional(body, 'SubscribeURL') ?? '' }) };
}

/** What of a message may go on the bus. */
export function withoutSnsKeys(body: Fields): Fields {
  return Object.fromEntries(Object.entries(body).filter(([name]) => keptMembers.includes(name)));
}

/** Whether the message's URL confirms a subscription to this topic, and does nothing else. */
function isSubscribeUrl(body: Fields, topicArn: string): boolean {
  const url = snsUrl(readOptional(body, 'SubscribeURL') ?? '', topicArn);
  const query = url?.searchParams;
  return url?.pathname === '/' && query?.get('Action') === 'ConfirmSubscription' && query.get('TopicArn') === topicArn;
}

function isCertificateUrl(text: string, topicArn: string): boolean {
  const url = snsUrl(text, topicArn);
  return url?.search === '' && /^\/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem$/.test(url.pathname);
}

/** A URL on SNS's own host of the topic's Region, by https, at the usual port. */
function snsUrl(text: string, topicArn: string): URL | undefined {
  const [, partition, , region] = topicArn.split(':');
  const host = `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  // What a parser would forgive, such as a backslash or a user before the host, is nothing that SNS sends.
  if (!text.startsWith(`https://${host}/`) || /[\s\\@#]/.test(text)) return undefined;
  return URL.canParse(text) && new URL(text).host === host ? new URL(text) : undefined;
}

function typeOf(body: Fields): SnsMessage['type'] | undefined {
  const type = readOptional(body, 'Type');
  return type === 'Notification' || type === 'SubscriptionConfirmation' || type === 'UnsubscribeConfirmation'
    ? type
    : undefined;
}

function textToSign(body: Fields, type: SnsMessage['type']): string {
  const present = signedMembers[type].filter((name) => typeof body[name] === 'string');
  return present.map((name) => `${name}\n${String(body[name])}\n`).join('');
}

function isCurrent(timestamp: string | undefined, now: Date): boolean {
  const ageSeconds = (now.getTime() - Date.parse(timestamp ?? '')) / 1000;
  return ageSeconds <= maxAgeSeconds && ageSeconds >= -maxAheadSeconds;
}
