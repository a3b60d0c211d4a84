import type { Alert } from '../alert.ts';

/** The `source` and `detail-type` under which an alert comes back from being held. */
export const releasedEvent = { source: 'handsoff.hold', detailType: 'Alert Released' } as const;

/**
 * The alert of an event that says it was held; undefined for any other event. It is our own form and needs no adapter;
 * triage believes it only where its row says that it waits.
 */
export function readReleased(event: unknown): Alert | undefined {
  if (typeof event !== 'object' || event === null || !('source' in event) || event.source !== releasedEvent.source) {
    return undefined;
  }
  const detail = 'detail' in event ? event.detail : undefined;
  return typeof detail === 'object' && detail !== null && 'alert' in detail ? (detail.alert as Alert) : undefined;
}
