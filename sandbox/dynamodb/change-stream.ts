import { isDeepStrictEqual } from 'node:util';
import type { VirtualClock } from '../clock.ts';
import { stableHex } from '../stable-id.ts';
import { type Item, sizeOfItem } from './engine.ts';
import type { TableDescription } from './table-description.ts';

/** One record of a table's stream, as Lambda gives it to a function. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

/** What a write did to one item. */
export interface Change {
  readonly table: TableDescription;
  readonly key: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Listens to the stream of one table. */
export type StreamListener = (record: StreamRecord) => void;

const FIRST_SEQUENCE_NUMBER = 100_000_000_000_000_000_000n;

/** Tells the listeners of every table's stream what changed, in the order of the writes. */
export class ChangeStream {
  readonly #clock: VirtualClock;
  readonly #region: string;
  readonly #listeners = new Map<string, StreamListener[]>();
  #records = 0n;

  constructor(clock: VirtualClock, region: string) {
    this.#clock = clock;
    this.#region = region;
  }

  listen(tableArn: string, listener: StreamListener): void {
    this.#listeners.set(tableArn, [...(this.#listeners.get(tableArn) ?? []), listener]);
  }

  /** A write that leaves an item as it was yields no record, as on AWS. */
  publish(change: Change): void {
    const { streamArn, arn } = change.table;
    if (!streamArn || isDeepStrictEqual(change.before, change.after)) return;
    const record = this.#toRecord(change, streamArn);
    for (const listener of this.#listeners.get(arn) ?? []) listener(record);
  }

  #toRecord({ table, key, before, after }: Change, streamArn: string): StreamRecord {
    this.#records += 1n;
    const SequenceNumber = String(FIRST_SEQUENCE_NUMBER + this.#records);
    const { streamViewType: StreamViewType = 'NEW_AND_OLD_IMAGES' } = table;
    const images = {
      ...(after && StreamViewType.includes('NEW') ? { NewImage: after } : {}),
      ...(before && StreamViewType.includes('OLD') ? { OldImage: before } : {}),
    };
    const sizes = [key, ...Object.values(images)].map(sizeOfItem);
    return {
      eventID: stableHex(`${streamArn}:${SequenceNumber}`, 32),
      eventName: !before ? 'INSERT' : after ? 'MODIFY' : 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.#region,
      eventSourceARN: streamArn,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.#clock.now() / 1000),
        Keys: key,
        ...images,
        SequenceNumber,
        SizeBytes: sizes.reduce((sum, size) => sum + size, 0),
        StreamViewType,
      },
    };
  }
}
