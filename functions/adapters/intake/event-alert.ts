import type { Normalised } from '../../domain/normalised.ts';
import { type AlertParts, alertOf } from './alert-of.ts';
import type { EventEnvelope } from './event-envelope.ts';
import { busAheadMs, transitionTime } from './event-time.ts';

/** What an adapter says of an event, beside what its envelope says already. */
export interface EventAlertParts extends AlertParts {
  /** Where the trouble is, if that is not where the event was delivered. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * The alert of an event: its envelope and what its adapter says of it. What somebody else puts on the bus in the form
 * of an AWS event has a `dedup_key` of its own, and says who sent it, as what comes by a partner's bus does.
 */
export function eventAlert(envelope: EventEnvelope, parts: EventAlertParts, receivedAt: Date): Normalised {
  const { source } = envelope;
  const isOwn = source.startsWith('aws.');
  // What a partner's tool sends is the tool's word, not that of AWS.
  const isOfAws = isOwn && !source.startsWith('aws.partner/');
  const keyOf = (key: readonly string[]) => (isOwn ? key : [...key, 'sent by', source]);
  const incidentKey = keyOf(parts.incidentKey ?? parts.key);
  return alertOf(
    { ...parts, key: keyOf(parts.key), incidentKey },
    {
      event_id: envelope.eventId,
      account: parts.account ?? envelope.account,
      region: parts.region ?? envelope.region,
      ...(!isOfAws && { sent_by: source }),
      received_at: receivedAt.toISOString(),
      transitioned_at: transitionTime(parts.at ?? envelope.time, receivedAt, busAheadMs),
    },
  );
}
