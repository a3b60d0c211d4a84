/** How long a cause is remembered after its last alert: late and repeated events are recognised for this long. */
const rememberForSeconds = 90 * 24 * 3600;

/** The table's TTL attribute, in epoch seconds: when an item may go. */
export function expiryOf(now: Date, seconds = rememberForSeconds): number {
  return Math.floor(now.getTime() / 1000) + seconds;
}
