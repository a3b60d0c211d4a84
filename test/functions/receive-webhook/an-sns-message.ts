import { generateKeyPairSync, sign } from 'node:crypto';

/** The topic that the tests pin. */
export const topicArn = 'arn:aws:sns:eu-central-1:123456789012:alarms';

/** Where its messages say their certificate is. */
export const certificateUrl =
  'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem';

/** The key that stands for Amazon's; short, because the tests sign ten thousand times. */
export const snsKeys = generateKeyPairSync('rsa', { modulusLength: 1024 });

const signed: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
};
const signedOfOthers = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** A message as SNS sends it at `now`, signed after the wishes were granted; `forged` members are changed afterwards. */
export function anSnsMessage(
  now: Date,
  wishes: Readonly<Record<string, unknown>> = {},
  forged: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const message: Record<string, unknown> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: topicArn,
    Subject: 'ALARM: "disk"',
    Message: '{"AlarmName":"disk"}',
    Timestamp: now.toISOString(),
    SignatureVersion: '2',
    SigningCertURL: certificateUrl,
    UnsubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=a-subscription',
    ...wishes,
  };
  const text = (signed[String(message['Type'])] ?? signedOfOthers)
    .filter((name) => message[name] !== undefined)
    .map((name) => `${name}\n${String(message[name])}\n`)
    .join('');
  const Signature = sign('sha256', Buffer.from(text), snsKeys.privateKey).toString('base64');
  return { ...message, Signature, ...forged };
}

/** What SNS sends before anything else. */
export function aConfirmation(now: Date, wishes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return anSnsMessage(now, {
    Type: 'SubscriptionConfirmation',
    Subject: undefined,
    Token: '2336412f37',
    SubscribeURL: `https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=2336412f37`,
    ...wishes,
  });
}
