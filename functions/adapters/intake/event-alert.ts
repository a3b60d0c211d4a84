import type { Alert, AlertResource, EventAction, SuppressedBy } from '../../domain/alert.ts';
import type { Fields } from '../../domain/fields.ts';
import { dedupKeyOf } from '../../domain/identity.ts';
import type { Normalised } from '../../domain/normalised.ts';
import { type PayloadParts, payloadOf } from './alert-payload.ts';
import { eventIdOf } from './event-id.ts';
import type { EventEnvelope } from './event-envelope.ts';
import { busAheadMs, transitionTime } from './event-time.ts';

/** What an adapter says of an event, beside what its envelope says already. */
export interface AlertParts extends PayloadParts {
  /** Name of the adapter: `aws-health`. */
  readonly format: string;
  readonly action: EventAction;
  /** What stays the same for one cause, its trigger and its resolve; never text that people edit. */
  readonly key: readonly string[];
  /** The `key` of the alert whose incident this one belongs to. @default - its own */
  readonly incidentKey?: readonly string[] | undefined;
  /** What names the change within its `key`, of a sender that says it again and again. @default - the event */
  readonly change?: string | undefined;
  /** The sender's own time of the change. @default - the envelope's time */
  readonly at?: Date | undefined;
  readonly details: Fields;
  readonly links?: Alert['links'];
  readonly resource: AlertResource;
  readonly suppressedBy?: SuppressedBy | undefined;
  /** Where the trouble is, if that is not where the event was delivered. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * The alert of an event: its envelope and what its adapter says of it. What somebody else puts on the bus in the form
 * of an AWS event has a `dedup_key` of its own, and says who sent it, as what comes by a partner's bus does.
 */
export function eventAlert(envelope: EventEnvelope, parts: AlertParts, receivedAt: Date): Normalised {
  const isOwn = envelope.source.startsWith('aws.');
  // What a partner's tool sends is the tool's word, not that of AWS.
  const isOfAws = isOwn && !envelope.source.startsWith('aws.partner/');
  const keyOf = (key: readonly string[]) => dedupKeyOf(isOwn ? key : [...key, 'sent by', envelope.source]);
  const dedupKey = keyOf(parts.key);
  const transitionedAt = transitionTime(parts.at ?? envelope.time, receivedAt, busAheadMs);
  const alert: Alert = {
    event_action: parts.action,
    dedup_key: dedupKey,
    incident_key: keyOf(parts.incidentKey ?? parts.key),
    payload: payloadOf(parts, parts.details, transitionedAt),
    links: parts.links ?? [],
    origin: {
      format: parts.format,
      event_id: eventIdOf(envelope.eventId, dedupKey, parts.change),
      account: parts.account ?? envelope.account,
      region: parts.region ?? envelope.region,
      ...(!isOfAws && { sent_by: envelope.source }),
      received_at: receivedAt.toISOString(),
      transitioned_at: transitionedAt,
    },
    resource: parts.resource,
    ...(parts.suppressedBy && { suppressed_by: parts.suppressedBy }),
  };
  return { kind: 'alert', alert };
}
