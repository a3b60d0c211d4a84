import { type AwsCall, AwsError, type AwsService, type RequiredGrant, UnsupportedInSandboxError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { type Members, readMembers, readText } from '../members.ts';
import { readEntries, runEntries } from './batch.ts';
import { md5, md5OfAttributes, sizeOfMessage } from './message.ts';
import { DEFAULTS, Queue, type QueueDescription, type QueuedMessage } from './queue.ts';
import { queueUrlOf } from './queue-url.ts';
import { describeQueue } from './queue-attributes.ts';
import { describeReceived } from './received-message.ts';
import { invalid, MAX_MESSAGE_BYTES, readNewMessage, readSeconds } from './send-input.ts';

export type { QueueDescription, QueuedMessage } from './queue.ts';

/** What SQS stands in. */
export interface SqsOptions {
  readonly clock: VirtualClock;
  readonly account: string;
  readonly region: string;
  readonly queues: readonly QueueDescription[];
}

/** Twelve hours: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_VISIBILITY_SECONDS = 43_200;
const MAX_WAIT_SECONDS = 20;
const MAX_RECEIVED = 10;

type Operation = (queue: Queue, call: AwsCall) => Record<string, unknown>;

/** SQS: standard queues on the virtual clock. A receive answers at once, however long it is willing to wait. */
export class Sqs implements AwsService {
  readonly name = 'sqs';
  readonly #options: SqsOptions;
  readonly #queues: ReadonlyMap<string, Queue>;
  readonly #operations: Readonly<Record<string, Operation>>;

  /** Throws an `UnsupportedInSandboxError` for a FIFO queue, and a TypeError for an unknown dead-letter queue. */
  constructor(options: SqsOptions) {
    this.#options = options;
    for (const { name } of options.queues) {
      if (name.endsWith('.fifo')) throw new UnsupportedInSandboxError(`FIFO queues (${name})`);
    }
    this.#queues = new Map(options.queues.map((described) => [described.arn, new Queue(described, options.clock)]));
    for (const { name, redrive } of options.queues) {
      if (redrive && !this.#queues.has(redrive.deadLetterArn))
        throw new TypeError(`The dead-letter queue ${redrive.deadLetterArn} of ${name} is not among the queues.`);
    }
    this.#operations = this.#listOperations();
  }

  grantsFor(operation: string, input: AwsCall['input']): readonly RequiredGrant[] {
    const action = `sqs:${operation.replace(/Batch$/, '')}`;
    const { region, account } = this.#options;
    if (operation === 'GetQueueUrl') {
      const owner = readText(input['QueueOwnerAWSAccountId']) || account;
      return [{ action, resource: `arn:aws:sqs:${region}:${owner}:${readText(input['QueueName'])}` }];
    }
    return [{ action, resource: this.#arnOf(input['QueueUrl']) }];
  }

  /** A queue that no template creates is one of the world's. */
  handles(operation: string, { QueueUrl: url, QueueName: name }: AwsCall['input'] = {}): boolean {
    if (operation === 'GetQueueUrl') return this.#options.queues.some((queue) => queue.name === name);
    return Object.hasOwn(this.#operations, operation) && (!readText(url) || this.#queues.has(this.#arnOf(url)));
  }

  async answer(call: AwsCall): Promise<Record<string, unknown>> {
    if (call.operation === 'GetQueueUrl') return this.#getQueueUrl(call.input);
    const run = this.#operations[call.operation];
    if (!run) throw new UnsupportedInSandboxError(`sqs:${call.operation}`);
    return run(this.#get(this.#arnOf(call.input['QueueUrl'])), call);
  }

  /** Calls `listener` whenever a message of the queue becomes visible: sent, no longer delayed, or timed out. */
  onMessage(queueArn: string, listener: () => void): void {
    this.#get(queueArn).listen(listener);
  }

  /** The messages of a queue, the oldest first, as nobody receives them. Throws QueueDoesNotExist. */
  messages(queueArn: string): readonly QueuedMessage[] {
    return this.#get(queueArn).messages();
  }

  #listOperations(): Readonly<Record<string, Operation>> {
    return {
      SendMessage: (queue, { input, principal }) => send(queue, input, principal),
      SendMessageBatch: (queue, { input, principal }) => sendBatch(queue, input, principal),
      ReceiveMessage: (queue, { input }) => this.#receive(queue, input),
      DeleteMessage: (queue, { input }) => remove(queue, input),
      DeleteMessageBatch: (queue, { input }) =>
        runEntries(readEntries(input['Entries']), (entry) => remove(queue, entry)),
      ChangeMessageVisibility: (queue, { input }) => changeVisibility(queue, input),
      ChangeMessageVisibilityBatch: (queue, { input }) =>
        runEntries(readEntries(input['Entries']), (entry) => changeVisibility(queue, entry)),
      GetQueueAttributes: (queue, { input }) => describeQueue(queue, input['AttributeNames']),
      PurgeQueue: (queue) => {
        queue.purge();
        return {};
      },
    };
  }

  #receive(queue: Queue, input: Members): Record<string, unknown> {
    const { arn, redrive, visibilityTimeoutSeconds = DEFAULTS.visibilityTimeoutSeconds } = queue.description;
    const limit = readLimit(input['MaxNumberOfMessages'] ?? 1);
    readSeconds('WaitTimeSeconds', input['WaitTimeSeconds'] ?? 0, MAX_WAIT_SECONDS);
    const asked = input['VisibilityTimeout'] ?? visibilityTimeoutSeconds;
    const seconds = readSeconds('VisibilityTimeout', asked, MAX_VISIBILITY_SECONDS);
    const received = queue.receive(limit, seconds, (message) => {
      if (redrive) this.#get(redrive.deadLetterArn).takeDeadLetter(message, arn);
    });
    if (received.length === 0) return {};
    return { Messages: received.map((one) => describeReceived(one, input)) };
  }

  #getQueueUrl(input: Members): Record<string, unknown> {
    const { account, region } = this.#options;
    const owner = readText(input['QueueOwnerAWSAccountId']) || account;
    const { arn } = this.#get(`arn:aws:sqs:${region}:${owner}:${readText(input['QueueName'])}`).description;
    return { QueueUrl: queueUrlOf(arn) };
  }

  #get(arn: string): Queue {
    const queue = this.#queues.get(arn);
    if (queue) return queue;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  /** Only the path of a queue's URL counts: clients may have put the sandbox's own host before it. */
  #arnOf(url: unknown): string {
    const [account, name] = readText(url).split('?')[0]?.split('/').filter(Boolean).slice(-2) ?? [];
    if (!account || !name) {
      throw new AwsError('MissingRequiredParameterException', 'The request must contain the parameter QueueUrl.');
    }
    return `arn:aws:sqs:${this.#options.region}:${account}:${name}`;
  }
}

function send(queue: Queue, input: Members, principal: AwsCall['principal']): Record<string, unknown> {
  const { maximumMessageBytes = MAX_MESSAGE_BYTES } = queue.description;
  const message = queue.send(readNewMessage(input, principal, maximumMessageBytes));
  const attributes = md5OfAttributes(message.attributes);
  const system = md5OfAttributes(message.systemAttributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(message.body),
    ...(attributes ? { MD5OfMessageAttributes: attributes } : {}),
    ...(system ? { MD5OfMessageSystemAttributes: system } : {}),
  };
}

function sendBatch(queue: Queue, input: Members, principal: AwsCall['principal']): Record<string, unknown> {
  const entries = readEntries(input['Entries']);
  const sizes = entries.map((entry) => sizeOfMessage(entry['MessageBody'], entry['MessageAttributes']));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > MAX_MESSAGE_BYTES) {
    const message = `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`;
    throw new AwsError('BatchRequestTooLong', message);
  }
  return runEntries(entries, (entry) => send(queue, entry, principal));
}

function remove(queue: Queue, input: Members): Record<string, unknown> {
  queue.delete(readHandle(input));
  return {};
}

function changeVisibility(queue: Queue, input: Members): Record<string, unknown> {
  const seconds = readSeconds('VisibilityTimeout', input['VisibilityTimeout'], MAX_VISIBILITY_SECONDS);
  queue.changeVisibility(readHandle(input), seconds);
  return {};
}

function readHandle(input: Members): string {
  const handle = readText(readMembers(input)['ReceiptHandle']);
  if (handle) return handle;
  throw new AwsError('MissingRequiredParameterException', 'The request must contain the parameter ReceiptHandle.');
}

function readLimit(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_RECEIVED) return value;
  const reason = `Must be between 1 and ${MAX_RECEIVED}, if provided.`;
  throw invalid(`Value ${String(value)} for parameter MaxNumberOfMessages is invalid. Reason: ${reason}`);
}
