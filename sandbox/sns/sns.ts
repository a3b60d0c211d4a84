import {
  type AwsCall,
  AwsError,
  type AwsService,
  type CallAws,
  type Principal,
  type RequiredGrant,
  UnsupportedInSandboxError,
} from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { encodePayload } from '../lambda/payload.ts';
import { type Members, readText } from '../members.ts';
import { stableUuid } from '../stable-id.ts';
import { readEntries, runEntries } from '../sqs/batch.ts';
import { type MessageAttributes, sizeOfMessage } from '../sqs/message.ts';
import { queueUrlOf } from '../sqs/queue-url.ts';
import { type EnvelopeOptions, toLambdaEvent, toQueueBody } from './envelope.ts';
import { invalid, MAX_MESSAGE_BYTES, type Publication, readPublication } from './publish-input.ts';
import { isDeliveredInside, refuseSubscription, type SubscriptionDescription } from './subscription.ts';

export type { SubscriptionDescription } from './subscription.ts';

/** What SNS stands in. */
export interface SnsOptions {
  readonly clock: VirtualClock;
  /** Delivers to queues and functions, as SNS on behalf of the topic. */
  readonly call: CallAws;
  readonly topics: readonly { readonly arn: string }[];
  readonly subscriptions: readonly SubscriptionDescription[];
}

/** One message that was published. */
export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: MessageAttributes;
  /** Virtual time in epoch milliseconds. */
  readonly at: number;
}

/** One message that reached a subscription, or did not. */
export interface Delivery {
  readonly messageId: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly subject: string | undefined;
  /** The text that the protocol gets. */
  readonly message: string;
  /** Virtual time in epoch milliseconds. */
  readonly at: number;
  /** Why a queue or a function did not take it. */
  readonly error?: string;
}

/** A message that a queue or a function did not take. */
class LostMessageError extends Error {
  override readonly name = 'LostMessageError' as const;
}

/** SNS: publishes to standard topics; queues and functions get the message, everything else is recorded. */
export class Sns implements AwsService {
  readonly name = 'sns';
  readonly #options: SnsOptions;
  #published: PublishedMessage[] = [];
  #deliveries: Delivery[] = [];
  readonly #faults: LostMessageError[] = [];
  #messages = 0;

  /** Throws an `UnsupportedInSandboxError` for FIFO topics, filter policies and other protocols. */
  constructor(options: SnsOptions) {
    this.#options = options;
    for (const { arn } of options.topics) {
      if (arn.endsWith('.fifo')) throw new UnsupportedInSandboxError(`FIFO topics (${arn})`);
    }
    for (const subscription of options.subscriptions) refuseSubscription(subscription);
  }

  grantsFor(operation: string, input: AwsCall['input']): readonly RequiredGrant[] {
    if (!this.handles(operation)) throw new UnsupportedInSandboxError(`sns:${operation}`);
    return [{ action: 'sns:Publish', resource: readTopicArn(input) }];
  }

  handles(operation: string): boolean {
    return operation === 'Publish' || operation === 'PublishBatch';
  }

  async answer({ operation, input }: AwsCall): Promise<Record<string, unknown>> {
    const topicArn = readTopicArn(input);
    if (!this.#options.topics.some((topic) => topic.arn === topicArn))
      throw new AwsError('NotFoundException', 'Topic does not exist', 404);
    if (operation === 'Publish') return this.#publish(topicArn, input);
    if (operation === 'PublishBatch') return this.#publishBatch(topicArn, input);
    throw new UnsupportedInSandboxError(`sns:${operation}`);
  }

  /** Every message that was published, in order. */
  published(): readonly PublishedMessage[] {
    return this.#published;
  }

  /** Forgets every message and delivery so far. */
  forget(): void {
    this.#published = [];
    this.#deliveries = [];
  }

  /** Every delivery to a subscription, in order. */
  deliveries(): readonly Delivery[] {
    return this.#deliveries;
  }

  /** Every message that a subscription did not take: the sandbox tries once, and has no queue for what fails. */
  faults(): readonly Error[] {
    return this.#faults;
  }

  #publishBatch(topicArn: string, input: Members): Record<string, unknown> {
    const entries = readEntries(input['PublishBatchRequestEntries'], 'Exception');
    const sizes = entries.map((entry) => sizeOfMessage(entry['Message'], entry['MessageAttributes']));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (bytes > MAX_MESSAGE_BYTES) {
      const message = `The length of all the messages put together is ${bytes} bytes, more than ${MAX_MESSAGE_BYTES}.`;
      throw new AwsError('BatchRequestTooLongException', message);
    }
    return runEntries(entries, (entry) => this.#publish(topicArn, entry));
  }

  #publish(topicArn: string, input: Members): { readonly MessageId: string } {
    const publication = readPublication(input);
    const messageId = stableUuid(`${topicArn}:${(this.#messages += 1)}`);
    const { subject, message, attributes } = publication;
    const { clock, subscriptions } = this.#options;
    this.#published.push({ messageId, topicArn, subject, message, attributes, at: clock.now() });
    for (const [index, subscription] of subscriptions.entries()) {
      if (subscription.topicArn !== topicArn) continue;
      const subscriptionArn = `${topicArn}:${stableUuid(`${topicArn}:subscription:${index}`)}`;
      const { protocol } = subscription;
      const timestamp = clock.iso();
      this.#deliver(subscription, { messageId, topicArn, subscriptionArn, timestamp, publication, protocol });
    }
    return { MessageId: messageId };
  }

  /** The publisher does not wait for deliveries, but time does. */
  #deliver(subscription: SubscriptionDescription, options: EnvelopeOptions): void {
    const { protocol, endpoint } = subscription;
    const { messageId, topicArn, publication } = options;
    const at = this.#options.clock.now();
    const message = publication.textFor(protocol);
    const delivery = { messageId, topicArn, protocol, endpoint, subject: publication.subject, message, at };
    if (!isDeliveredInside(protocol)) {
      this.#deliveries.push(delivery);
      return;
    }
    this.#options.clock
      .holding(`sns delivery to ${endpoint}`, () => this.#options.call(toCall(subscription, options)))
      .then(
        () => this.#deliveries.push(delivery),
        (error: unknown) => {
          this.#deliveries.push({ ...delivery, error: String(error) });
          const lost = `${endpoint} did not take a message of ${topicArn} (${String(error)}).`;
          this.#faults.push(new LostMessageError(lost, { cause: error }));
        },
      );
  }
}

function toCall(subscription: SubscriptionDescription, options: EnvelopeOptions): AwsCall {
  const principal: Principal = { kind: 'service', arn: 'sns.amazonaws.com', sourceArn: options.topicArn };
  const { protocol, endpoint } = subscription;
  if (protocol === 'lambda') {
    const Payload = encodePayload(toLambdaEvent(options));
    const input = { FunctionName: endpoint, InvocationType: 'Event', Payload };
    return { service: 'lambda', operation: 'Invoke', input, principal };
  }
  return { service: 'sqs', operation: 'SendMessage', input: toMessage(subscription, options), principal };
}

function toMessage({ endpoint, rawMessageDelivery }: SubscriptionDescription, options: EnvelopeOptions): Members {
  const QueueUrl = queueUrlOf(endpoint);
  if (!rawMessageDelivery) return { QueueUrl, MessageBody: toQueueBody(options) };
  const { publication, protocol } = options;
  return { QueueUrl, MessageBody: publication.textFor(protocol), ...toQueueAttributes(publication) };
}

function toQueueAttributes({ attributes }: Publication): Members {
  return Object.keys(attributes).length > 0 ? { MessageAttributes: attributes } : {};
}

function readTopicArn(input: Members): string {
  if (input['PhoneNumber'] !== undefined || (input['TargetArn'] !== undefined && input['TopicArn'] === undefined))
    throw new UnsupportedInSandboxError('publishing to a phone number or a TargetArn');
  const arn = readText(input['TopicArn']);
  if (/^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]+(\.fifo)?$/.test(arn)) return arn;
  throw invalid('TopicArn');
}
