import { type SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Alert } from '../domain/alert.ts';

/** An alert that is decided again later. */
export interface HeldAlert {
  readonly alert: Alert;
  /** ISO 8601. */
  readonly until: string;
}

/** The longest delay of a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const maxDelaySeconds = 900;

/** Where alerts wait. What waits longer than SQS can delay goes round again. */
export class HoldQueue {
  readonly #sqs: SQSClient;
  readonly #url: string;

  constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  /** Lets an alert wait. Holding it twice is harmless: the second to come back finds it decided. */
  async hold(held: HeldAlert, now: Date): Promise<void> {
    const seconds = Math.ceil((Date.parse(held.until) - now.getTime()) / 1000);
    const DelaySeconds = Math.min(maxDelaySeconds, Math.max(0, seconds));
    const MessageBody = JSON.stringify(held);
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#url, MessageBody, DelaySeconds }));
  }
}
