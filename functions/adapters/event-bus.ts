import { setTimeout as sleepMs } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

/** One event for the bus. */
export interface BusEvent {
  /** Such as `handsoff.alertmanager`. */
  readonly source: string;
  readonly detailType: string;
  /** A JSON object as text. */
  readonly detail: string;
}

/** Raised when events are not on the bus after every retry; which of them are is not known to the sender, so it sends all again. */
export class BusRefusedError extends Error {
  override readonly name = 'BusRefusedError' as const;
  /** Whether the bus asked to be called less often. */
  readonly throttled: boolean;

  constructor(message: string, throttled: boolean, options?: ErrorOptions) {
    super(message, options);
    this.throttled = throttled;
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const maxEntries = 10;

/** All entries of a request must stay below 1 MB: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const maxRequestBytes = 1_000_000;

/** Requests under way at a time: a large group of alerts must be on the bus before its sender gives up. */
const maxParallel = 4;

const maxAttempts = 4;
const firstPauseMs = 100;
const throttling = /throttl|toomanyrequests|limitexceeded/i;

/** The `handsoff` bus. */
export class EventBus {
  readonly #client: EventBridgeClient;
  readonly #name: string;
  readonly #sleep: (ms: number) => Promise<unknown>;

  constructor(client: EventBridgeClient, name: string, sleep: (ms: number) => Promise<unknown> = sleepMs) {
    this.#client = client;
    this.#name = name;
    this.#sleep = sleep;
  }

  /** Puts every event on the bus, in requests of at most 10 events and 1 MB. Throws `BusRefusedError` unless all are on it. */
  async put(events: readonly BusEvent[]): Promise<void> {
    const batches = batchesOf(events);
    for (let at = 0; at < batches.length; at += maxParallel) {
      await Promise.all(batches.slice(at, at + maxParallel).map(async (batch) => this.#putBatch(batch)));
    }
  }

  async #putBatch(batch: readonly BusEvent[]): Promise<void> {
    let left = batch;
    let codes: readonly string[] = [];
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (attempt > 0) await this.#sleep(firstPauseMs * 2 ** (attempt - 1));
      const failed = await this.#send(left);
      if (failed.length === 0) return;
      left = failed.map(({ event }) => event);
      codes = failed.map(({ code }) => code);
    }
    const named = [...new Set(codes)].join(', ');
    throw new BusRefusedError(
      `${left.length} of ${batch.length} events are not on the bus ${this.#name} after ${maxAttempts} attempts: ${named}.`,
      codes.every((code) => throttling.test(code)),
    );
  }

  /** The events that the bus did not take. Answers come in the order of the request. */
  async #send(batch: readonly BusEvent[]): Promise<readonly { readonly event: BusEvent; readonly code: string }[]> {
    const Entries = batch.map((event) => this.#entryOf(event));
    try {
      const { Entries: results = [] } = await this.#client.send(new PutEventsCommand({ Entries }));
      return batch.flatMap((event, index) => {
        const { EventId, ErrorCode = 'NoAnswer' } = results[index] ?? {};
        return EventId ? [] : [{ event, code: ErrorCode }];
      });
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      throw new BusRefusedError(`The bus ${this.#name} cannot be reached: ${name}.`, throttling.test(name), {
        cause: error,
      });
    }
  }

  #entryOf({ source, detailType, detail }: BusEvent): PutEventsRequestEntry {
    return { EventBusName: this.#name, Source: source, DetailType: detailType, Detail: detail };
  }
}

function batchesOf(events: readonly BusEvent[]): readonly (readonly BusEvent[])[] {
  const batches: BusEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = bytesOf(event);
    const last = batches.at(-1);
    const fits = last !== undefined && last.length < maxEntries && bytes + size < maxRequestBytes;
    if (fits) last.push(event);
    else batches.push([event]);
    bytes = fits ? bytes + size : size;
  }
  return batches;
}

function bytesOf({ source, detailType, detail }: BusEvent): number {
  return Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);
}
