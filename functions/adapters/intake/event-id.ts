/**
 * What an alert is known by when it comes again: the id of its event, or `change`, which names what its sender says again and
 * again, within its `dedup_key`.
 */
export function eventIdOf(eventId: string, dedupKey: string, change: string | undefined): string {
  return change === undefined ? eventId : `${dedupKey} ${change}`;
}
