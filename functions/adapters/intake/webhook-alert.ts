import type { Alert, AlertResource, EventAction } from '../../domain/alert.ts';
import type { Fields } from '../../domain/fields.ts';
import { dedupKeyOf } from '../../domain/identity.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { cutText, oneLine } from '../../domain/telling/plain-text.ts';
import { maxNameLength, type PayloadParts, payloadOf } from './alert-payload.ts';
import { eventIdOf } from './event-id.ts';
import { transitionTime } from './event-time.ts';
import { fitDetails } from './fit-details.ts';
import { resourceOfArn } from './resource-of-arn.ts';
import type { Receipt } from './webhook-format.ts';

const maxLinks = 20;
const maxHrefLength = 2048;

/** What a format says of one alert; the receipt says the rest. */
export interface WebhookAlertParts extends PayloadParts {
  /** Name of the format. */
  readonly format: string;
  readonly action: EventAction;
  /** What stays the same for one cause within the integration; never text that people edit. */
  readonly key: readonly string[];
  /** The sender's own time of the change, where it says that of every change; else alerts are ordered by when they came. */
  readonly at: Date | undefined;
  /** What people see as the time, where it must not order: a sender that tells it only of triggers. */
  readonly shownAt?: Date | undefined;
  /**
   * What names the change within its `key`, of a sender that says it again and again: until it says another one, it has said
   * nothing new. Without it, whatever comes is a change of its own.
   */
  readonly change?: string | undefined;
  readonly details: Fields;
  readonly links?: readonly LinkParts[];
  /** Ids or ARNs in AWS that the alert may name, most telling first. */
  readonly resources?: readonly (string | undefined)[];
}

export interface LinkParts {
  readonly href: string | undefined;
  readonly text: string | undefined;
}

/**
 * The alert of one piece. Its key is scoped to the format and the integration; `sent_by` names the integration, because
 * a sender outside AWS is never enough to change something.
 */
export function webhookAlert(parts: WebhookAlertParts, receipt: Receipt): Normalised {
  const key = dedupKeyOf([parts.format, receipt.integration, ...parts.key]);
  const receivedAt = new Date(receipt.received_at);
  const transitionedAt = transitionTime(parts.at, receivedAt);
  const timestamp = parts.shownAt ? transitionTime(parts.shownAt, receivedAt) : transitionedAt;
  const alert: Alert = {
    event_action: parts.action,
    dedup_key: key,
    incident_key: key,
    payload: payloadOf(parts, fitDetails(parts.details), timestamp),
    links: linksOf(parts.links ?? []),
    origin: {
      format: parts.format,
      event_id: eventIdOf(receipt.event_id, key, parts.change),
      account: receipt.account,
      region: receipt.region,
      sent_by: receipt.integration,
      received_at: receipt.received_at,
      transitioned_at: transitionedAt,
    },
    resource: resourceOf(parts),
  };
  return { kind: 'alert', alert };
}

/** What cannot be normalised, with every field error at once. */
export function poison(errors: readonly FieldError[]): Normalised {
  return { kind: 'poison', errors };
}

/** Links that a person may follow: http and https alone, at most 20, none longer than 2,048 characters. */
export function linksOf(links: readonly LinkParts[]): Alert['links'] {
  return links
    .flatMap(({ href, text }) => (href && isWebLink(href) ? [{ href, text: cutText(oneLine(text ?? href), 200) }] : []))
    .slice(0, maxLinks);
}

function isWebLink(href: string): boolean {
  return /^https?:\/\/[^\s<>"|]+$/i.test(href) && href.length <= maxHrefLength && URL.canParse(href);
}

function resourceOf({ resources = [], source }: WebhookAlertParts): AlertResource {
  const named = resources.flatMap((name) => (name ? [resourceOfArn(name)] : []));
  return named.find(({ type }) => type !== 'unknown') ?? { type: 'unknown', id: cutText(source, maxNameLength) };
}
