import { type Fields, isRecord, read, readOptional, recordAt, stringsIn } from '../../domain/fields.ts';
import type { FieldError } from '../../domain/normalised.ts';

/**
 * What every event on an EventBridge bus carries, whoever sent it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export interface EventEnvelope {
  readonly eventId: string;
  /** Begins with `aws.` where AWS or a partner of AWS sent it: nobody else can put such an event. */
  readonly source: string;
  readonly detailType: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601 with milliseconds. EventBridge gives whole seconds: prefer the sender's own time where the detail has one. */
  readonly time: string;
  /** Amazon Resource Names, or bare ids where the sender writes these. */
  readonly resources: readonly string[];
  readonly detail: Fields;
}

/** Reads the envelope; each field that is missing or of another kind adds an error and reads as empty. */
export function readEnvelope(event: Fields, errors: FieldError[]): EventEnvelope {
  if (!isRecord(event['detail'])) errors.push({ path: 'detail', message: 'is missing or not an object' });
  return {
    eventId: read(event, 'id', errors),
    source: read(event, 'source', errors),
    detailType: readOptional(event, 'detail-type') ?? '',
    account: read(event, 'account', errors),
    region: read(event, 'region', errors),
    time: readTime(event, 'time', errors),
    resources: stringsIn(event['resources']),
    detail: recordAt(event, 'detail'),
  };
}

/**
 * The time in ISO 8601 with milliseconds, or undefined: from text such as ISO 8601 or RFC 1123, or from a number of
 * milliseconds since 1970. Years past 9999 are no time, as their text would sort before all others.
 */
export function timeOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const time = new Date(value);
  const isTime = !Number.isNaN(time.getTime()) && time.getTime() >= 0 && time.getUTCFullYear() <= 9999;
  return isTime ? time.toISOString() : undefined;
}

/** How far a sender's clock may be ahead, in milliseconds; an alert from later on would make every one after it late. */
const maxAheadMs = 5 * 60_000;

/** The time of a change, in ISO 8601 with milliseconds: as its sender says, or when it came if that lies in the future. */
export function notAhead(time: string, receivedAt: Date): string {
  return Date.parse(time) > receivedAt.getTime() + maxAheadMs ? receivedAt.toISOString() : time;
}

function readTime(root: unknown, path: string, errors: FieldError[]): string {
  const time = timeOf(readOptional(root, path));
  if (time === undefined) errors.push({ path, message: 'is not a time' });
  return time ?? '';
}
