import type { AlertResource } from '../../domain/alert.ts';
import type { Normalised } from '../../domain/normalised.ts';
import { cutText } from '../../domain/telling/plain-text.ts';
import { type AlertParts, alertOf, maxNameLength } from './alert-of.ts';
import { transitionTime } from './event-time.ts';
import { fitDetails } from './fit-details.ts';
import { resourceOfArn } from './resource-of-arn.ts';
import type { Receipt } from './webhook-format.ts';

/** What a format says of one alert, whose details may be of any size; the receipt says the rest. */
export interface WebhookAlertParts extends Omit<AlertParts, 'resource'> {
  /** Ids or ARNs in AWS that the alert may name, most telling first. */
  readonly resources?: readonly (string | undefined)[];
}

/**
 * The alert of one piece. Its key is scoped to the format and the integration; `sent_by` names the integration, because
 * a sender outside AWS is never enough to change something.
 */
export function webhookAlert(parts: WebhookAlertParts, { integration, ...receipt }: Receipt): Normalised {
  const key = [parts.format, integration, ...parts.key];
  const transitioned_at = transitionTime(parts.at, new Date(receipt.received_at));
  // Of what has one time, the higher id is newer: senders may give all that they say of one trouble the time when it began.
  // The word makes it higher than a UUID alone, which is how alerts are remembered that came before ids told a time.
  const event_id = `received ${receipt.received_at} ${receipt.event_id}`;
  return alertOf(
    { ...parts, key, details: fitDetails(parts.details), resource: resourceOf(parts) },
    { ...receipt, event_id, sent_by: integration, transitioned_at },
  );
}

function resourceOf({ resources = [], source }: WebhookAlertParts): AlertResource {
  const named = resources.flatMap((name) => (name ? [resourceOfArn(name)] : []));
  return named.find(({ type }) => type !== 'unknown') ?? { type: 'unknown', id: cutText(source, maxNameLength) };
}
