/** ISO 8601 with an offset, as RFC 3339 writes it or, as PagerDuty and CloudWatch do, without the offset's colon. */
const isoTime = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}):(\d{2})(?:[.,](\d+))?(?:([Zz])|([+-]\d{2}):?(\d{2})?)$/;

/** As AWS Health writes it: https://www.rfc-editor.org/rfc/rfc1123#page-55 */
const rfc1123Time = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const epochDigits = /^\d{9,19}(\.\d+)?$/;

/** Seconds since 1970 are fewer until the year 5138; milliseconds, microseconds and nanoseconds have been more since 1973. */
const firstMilliseconds = 1e11;
const firstBeyondNanoseconds = 1e20;

/**
 * A time as a sender writes it: ISO 8601 with an offset, RFC 1123, or seconds, milliseconds, microseconds or nanoseconds
 * since 1970 as a number or as text. Undefined for anything else, and for what means that there is none: Go's zero time
 * `0001-01-01T00:00:00Z`, 1970, where a clock begins that was never set, and years past 9999, whose text would sort before
 * all others.
 */
export function readTime(value: unknown): Date | undefined {
  const time = new Date(millisecondsOf(value));
  const year = time.getUTCFullYear();
  return year > 1970 && year <= 9999 ? time : undefined;
}

/** Whether a value is written as a time, be it one that can be or not. */
export function isTime(value: unknown): boolean {
  return !Number.isNaN(millisecondsOf(value));
}

/** What EventBridge delivers may be this far ahead of our clock: it gives whole seconds, and copies of it must have one time. */
export const busAheadMs = 5 * 60_000;

/**
 * When a change happened, by its sender's clock, in ISO 8601 with milliseconds: that of `receivedAt` where the sender does
 * not say, or is ahead by more than `aheadMs`. Its own next alert would otherwise be late.
 */
export function transitionTime(sent: Date | undefined, receivedAt: Date, aheadMs = 0): string {
  const isTold = sent && sent.getTime() <= receivedAt.getTime() + aheadMs;
  return (isTold ? sent : receivedAt).toISOString();
}

function millisecondsOf(value: unknown): number {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return Number.NaN;
  const text = value.trim();
  if (epochDigits.test(text)) return fromEpoch(Number(text));
  if (rfc1123Time.test(text)) return Date.parse(text);
  const found = isoTime.exec(text);
  if (!found) return Number.NaN;
  const [, date, clock, seconds, fraction = '', zulu, hours, minutes = '00'] = found;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  // JavaScript knows no leap second.
  const second = seconds === '60' ? '59' : seconds;
  return Date.parse(`${date}T${clock}:${second}.${milliseconds}${zulu ? 'Z' : `${hours}:${minutes}`}`);
}

function fromEpoch(epoch: number): number {
  return epoch < firstBeyondNanoseconds ? inSeconds(epoch) * 1000 : Number.NaN;
}

function inSeconds(epoch: number): number {
  return epoch < firstMilliseconds ? epoch : inSeconds(epoch / 1000);
}
