import { randomUUID } from 'node:crypto';

/** The forms in which AWS spells a moment: `2026-11-02T03:00:04Z`, and CloudWatch's `2026-11-02T03:00:03.997+0000`. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+0000|\+00:00)$/;

/**
 * A recorded event as if it had been sent at `nowMs`: every moment in it moves by as much as its own `time` does, and
 * it is another event. An event without `time` stays as it is, but for its id.
 */
export function moveEvent(event: Readonly<Record<string, unknown>>, nowMs: number): Record<string, unknown> {
  const time = Date.parse(String(event['time']));
  const moved = Number.isNaN(time) ? event : moveMoments(event, nowMs - time);
  return { ...(moved as Record<string, unknown>), id: randomUUID() };
}

function moveMoments(value: unknown, byMs: number): unknown {
  if (typeof value === 'string') return MOMENT.test(value) ? moveMoment(value, byMs) : value;
  if (Array.isArray(value)) return value.map((item) => moveMoments(item, byMs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moveMoments(item, byMs)]));
}

/** Keeps the spelling: with or without milliseconds, and the zone. */
function moveMoment(text: string, byMs: number): string {
  const [, fraction = '', zone = 'Z'] = MOMENT.exec(text) ?? [];
  const moved = new Date(Date.parse(text.replace('+0000', 'Z')) + byMs).toISOString();
  return `${moved.slice(0, 19)}${fraction === '' ? '' : moved.slice(19, 23)}${zone}`;
}
