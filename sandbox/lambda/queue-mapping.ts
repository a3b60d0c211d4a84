import { z } from 'zod';
import type { Principal } from '../aws.ts';
import { queueUrlOf } from '../sqs/queue-url.ts';
import { type FailedItems, readFailedItems } from './batch-response.ts';
import {
  compileFilter,
  EventSourceMappingError,
  type MappingDescription,
  type MappingOptions,
} from './event-source-mapping.ts';
import type { FunctionDescription } from './function-description.ts';
import { unlessThrottled } from './throttling.ts';

/** The part of SQS that tells of messages. */
export interface QueueSource {
  /** Calls `listener` whenever a message of the queue becomes visible. */
  onMessage(queueArn: string, listener: () => void): unknown;
}

const attribute = z.looseObject({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
const message = z.looseObject({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  MD5OfBody: z.string().optional(),
  Attributes: z.record(z.string(), z.string()).optional(),
  MessageAttributes: z.record(z.string(), attribute).optional(),
});
type Message = z.output<typeof message>;
const RECEIVE_LIMIT = 10;

/** Reads a queue for a function: one batch at a time, deleting what succeeded and leaving what failed to the queue. */
export class QueueMapping {
  readonly #mapping: MappingDescription;
  readonly #described: FunctionDescription;
  readonly #options: MappingOptions;
  readonly #passes: (record: Readonly<Record<string, unknown>>) => boolean;
  readonly #url: string | undefined;
  #visibilityMs = 0;
  #announced = 0;
  #isPlanned = false;
  #isPolling = false;

  constructor(mapping: MappingDescription, described: FunctionDescription, options: MappingOptions) {
    this.#mapping = mapping;
    this.#described = described;
    this.#options = options;
    this.#passes = compileFilter(mapping);
    this.#url = queueUrlOf(mapping.eventSourceArn);
  }

  /** Throws when the queue hides messages for less time than the function may take, which AWS refuses. */
  async start(source: QueueSource): Promise<void> {
    const output = await this.#call('GetQueueAttributes', { AttributeNames: ['VisibilityTimeout'] });
    const attributes = z.looseObject({ VisibilityTimeout: z.coerce.number() }).parse(output['Attributes']);
    const timeoutSeconds = this.#described.timeoutSeconds ?? 3;
    if (attributes.VisibilityTimeout < timeoutSeconds) {
      const problem = `the visibility timeout of ${attributes.VisibilityTimeout} s is less than the function's ${timeoutSeconds} s`;
      throw new EventSourceMappingError(this.#mapping, [problem]);
    }
    this.#visibilityMs = attributes.VisibilityTimeout * 1000;
    source.onMessage(this.#mapping.eventSourceArn, () => this.#hear());
    this.#plan(0);
  }

  /** A full batch is read at once; a smaller one waits for the batching window, which the first message opens. */
  #hear(): void {
    const { batchSize = 10, maximumBatchingWindowSeconds = 0 } = this.#mapping;
    this.#announced += 1;
    this.#plan(this.#announced >= batchSize ? 0 : maximumBatchingWindowSeconds * 1000);
  }

  #plan(delayMs: number): void {
    if (this.#isPolling || (this.#isPlanned && delayMs > 0)) return;
    this.#isPlanned = true;
    const label = `polling ${this.#mapping.eventSourceArn}`;
    this.#options.clock.schedule(delayMs, label, () => {
      this.#isPlanned = false;
      this.#options.clock
        .holding(label, () => this.#poll())
        .catch((cause: unknown) => {
          this.#options.onFault(new EventSourceMappingError(this.#mapping, [String(cause)]));
        });
    });
  }

  async #poll(): Promise<void> {
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#announced = 0;
    try {
      for (let batch = await this.#receive(); batch.length > 0; batch = await this.#receive())
        await this.#process(batch);
    } finally {
      this.#isPolling = false;
      if (this.#announced > 0) this.#plan(0);
    }
  }

  async #receive(): Promise<readonly Message[]> {
    const batch: Message[] = [];
    const size = this.#mapping.batchSize ?? 10;
    while (batch.length < size) {
      const input = {
        MaxNumberOfMessages: Math.min(RECEIVE_LIMIT, size - batch.length),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      };
      const output = await this.#call('ReceiveMessage', input);
      const received = z.array(message).parse(output['Messages'] ?? []);
      if (received.length === 0) break;
      batch.push(...received);
    }
    return batch;
  }

  /** Messages that the filter keeps out are deleted, as AWS does. */
  async #process(batch: readonly Message[]): Promise<void> {
    const records = batch.map((received) => this.#toRecord(received));
    const passing = records.filter((record) => this.#passes(record));
    const failed = passing.length > 0 ? await this.#invoke(passing) : 'none';
    const passingIds = new Set(passing.map((record) => record.messageId));
    for (const { MessageId, ReceiptHandle } of batch) {
      const hasFailed = failed === 'all' ? passingIds.has(MessageId) : failed !== 'none' && failed.has(MessageId);
      if (!hasFailed) await this.#call('DeleteMessage', { ReceiptHandle });
    }
    if (failed !== 'none') this.#pollAgain();
  }

  /** What failed becomes visible again when its visibility timeout ends. */
  #pollAgain(): void {
    this.#options.clock.schedule(this.#visibilityMs, `failed messages of ${this.#mapping.eventSourceArn}`, () =>
      this.#plan(0),
    );
  }

  async #invoke(records: readonly SqsRecord[]): Promise<FailedItems> {
    const ids = records.map((record) => record.messageId);
    const payload = JSON.stringify({ Records: records });
    const run = await unlessThrottled(this.#options.lambda.runForEventSource(this.#described, payload));
    return run ? readFailedItems(this.#mapping, run.outcome, ids) : 'all';
  }

  #toRecord(received: Message): SqsRecord {
    const { MessageId, ReceiptHandle, Body, MD5OfBody, Attributes = {}, MessageAttributes = {} } = received;
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, value]) => [name, toRecordAttribute(value)]),
      ),
      md5OfBody: MD5OfBody ?? '',
      eventSource: 'aws:sqs',
      eventSourceARN: this.#mapping.eventSourceArn,
      awsRegion: this.#mapping.eventSourceArn.split(':')[3] ?? '',
    };
  }

  #call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const principal: Principal = { kind: 'role', arn: this.#described.roleArn };
    return this.#options.call({ service: 'sqs', operation, input: { QueueUrl: this.#url, ...input }, principal });
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
interface SqsRecord extends Readonly<Record<string, unknown>> {
  readonly messageId: string;
  readonly body: string;
}

function toRecordAttribute({ DataType, StringValue, BinaryValue }: z.output<typeof attribute>) {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}
