import { AwsError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { stableUuid } from '../stable-id.ts';
import type { Message, NewMessage } from './message.ts';

/** One queue. Defaults are those of AWS. */
export interface QueueDescription {
  readonly arn: string;
  readonly name: string;
  /** @default 30 */
  readonly visibilityTimeoutSeconds?: number;
  /** @default 345600, four days */
  readonly messageRetentionSeconds?: number;
  /** @default 0 */
  readonly delaySeconds?: number;
  /** @default 1048576, 1 MiB */
  readonly maximumMessageBytes?: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
}

/** What one message of a queue looks like from outside. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Message['attributes'];
  /** Virtual time in epoch milliseconds. */
  readonly sentAt: number;
  readonly receiveCount: number;
  readonly state: 'visible' | 'delayed' | 'in-flight';
}

/** One message as a receiver gets it. */
export interface Received {
  readonly message: Message;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly firstReceivedAt: number;
}

interface Entry {
  readonly message: Message;
  state: QueuedMessage['state'];
  receiveCount: number;
  firstReceivedAt: number;
  receiptHandle: string | undefined;
  cancelTimer: () => void;
}

/** What AWS takes where a queue does not say. */
export const DEFAULTS = { visibilityTimeoutSeconds: 30, messageRetentionSeconds: 345_600 } as const;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
const PURGE_INTERVAL_MS = 60_000;

/** A standard queue on the virtual clock. Messages past their retention are gone when anyone next looks. */
export class Queue {
  readonly description: QueueDescription;
  readonly #clock: VirtualClock;
  readonly #createdAt: number;
  readonly #listeners: (() => void)[] = [];
  #entries: Entry[] = [];
  #sent = 0;
  #purgedAt = Number.NEGATIVE_INFINITY;

  constructor(description: QueueDescription, clock: VirtualClock) {
    this.description = description;
    this.#clock = clock;
    this.#createdAt = clock.now();
  }

  get createdAt(): number {
    return this.#createdAt;
  }

  /** Calls `listener` whenever a message becomes visible. */
  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  send(message: NewMessage): Message {
    this.#sent += 1;
    const sent = {
      ...message,
      id: stableUuid(`${this.description.arn}:${this.#sent}`),
      sentAt: this.#clock.now(),
    };
    this.#add(sent, (message.delaySeconds ?? this.description.delaySeconds ?? 0) * 1000);
    return sent;
  }

  /** Takes a message that another queue gave up; its age goes on counting. */
  takeDeadLetter(message: Message, deadLetterSourceArn: string): void {
    this.#add({ ...message, deadLetterSourceArn }, 0);
  }

  /** Up to `limit` visible messages, which are then in flight. `giveUp` gets those that were received too often. */
  receive(limit: number, visibilitySeconds: number, giveUp: (message: Message) => void): readonly Received[] {
    const { redrive } = this.description;
    const received: Received[] = [];
    for (const entry of this.#live().filter((candidate) => candidate.state === 'visible')) {
      if (received.length === limit) break;
      if (redrive && entry.receiveCount >= redrive.maxReceiveCount) {
        this.#remove(entry);
        giveUp(entry.message);
      } else received.push(this.#take(entry, visibilitySeconds));
    }
    return received;
  }

  /** Deletes a message by its latest receipt handle; an older one is accepted and changes nothing, as on AWS. */
  delete(receiptHandle: string): void {
    const entry = this.#find(receiptHandle);
    if (entry?.receiptHandle === receiptHandle) this.#remove(entry);
  }

  /** Throws MessageNotInflight when the message is not hidden. */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const entry = this.#find(receiptHandle);
    if (!entry) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw new AwsError(
        'InvalidParameterValueException',
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: ${reason}`,
      );
    }
    if (entry.state !== 'in-flight') throw new AwsError('MessageNotInflight', 'The message is not in flight.');
    this.#hide(entry, 'in-flight', seconds * 1000);
  }

  /** Deletes every message. Throws PurgeQueueInProgress within a minute of the last time. */
  purge(): void {
    if (this.#clock.now() - this.#purgedAt < PURGE_INTERVAL_MS) {
      const message = `Only one PurgeQueue operation on ${this.description.name} is allowed every 60 seconds.`;
      throw new AwsError('PurgeQueueInProgress', message, 403);
    }
    this.#purgedAt = this.#clock.now();
    for (const entry of this.#entries) this.#remove(entry);
  }

  messages(): readonly QueuedMessage[] {
    return this.#live().map(({ message, receiveCount, state }) => ({
      messageId: message.id,
      body: message.body,
      attributes: message.attributes,
      sentAt: message.sentAt,
      receiveCount,
      state,
    }));
  }

  #add(message: Message, delayMs: number): void {
    const entry: Entry = {
      message,
      state: 'delayed',
      receiveCount: 0,
      firstReceivedAt: 0,
      receiptHandle: undefined,
      cancelTimer: () => undefined,
    };
    this.#entries.push(entry);
    this.#hide(entry, 'delayed', delayMs);
  }

  #take(entry: Entry, visibilitySeconds: number): Received {
    entry.receiveCount += 1;
    if (entry.receiveCount === 1) entry.firstReceivedAt = this.#clock.now();
    const { message, receiveCount, firstReceivedAt } = entry;
    const receiptHandle = toReceiptHandle(this.description.arn, message.id, receiveCount);
    entry.receiptHandle = receiptHandle;
    this.#hide(entry, 'in-flight', visibilitySeconds * 1000);
    return { message, receiptHandle, receiveCount, firstReceivedAt };
  }

  #hide(entry: Entry, state: 'delayed' | 'in-flight', delayMs: number): void {
    entry.cancelTimer();
    entry.state = state;
    if (delayMs === 0) return this.#show(entry);
    const label = `${state} message of ${this.description.name}`;
    entry.cancelTimer = this.#clock.schedule(delayMs, label, () => this.#show(entry));
  }

  #show(entry: Entry): void {
    entry.state = 'visible';
    if (!this.#live().includes(entry)) return;
    for (const listener of this.#listeners) listener();
  }

  #remove(entry: Entry): void {
    entry.cancelTimer();
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  #live(): readonly Entry[] {
    const retentionMs = (this.description.messageRetentionSeconds ?? DEFAULTS.messageRetentionSeconds) * 1000;
    const now = this.#clock.now();
    for (const entry of this.#entries) if (now - entry.message.sentAt >= retentionMs) this.#remove(entry);
    return this.#entries;
  }

  #find(receiptHandle: string): Entry | undefined {
    const messageId = readReceiptHandle(this.description.arn, receiptHandle);
    return this.#live().find((entry) => entry.message.id === messageId);
  }
}

function toReceiptHandle(queueArn: string, messageId: string, receiveCount: number): string {
  return Buffer.from(`${queueArn} ${messageId} ${receiveCount}`).toString('base64');
}

function readReceiptHandle(queueArn: string, receiptHandle: string): string {
  const [arn, messageId, receiveCount] = Buffer.from(receiptHandle, 'base64').toString('utf8').split(' ');
  if (arn === queueArn && messageId && receiveCount) return messageId;
  throw new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
    404,
  );
}
