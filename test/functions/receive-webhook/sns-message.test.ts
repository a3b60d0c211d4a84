import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readSnsMessage, withoutSnsKeys } from '../../../functions/receive-webhook/sns-message.ts';
import { aConfirmation, anSnsMessage, certificateUrl, snsKeys, topicArn } from './an-sns-message.ts';
import { now } from './a-webhook.ts';

/** Reads a message, and tells which certificates were asked for. */
async function read(message: Record<string, unknown>, at = now, topic = topicArn) {
  const asked: string[] = [];
  const keyAt = async (url: string) => {
    asked.push(url);
    return snsKeys.publicKey;
  };
  return { message: await readSnsMessage(message, topic, { keyAt }, at), asked };
}
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('readSnsMessage', () => {
  it('reads a notification that Amazon signed', async () => {
    const id = '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324';
    expect(await read(anSnsMessage(now))).toEqual({ message: { type: 'Notification', id }, asked: [certificateUrl] });
  });

  it('reads one without a subject', async () => {
    expect((await read(anSnsMessage(now, { Subject: undefined }))).message).toMatchObject({ type: 'Notification' });
  });

  it('reads a confirmation with the URL that confirms it', async () => {
    const confirmation = aConfirmation(now);
    expect((await read(confirmation)).message).toMatchObject({
      type: 'SubscriptionConfirmation',
      subscribeUrl: confirmation['SubscribeURL'],
    });
  });

  it.each(['Message', 'MessageId', 'Subject', 'Timestamp'])('refuses a changed %s', async (name) => {
    const other = name === 'Timestamp' ? at(1).toISOString() : 'other';
    expect((await read(anSnsMessage(now, {}, { [name]: other }))).message).toBeUndefined();
  });

  it.each(['Message', 'Token', 'SubscribeURL', 'Type'])('refuses a confirmation with a changed %s', async (name) => {
    const original = String(aConfirmation(now)[name]);
    const changed = name === 'Type' ? 'Notification' : `${original}0`;
    expect((await read({ ...aConfirmation(now), [name]: changed })).message).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>]>([
    ['another topic', { TopicArn: 'arn:aws:sns:eu-central-1:210987654321:alarms' }],
    ['a topic of another Region', { TopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms' }],
    ['version 1, which is SHA-1', { SignatureVersion: '1' }],
    ['a version that is a number', { SignatureVersion: 2 }],
    ['no signature', { Signature: undefined }],
    ['an empty signature', { Signature: '' }],
    ['another type', { Type: 'Other' }],
    ['a type named like a member of every object', { Type: 'constructor' }],
    ['no id', { MessageId: '' }],
    ['no time', { Timestamp: 'yesterday' }],
    [
      'a certificate of another host',
      { SigningCertURL: certificateUrl.replace('amazonaws.com', 'amazonaws.com.evil.tld') },
    ],
    ['a certificate of another Region', { SigningCertURL: certificateUrl.replace('eu-central-1', 'us-east-1') }],
    ['a certificate by http', { SigningCertURL: certificateUrl.replace('https', 'http') }],
    ['a certificate behind a user', { SigningCertURL: certificateUrl.replace('https://', 'https://evil@') }],
    ['a certificate at another port', { SigningCertURL: certificateUrl.replace('.com/', '.com:8443/') }],
    ['a certificate behind a host that hides', { SigningCertURL: certificateUrl.replace('.com/', '.com\\@evil.tld/') }],
    ['a certificate behind a line break', { SigningCertURL: certificateUrl.replace('.com/', '.com/\n') }],
    ['a certificate that is another file', { SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/other.pem' }],
    ['a certificate with a query', { SigningCertURL: `${certificateUrl}?Action=Subscribe` }],
    ['a certificate elsewhere in the path', { SigningCertURL: certificateUrl.replace('/Simple', '/../a/Simple') }],
    ['a bucket of that name', { SigningCertURL: certificateUrl.replace('https://sns.', 'https://sns.s3.') }],
  ])('refuses %s before it asks anybody anything', async (_what, forged) => {
    expect(await read(anSnsMessage(now, {}, forged))).toEqual({ message: undefined, asked: [] });
  });

  it('refuses the signature of another key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const Signature = sign('sha256', Buffer.from('Message\nx\n'), privateKey).toString('base64');
    expect((await read(anSnsMessage(now, {}, { Signature }))).message).toBeUndefined();
  });

  it('refuses what no valid certificate vouches for', async () => {
    const keyAt = async () => undefined;
    expect(await readSnsMessage(anSnsMessage(now), topicArn, { keyAt }, now)).toBeUndefined();
  });

  it.each([
    [3600, true],
    [3601, false],
    [-300, true],
    [-301, false],
  ])('%d seconds after it was published is read: %s', async (seconds, expected) => {
    expect((await read(anSnsMessage(now), at(seconds))).message !== undefined).toBe(expected);
  });

  it.each([
    'http://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=TOPIC&Token=1',
    'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=TOPIC&Token=1',
    'https://sns.eu-central-1.amazonaws.com.evil.tld/?Action=ConfirmSubscription&TopicArn=TOPIC&Token=1',
    'https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe&TopicArn=TOPIC&Token=1',
    'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=other&Token=1',
    'https://169.254.169.254/?Action=ConfirmSubscription&TopicArn=TOPIC',
    'http://localhost:9001/',
    '',
  ])('refuses a confirmation by %s, signed or not', async (url) => {
    const SubscribeURL = url.replace('TOPIC', topicArn);
    expect((await read(aConfirmation(now, { SubscribeURL }))).message).toBeUndefined();
  });

  it('knows the hosts of China by their own name', async () => {
    const topic = topicArn.replace('aws:sns:eu-central-1', 'aws-cn:sns:cn-north-1');
    const SigningCertURL = 'https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-1.pem';
    expect((await read(anSnsMessage(now, { TopicArn: topic, SigningCertURL }), now, topic)).message).toBeDefined();
  });
});

describe('withoutSnsKeys', () => {
  it('keeps the message and drops what opens the subscription', () => {
    const kept = withoutSnsKeys({ ...aConfirmation(now), MessageAttributes: {} });
    expect(Object.keys(kept).sort()).toEqual([
      'Message',
      'MessageAttributes',
      'MessageId',
      'Subject',
      'Timestamp',
      'TopicArn',
      'Type',
    ]);
  });
});
