/** ISO 8601 with an offset, as RFC 3339 writes it or, as PagerDuty's documentation does, without the offset's colon. */
const isoTime = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(?:([Zz])|([+-]\d{2}):?(\d{2}))$/;
const epochDigits = /^\d{9,14}(\.\d+)?$/;

/** Seconds since 1970 have fewer digits than this until the year 5138; milliseconds have had more since 1973. */
const firstMilliseconds = 100_000_000_000;

/**
 * A sender's time: ISO 8601 with an offset, or seconds or milliseconds since 1970 as a number or as text. Undefined for
 * anything else and for times before 1970, so that Go's zero time `0001-01-01T00:00:00Z` means that there is none.
 */
export function readSenderTime(value: unknown): Date | undefined {
  const ms = millisecondsOf(value);
  const time = new Date(ms);
  const isTime = ms >= 0 && !Number.isNaN(time.getTime()) && time.getUTCFullYear() <= 9999;
  return isTime ? time : undefined;
}

/**
 * When a change happened, by its sender's clock, in ISO 8601 with milliseconds: never later than `receivedAt`, and that
 * where the sender does not say. A sender whose clock is ahead would otherwise make its own next alert late.
 */
export function transitionTime(sent: Date | undefined, receivedAt: Date): string {
  return (sent && sent < receivedAt ? sent : receivedAt).toISOString();
}

function millisecondsOf(value: unknown): number {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return Number.NaN;
  const text = value.trim();
  if (epochDigits.test(text)) return fromEpoch(Number(text));
  const found = isoTime.exec(text);
  if (!found) return Number.NaN;
  const [, date, clock, fraction = '', zulu, hours, minutes] = found;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  return Date.parse(`${date}T${clock}.${milliseconds}${zulu ? 'Z' : `${hours}:${minutes}`}`);
}

function fromEpoch(epoch: number): number {
  return epoch < firstMilliseconds ? epoch * 1000 : epoch;
}
