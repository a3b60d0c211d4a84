/** A time as an answer gives it: ISO 8601 or epoch seconds. Throws a `TypeError` for anything else. */
export function readTime(value: unknown): Date {
  const time = new Date(typeof value === 'number' ? value * 1000 : String(value));
  if (!Number.isNaN(time.getTime())) return time;
  throw new TypeError(`${String(value)} is not a time; write ISO 8601 or epoch seconds.`);
}
