import { isoSeconds } from '../events/bus-event.ts';
import { readFailedItems } from './batch-response.ts';
import { deliver } from './destinations.ts';
import {
  compileFilter,
  EventSourceMappingError,
  type MappingDescription,
  type MappingOptions,
} from './event-source-mapping.ts';
import type { FunctionDescription } from './function-description.ts';
import type { EventSourceRun } from './lambda.ts';
import { unlessThrottled } from './throttling.ts';
import { stableHex } from '../stable-id.ts';

/** The part of DynamoDB that tells of changes. */
export interface StreamSource {
  /** Calls `listener` with every record of the table's stream, in order. */
  onStreamRecord(tableArn: string, listener: (record: StreamRecord) => void): unknown;
}

/** One record of a stream, as far as it is read here. */
interface StreamRecord {
  readonly eventName: string;
  readonly dynamodb: { readonly SequenceNumber: string };
}

interface Arrived {
  readonly record: StreamRecord;
  readonly arrivedAt: number;
}

interface Batch {
  readonly records: readonly Arrived[];
  readonly invokeCount: number;
  readonly retries: number;
}

/** Records live 24 hours in a stream: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const RETENTION_MS = 86_400_000;
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 60_000;

/** Reads a DynamoDB stream for a function as one shard: in order, one batch at a time, a failing batch before the next. */
export class StreamMapping {
  readonly #mapping: MappingDescription;
  readonly #described: FunctionDescription;
  readonly #options: MappingOptions;
  readonly #passes: (record: Readonly<Record<string, unknown>>) => boolean;
  readonly #waiting: Arrived[] = [];
  #isPlanned = false;
  #isRunning = false;

  constructor(mapping: MappingDescription, described: FunctionDescription, options: MappingOptions) {
    this.#mapping = mapping;
    this.#described = described;
    this.#options = options;
    this.#passes = compileFilter(mapping);
  }

  /** Begins to take the records of the stream. */
  start(source: StreamSource): void {
    const { eventSourceArn } = this.#mapping;
    const tableArn = eventSourceArn.slice(0, eventSourceArn.indexOf('/stream/'));
    source.onStreamRecord(tableArn, (record) => this.#take(record));
  }

  #take(record: StreamRecord): void {
    const { batchSize = 100, maximumBatchingWindowSeconds = 0 } = this.#mapping;
    const { eventName, dynamodb } = record;
    if (!this.#passes({ eventName, dynamodb })) return;
    this.#waiting.push({ record, arrivedAt: this.#options.clock.now() });
    this.#plan(this.#waiting.length >= batchSize ? 0 : maximumBatchingWindowSeconds * 1000);
  }

  #plan(delayMs: number): void {
    if (this.#isRunning || (this.#isPlanned && delayMs > 0)) return;
    this.#isPlanned = true;
    this.#options.clock.schedule(delayMs, `reading ${this.#mapping.eventSourceArn}`, () => this.#readBatch());
  }

  #readBatch(): void {
    this.#isPlanned = false;
    if (this.#isRunning || this.#waiting.length === 0) return;
    this.#isRunning = true;
    const records = this.#waiting.splice(0, this.#mapping.batchSize ?? 100);
    this.#run([{ records, invokeCount: 0, retries: 0 }]);
  }

  /** Works off batches in order; the first may be split or come back, so the rest waits behind it. */
  #run(batches: readonly Batch[], delayMs = 0): void {
    const label = `batch of ${this.#mapping.eventSourceArn}`;
    const [batch, ...rest] = batches;
    if (!batch) {
      this.#isRunning = false;
      if (this.#waiting.length > 0) this.#plan(0);
      return;
    }
    this.#options.clock.schedule(delayMs, label, () => {
      this.#options.clock
        .holding(label, () => this.#attempt(batch, rest))
        .catch((cause: unknown) => this.#options.onFault(new EventSourceMappingError(this.#mapping, [String(cause)])));
    });
  }

  async #attempt(batch: Batch, rest: readonly Batch[]): Promise<void> {
    const run = await this.#invoke(batch);
    const delayMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** batch.retries);
    if (!run) return this.#retryOrGiveUp({ ...batch, retries: batch.retries + 1 }, rest, delayMs, undefined, false);
    const failing = this.#failingPart(batch, run);
    if (failing.length === 0) return this.#run(rest);
    const tried = { records: failing, invokeCount: batch.invokeCount + 1, retries: batch.retries };
    const parts = this.#split(tried, batch.records.length);
    if (parts.length > 1) return this.#run([...parts, ...rest], delayMs);
    return this.#retryOrGiveUp({ ...tried, retries: tried.retries + 1 }, rest, delayMs, run, true);
  }

  async #invoke({ records }: Batch): Promise<EventSourceRun | undefined> {
    const payload = JSON.stringify({ Records: records.map(({ record }) => record) });
    return unlessThrottled(this.#options.lambda.runForEventSource(this.#described, payload));
  }

  /** A stream is read in order, so everything from the first failed record on is tried again. */
  #failingPart({ records }: Batch, { outcome }: EventSourceRun): readonly Arrived[] {
    const ids = records.map(({ record }) => record.dynamodb.SequenceNumber);
    const failed = readFailedItems(this.#mapping, outcome, ids);
    if (failed === 'none') return [];
    return failed === 'all' ? records : records.slice(ids.findIndex((id) => failed.has(id)));
  }

  /** Splitting costs no retry; a part that the function itself cut off is not split again. */
  #split(batch: Batch, sizeBefore: number): readonly Batch[] {
    const size = batch.records.length;
    if (!this.#mapping.bisectBatchOnFunctionError || size < 2 || size < sizeBefore) return [batch];
    const middle = Math.ceil(size / 2);
    return [batch.records.slice(0, middle), batch.records.slice(middle)].map((records) => ({ ...batch, records }));
  }

  async #retryOrGiveUp(
    batch: Batch,
    rest: readonly Batch[],
    delayMs: number,
    run: EventSourceRun | undefined,
    countsAsRetry: boolean,
  ): Promise<void> {
    const { maximumRetryAttempts = -1 } = this.#mapping;
    const isTried = countsAsRetry && maximumRetryAttempts >= 0 && batch.invokeCount > maximumRetryAttempts;
    if (isTried) await this.#giveUp(batch, 'RetryAttemptsExhausted', run);
    else if (this.#isTooOld(batch, delayMs)) await this.#giveUp(batch, 'RecordAgeExceeded', run);
    else return this.#run([batch, ...rest], delayMs);
    this.#run(rest);
  }

  #isTooOld({ records }: Batch, delayMs: number): boolean {
    const { maximumRecordAgeSeconds = -1 } = this.#mapping;
    const limitMs =
      maximumRecordAgeSeconds === -1 ? RETENTION_MS : Math.min(RETENTION_MS, maximumRecordAgeSeconds * 1000);
    return this.#options.clock.now() + delayMs - (records[0]?.arrivedAt ?? 0) > limitMs;
  }

  async #giveUp(batch: Batch, condition: string, run: EventSourceRun | undefined): Promise<void> {
    const { onFailureArn } = this.#mapping;
    if (!onFailureArn) return;
    const body = JSON.stringify(this.#describeFailure(batch, condition, run));
    try {
      const principal = { kind: 'role', arn: this.#described.roleArn } as const;
      await deliver(this.#options.call, { destinationArn: onFailureArn, principal, body });
    } catch (cause) {
      this.#options.onFault(
        new EventSourceMappingError(this.#mapping, [`its failures cannot be delivered: ${String(cause)}`]),
      );
    }
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
  #describeFailure(batch: Batch, condition: string, run: EventSourceRun | undefined) {
    const { eventSourceArn } = this.#mapping;
    const sequence = batch.records.map(({ record }) => record.dynamodb.SequenceNumber);
    const arrival = (arrived: Arrived | undefined) => isoSeconds(arrived?.arrivedAt ?? 0);
    return {
      requestContext: {
        requestId: run?.requestId ?? '',
        functionArn: this.#described.arn,
        condition,
        approximateInvokeCount: batch.invokeCount,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: this.#options.clock.iso(),
      DDBStreamBatchInfo: {
        shardId: `shardId-${'0'.repeat(20)}-${stableHex(eventSourceArn, 8)}`,
        startSequenceNumber: sequence[0],
        endSequenceNumber: sequence.at(-1),
        approximateArrivalOfFirstRecord: arrival(batch.records[0]),
        approximateArrivalOfLastRecord: arrival(batch.records.at(-1)),
        batchSize: batch.records.length,
        streamArn: eventSourceArn,
      },
    };
  }
}
