import { describe, expect, it } from 'vitest';
import { type AwsCall, AwsError } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { Sns, type SubscriptionDescription } from '../../../sandbox/sns/sns.ts';

const TopicArn = 'arn:aws:sns:us-east-1:123456789012:alarms';
const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:inbox';
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:notify';

function anSns(...subscriptions: Omit<SubscriptionDescription, 'topicArn'>[]) {
  const clock = new VirtualClock(0);
  const made: AwsCall[] = [];
  const sns = new Sns({
    clock,
    call: async (call) => {
      if (call.input['FunctionName'] === 'gone') throw new AwsError('ResourceNotFoundException', 'gone', 404);
      made.push(call);
      return {};
    },
    topics: [{ arn: TopicArn }],
    subscriptions: subscriptions.map((subscription) => ({ topicArn: TopicArn, ...subscription })),
  });
  const call = (operation: string, input: Record<string, unknown>) =>
    sns.answer({
      service: 'sns',
      operation,
      input: { TopicArn, ...input },
      principal: { kind: 'role', arn: 'role' },
    });
  return { clock, made, sns, call };
}

/** An entry of a batch that is small but for its attribute: 150 KB. */
function heavyEntry(Id: string) {
  return {
    Id,
    Message: 'small',
    MessageAttributes: { heavy: { DataType: 'String', StringValue: 'x'.repeat(150_000) } },
  };
}

describe('Sns', () => {
  it('delivers its envelope to a queue, as itself and for the topic', async () => {
    const { clock, made, call, sns } = anSns({ protocol: 'sqs', endpoint: QUEUE });
    const { MessageId } = await call('Publish', { Message: 'hello', Subject: 'Hi' });
    await clock.run();
    expect(made).toMatchObject([{ service: 'sqs', operation: 'SendMessage' }]);
    expect(made[0]?.principal).toEqual({ kind: 'service', arn: 'sns.amazonaws.com', sourceArn: TopicArn });
    const body: unknown = JSON.parse(String(made[0]?.input['MessageBody']));
    expect(body).toMatchObject({ Type: 'Notification', MessageId, TopicArn, Subject: 'Hi', Message: 'hello' });
    expect(sns.deliveries()).toMatchObject([{ protocol: 'sqs', endpoint: QUEUE, message: 'hello', at: 0 }]);
  });

  it('delivers the message itself when delivery is raw', async () => {
    const { clock, made, call } = anSns({ protocol: 'sqs', endpoint: QUEUE, rawMessageDelivery: true });
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'test' } };
    await call('Publish', { Message: 'hello', MessageAttributes });
    await clock.run();
    expect(made[0]?.input).toMatchObject({ MessageBody: 'hello', MessageAttributes });
  });

  it('invokes a function asynchronously with an SNS event', async () => {
    const { clock, made, call } = anSns({ protocol: 'lambda', endpoint: FUNCTION });
    await call('Publish', { Message: 'hello' });
    await clock.run();
    expect(made[0]?.input).toMatchObject({ FunctionName: FUNCTION, InvocationType: 'Event' });
    const event: unknown = JSON.parse(Buffer.from(String(made[0]?.input['Payload']), 'base64').toString());
    expect(event).toMatchObject({ Records: [{ EventSource: 'aws:sns', Sns: { Message: 'hello', Subject: null } }] });
  });

  it('keeps the error of a delivery that failed, and publishes all the same', async () => {
    const { clock, call, sns } = anSns({ protocol: 'lambda', endpoint: 'gone' });
    await call('Publish', { Message: 'hello' });
    await clock.run();
    expect(sns.deliveries()).toMatchObject([{ error: 'ResourceNotFoundException: gone' }]);
    expect(sns.faults()).toMatchObject([{ name: 'LostMessageError', message: expect.stringContaining('gone') }]);
  });

  it('gives each protocol its own text of a JSON message', async () => {
    const { call, sns } = anSns({ protocol: 'email', endpoint: 'a@example.com' }, { protocol: 'sms', endpoint: '+1' });
    const Message = JSON.stringify({ default: 'long', sms: 'short' });
    await call('Publish', { Message, MessageStructure: 'json' });
    expect(sns.deliveries().map((delivery) => delivery.message)).toEqual(['long', 'short']);
    expect(sns.published()).toMatchObject([{ topicArn: TopicArn, message: Message, at: 0 }]);
  });

  it('publishes what is valid of a batch', async () => {
    const { call, sns } = anSns();
    const PublishBatchRequestEntries = [
      { Id: 'a', Message: 'one' },
      { Id: 'b', Message: '' },
    ];
    const answer = await call('PublishBatch', { PublishBatchRequestEntries });
    expect(answer).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b' }] });
    expect(sns.published().map(({ message }) => message)).toEqual(['one']);
  });

  it.each(['x'.repeat(100), '[P1] disk full'])('takes the subject %s', async (Subject) => {
    expect(await anSns().call('Publish', { Message: 'm', Subject })).toHaveProperty('MessageId');
  });

  it.each([
    ['Publish', { Message: 'm', Subject: 'x'.repeat(101) }, 'InvalidParameterException'],
    ['Publish', { Message: 'm', Subject: '' }, 'InvalidParameterException'],
    ['Publish', { Message: 'm', Subject: 'a\nb' }, 'InvalidParameterException'],
    ['Publish', { Message: 'm', Subject: 'Überlast' }, 'InvalidParameterException'],
    ['Publish', { Message: '' }, 'InvalidParameterException'],
    ['Publish', { Message: 'é'.repeat(131_073) }, 'InvalidParameterException'],
    ['Publish', { Message: '{"sms":"x"}', MessageStructure: 'json' }, 'InvalidParameterException'],
    ['Publish', { Message: '{', MessageStructure: 'json' }, 'InvalidParameterException'],
    ['Publish', { Message: 'm', TopicArn: 'alarms' }, 'InvalidParameterException'],
    ['Publish', { Message: 'm', TopicArn: `${TopicArn}-2` }, 'NotFoundException'],
    ['PublishBatch', { PublishBatchRequestEntries: [] }, 'EmptyBatchRequestException'],
    ['PublishBatch', { PublishBatchRequestEntries: ['a', 'b'].map(heavyEntry) }, 'BatchRequestTooLongException'],
    ['Publish', { Message: 'm', PhoneNumber: '+1' }, 'UnsupportedInSandboxError'],
    ['Subscribe', {}, 'UnsupportedInSandboxError'],
  ])('refuses %s that AWS refuses: %#', async (operation, input, name) => {
    const { call, sns } = anSns();
    await expect(call(operation, input)).rejects.toMatchObject({ name });
    expect(sns.published()).toEqual([]);
  });

  it.each([
    [{ protocol: 'sqs', endpoint: QUEUE, filterPolicy: { kind: ['a'] } }, 'the filter policy'],
    [{ protocol: 'firehose', endpoint: 'arn' }, 'the protocol firehose'],
  ])('refuses a subscription that it would not deliver as AWS: %#', (subscription, reason) => {
    expect(() => anSns(subscription)).toThrow(reason);
  });

  it('wants sns:Publish on the topic', () => {
    expect(anSns().sns.grantsFor('PublishBatch', { TopicArn })).toEqual([
      { action: 'sns:Publish', resource: TopicArn },
    ]);
  });
});
