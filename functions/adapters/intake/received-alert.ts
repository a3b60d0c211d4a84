import { type Fields, isRecord, read, valueAt } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { ownSourcePrefix, receivedDetailType } from '../../domain/own-events.ts';
import { busAheadMs, readTime, transitionTime } from './event-time.ts';
import { allFormats } from './formats/all-formats.ts';

/** Whether an event brings a piece of a request. */
export function isReceived({ source, 'detail-type': type }: Fields): boolean {
  return type === receivedDetailType && typeof source === 'string' && source.startsWith(ownSourcePrefix);
}

/** Normalises the piece that `receive-webhook` put on the bus, by its format. */
export function normaliseReceived(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const name = read(event, 'source', errors).slice(ownSourcePrefix.length);
  const format = allFormats.find((known) => known.name === name);
  const receipt = {
    integration: read(event, 'detail.integration', errors),
    event_id: read(event, 'id', errors),
    account: read(event, 'account', errors),
    region: read(event, 'region', errors),
    // When the request came, not when triage got to it: a retry on the way must not change the order of what a sender said.
    received_at: transitionTime(readTime(valueAt(event, 'detail.received_at')), receivedAt, busAheadMs),
  };
  const piece = isRecord(event['detail']) ? event['detail']['piece'] : undefined;
  if (!isRecord(piece)) errors.push({ path: 'detail.piece', message: 'is not a JSON object' });
  if (!format)
    errors.push({
      path: 'source',
      message: `is none of ${allFormats.map((known) => ownSourcePrefix + known.name).join(', ')}`,
    });
  if (!format || !isRecord(piece) || errors.length > 0) return { kind: 'poison', errors };
  return format.normalise(piece, receipt);
}
