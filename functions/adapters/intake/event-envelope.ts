import { type Fields, isRecord, read, readOptional, recordAt, stringsIn } from '../../domain/fields.ts';
import type { FieldError } from '../../domain/normalised.ts';
import { readTime } from './event-time.ts';

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
  /** EventBridge gives whole seconds: prefer the sender's own time where the detail has one. */
  readonly time: Date;
  /** Amazon Resource Names, or bare ids where the sender writes these. */
  readonly resources: readonly string[];
  readonly detail: Fields;
}

/** Reads the envelope; each field that is missing or of another kind adds an error and reads as empty. */
export function readEnvelope(event: Fields, errors: FieldError[]): EventEnvelope {
  const time = readTime(event['time']);
  if (!time) errors.push({ path: 'time', message: 'is not a time' });
  if (!isRecord(event['detail'])) errors.push({ path: 'detail', message: 'is missing or not an object' });
  return {
    eventId: read(event, 'id', errors),
    source: read(event, 'source', errors),
    detailType: readOptional(event, 'detail-type') ?? '',
    account: read(event, 'account', errors),
    region: read(event, 'region', errors),
    time: time ?? new Date(0),
    resources: stringsIn(event['resources']),
    detail: recordAt(event, 'detail'),
  };
}
