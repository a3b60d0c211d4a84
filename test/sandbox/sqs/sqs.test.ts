import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { type QueueDescription, Sqs } from '../../../sandbox/sqs/sqs.ts';

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`;
const QueueUrl = 'http://127.0.0.1:4566/123456789012/jobs';

function anSqs(described: Partial<QueueDescription> = {}) {
  const clock = new VirtualClock(0);
  const queues = [
    { arn: arnOf('jobs'), name: 'jobs', ...described },
    { arn: arnOf('dead'), name: 'dead' },
  ];
  const sqs = new Sqs({ clock, account: '123456789012', region: 'us-east-1', queues });
  const call = (operation: string, input: Record<string, unknown> = {}) =>
    sqs.answer({
      service: 'sqs',
      operation,
      input: { QueueUrl, ...input },
      principal: { kind: 'role', arn: 'arn:aws:iam::123456789012:role/sender' },
    });
  const receive = async (input: Record<string, unknown> = {}) => {
    const { Messages = [] } = await call('ReceiveMessage', input);
    return Messages as readonly { Body: string; ReceiptHandle: string; Attributes?: Record<string, string> }[];
  };
  return { clock, sqs, call, receive };
}

/** An entry of a batch that is small but for its attribute: 600 KB. */
function heavyEntry(Id: string) {
  const heavy = { DataType: 'String', StringValue: 'x'.repeat(600_000) };
  return { Id, MessageBody: 'small', MessageAttributes: { heavy } };
}

describe('Sqs', () => {
  it('leaves the queues that no template creates to the world', () => {
    const { sqs } = anSqs();
    const elsewhere = QueueUrl.replace('jobs', 'orders');
    expect(sqs.handles('GetQueueAttributes', { QueueUrl })).toBe(true);
    expect(sqs.handles('GetQueueAttributes', { QueueUrl: elsewhere })).toBe(false);
    expect(sqs.handles('GetQueueUrl', { QueueName: 'jobs' })).toBe(true);
    expect(sqs.handles('GetQueueUrl', { QueueName: 'orders' })).toBe(false);
    expect(sqs.handles('StartMessageMoveTask', { SourceArn: arnOf('jobs') })).toBe(false);
  });

  it('gives a message once while it is hidden, and again when its visibility timeout ends', async () => {
    const { clock, sqs, call, receive } = anSqs({ visibilityTimeoutSeconds: 60 });
    const heardAt: number[] = [];
    sqs.onMessage(arnOf('jobs'), () => heardAt.push(clock.now()));
    await call('SendMessage', { MessageBody: 'hello' });
    expect(await receive()).toMatchObject([{ Body: 'hello' }]);
    expect(await receive()).toEqual([]);
    await clock.run();
    expect(heardAt).toEqual([0, 60_000]);
    const [again] = await receive({ MessageSystemAttributeNames: ['All'] });
    expect(again?.Attributes).toMatchObject({ ApproximateReceiveCount: '2', ApproximateFirstReceiveTimestamp: '0' });
  });

  it('forgets a deleted message, and its timer', async () => {
    const { clock, sqs, call, receive } = anSqs();
    await call('SendMessage', { MessageBody: 'hello' });
    const [message] = await receive();
    await call('DeleteMessage', { ReceiptHandle: message?.ReceiptHandle });
    expect(clock.pending()).toEqual([]);
    expect(sqs.messages(arnOf('jobs'))).toEqual([]);
  });

  it('keeps a message when an older receipt handle deletes it', async () => {
    const { sqs, call, receive } = anSqs();
    await call('SendMessage', { MessageBody: 'hello' });
    const [first] = await receive({ VisibilityTimeout: 0 });
    await receive();
    await call('DeleteMessage', { ReceiptHandle: first?.ReceiptHandle });
    expect(sqs.messages(arnOf('jobs'))).toMatchObject([{ body: 'hello', state: 'in-flight', receiveCount: 2 }]);
  });

  it('hides a delayed message until its delay is over', async () => {
    const { clock, sqs, call, receive } = anSqs({ delaySeconds: 10 });
    const heardAt: number[] = [];
    sqs.onMessage(arnOf('jobs'), () => heardAt.push(clock.now()));
    await call('SendMessage', { MessageBody: 'late' });
    expect(await receive()).toEqual([]);
    await clock.run();
    expect(heardAt).toEqual([10_000]);
    expect(await receive()).toMatchObject([{ Body: 'late' }]);
  });

  it('moves a message that was received too often to the dead-letter queue', async () => {
    const { sqs, call, receive } = anSqs({ redrive: { deadLetterArn: arnOf('dead'), maxReceiveCount: 2 } });
    await call('SendMessage', { MessageBody: 'poison' });
    for (let time = 0; time < 2; time += 1) expect(await receive({ VisibilityTimeout: 0 })).toHaveLength(1);
    expect(await receive()).toEqual([]);
    expect(sqs.messages(arnOf('dead'))).toMatchObject([{ body: 'poison' }]);
    const [dead] = await receive({ QueueUrl: QueueUrl.replace('jobs', 'dead'), AttributeNames: ['All'] });
    expect(dead?.Attributes).toMatchObject({ DeadLetterQueueSourceArn: arnOf('jobs') });
  });

  it('drops a message that is past its retention', async () => {
    const { clock, sqs, call } = anSqs({ messageRetentionSeconds: 60 });
    await call('SendMessage', { MessageBody: 'old' });
    await clock.run(() => false, 60_000);
    expect(sqs.messages(arnOf('jobs'))).toEqual([]);
  });

  it('makes a message visible at once when its timeout becomes 0', async () => {
    const { call, receive } = anSqs();
    await call('SendMessage', { MessageBody: 'again' });
    const [message] = await receive();
    const input = { ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 };
    await call('ChangeMessageVisibility', input);
    await expect(call('ChangeMessageVisibility', input)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await receive()).toMatchObject([{ Body: 'again' }]);
  });

  it('answers the MD5 sums that SDK clients compare', async () => {
    const { call } = anSqs();
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'x' } };
    const sum = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
    const encoded = Buffer.from('\0\0\0\u0001a\0\0\0\u0006String\u0001\0\0\0\u0001x');
    expect(await call('SendMessage', { MessageBody: 'hello', MessageAttributes })).toMatchObject({
      MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592',
      MD5OfMessageAttributes: sum(encoded),
    });
  });

  it('sends what is valid of a batch, and says what is not', async () => {
    const { call, receive } = anSqs();
    const Entries = [
      { Id: 'a', MessageBody: 'one' },
      { Id: 'b', MessageBody: '' },
    ];
    expect(await call('SendMessageBatch', { Entries })).toMatchObject({
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', SenderFault: true }],
    });
    const received = await receive({ MaxNumberOfMessages: 10 });
    const handles = received.map(({ ReceiptHandle }, index) => ({ Id: `m${index}`, ReceiptHandle }));
    expect(await call('DeleteMessageBatch', { Entries: handles })).toEqual({ Successful: [{ Id: 'm0' }], Failed: [] });
  });

  it('describes a queue', async () => {
    const { call } = anSqs({ redrive: { deadLetterArn: arnOf('dead'), maxReceiveCount: 3 } });
    await call('SendMessage', { MessageBody: 'one' });
    const { Attributes } = await call('GetQueueAttributes', { AttributeNames: ['All'] });
    expect(Attributes).toMatchObject({
      QueueArn: arnOf('jobs'),
      VisibilityTimeout: '30',
      ApproximateNumberOfMessages: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 3 }),
    });
    expect(await call('GetQueueUrl', { QueueName: 'jobs' })).toEqual({
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs',
    });
  });

  it('purges a queue at most once a minute', async () => {
    const { sqs, call } = anSqs();
    await call('SendMessage', { MessageBody: 'one' });
    await call('PurgeQueue');
    expect(sqs.messages(arnOf('jobs'))).toEqual([]);
    await expect(call('PurgeQueue')).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
  });

  it('takes a message of exactly 1 MiB', async () => {
    expect(await anSqs().call('SendMessage', { MessageBody: 'x'.repeat(1_048_576) })).toHaveProperty('MessageId');
  });

  it.each([
    ['SendMessage', { MessageBody: 'x'.repeat(1_048_577) }, 'InvalidParameterValueException'],
    ['SendMessage', {}, 'MissingRequiredParameterException'],
    ['SendMessage', { MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
    ['SendMessage', { MessageBody: 'x', DelaySeconds: 901 }, 'InvalidParameterValueException'],
    ['SendMessage', { MessageBody: 'x', QueueUrl: 'http://x/123456789012/other' }, 'QueueDoesNotExist'],
    ['ReceiveMessage', { MaxNumberOfMessages: 11 }, 'InvalidParameterValueException'],
    ['DeleteMessage', { ReceiptHandle: 'made-up' }, 'ReceiptHandleIsInvalid'],
    ['SendMessageBatch', { Entries: [] }, 'EmptyBatchRequest'],
    ['SendMessageBatch', { Entries: ['a', 'b'].map(heavyEntry) }, 'BatchRequestTooLong'],
    ['GetQueueAttributes', { AttributeNames: ['Nope'] }, 'InvalidAttributeName'],
    ['AddPermission', {}, 'UnsupportedInSandboxError'],
  ])('refuses %s that AWS refuses: %#', async (operation, input, name) => {
    await expect(anSqs().call(operation, input)).rejects.toMatchObject({ name });
  });

  it('refuses FIFO queues, and dead-letter queues that do not exist', () => {
    expect(() => anSqs({ name: 'jobs.fifo' })).toThrow('FIFO queues (jobs.fifo)');
    const redrive = { deadLetterArn: arnOf('nowhere'), maxReceiveCount: 1 };
    expect(() => anSqs({ redrive })).toThrow('not among the queues');
  });

  it('wants the single action for a batch', () => {
    const grants = anSqs().sqs.grantsFor('SendMessageBatch', { QueueUrl });
    expect(grants).toEqual([{ action: 'sqs:SendMessage', resource: arnOf('jobs') }]);
  });
});
