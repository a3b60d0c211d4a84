import { randomUUID } from 'node:crypto';
import type { Item } from '../sandbox/dynamodb/dynamodb.ts';
import { mapTexts } from '../sandbox/map-texts.ts';

/** How Health spells a moment, and no other service does: `Mon, 02 Nov 2026 02:58:00 GMT`. */
const HEALTH_MOMENT = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
/** The forms in which AWS spells a moment: `2026-11-02T03:00:04Z`, and CloudWatch's `2026-11-02T03:00:03.997+0000`. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+0000|\+00:00)$/;
/** The attributes in which the table counts epoch seconds: when an item may go, and until when a slot is held. */
const epochNames = new Set(['expires_at_epoch', 'until']);

/**
 * A recorded event as if it had been sent at `nowMs`: every moment in it moves by as much as its own `time` does, and
 * it is another event. An event without `time` stays as it is, but for its id.
 */
export function moveEvent(event: Readonly<Record<string, unknown>>, nowMs: number): Record<string, unknown> {
  const time = Date.parse(String(event['time']));
  const moved = Number.isNaN(time) ? event : moveMoments(event, nowMs - time);
  return { ...(moved as Record<string, unknown>), id: randomUUID() };
}

/** Moves every moment in a value, at any depth. */
export function moveMoments(value: unknown, byMs: number): unknown {
  return mapTexts(value, (text) => moveText(text, byMs));
}

function moveText(text: string, byMs: number): string {
  if (HEALTH_MOMENT.test(text)) return new Date(Date.parse(text) + byMs).toUTCString();
  return MOMENT.test(text) ? moveMoment(text, byMs) : text;
}

/** Keeps the spelling: with or without milliseconds, and the zone. */
function moveMoment(text: string, byMs: number): string {
  const [, fraction = '', zone = 'Z'] = MOMENT.exec(text) ?? [];
  const moved = new Date(Date.parse(text.replace('+0000', 'Z')) + byMs).toISOString();
  return `${moved.slice(0, 19)}${fraction === '' ? '' : moved.slice(19, 23)}${zone}`;
}

/** An item of the table as it would be if all had happened later. */
export function moveItem(item: Item, byMs: number): Item {
  return moveEpochs(moveMoments(item, byMs), byMs / 1000) as Item;
}

/** Moves what the table counts in epoch seconds, at any depth. */
function moveEpochs(value: unknown, bySeconds: number): unknown {
  if (Array.isArray(value)) return value.map((item) => moveEpochs(item, bySeconds));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const seconds = epochNames.has(name) ? Object(item).N : undefined;
      return [name, seconds === undefined ? moveEpochs(item, bySeconds) : { N: String(Number(seconds) + bySeconds) }];
    }),
  );
}
