import type { Alert, AlertResource, EventAction, Severity, SuppressedBy } from '../../domain/alert.ts';
import type { Fields } from '../../domain/fields.ts';
import { dedupKeyOf } from '../../domain/identity.ts';
import type { Normalised } from '../../domain/normalised.ts';
import { cutText, oneLine } from '../../domain/telling/plain-text.ts';
import { transitionTime } from './event-time.ts';
import { keptText } from './kept-text.ts';

/** PagerDuty's limit, in UTF-16 units here: https://developer.pagerduty.com/docs/send-alert-event */
export const maxSummaryLength = 1024;
export const maxNameLength = 1024;
const maxLinks = 20;
const maxHrefLength = 2048;

/** What an adapter says of one alert; how it came here says the rest. */
export interface AlertParts {
  /** Name of the adapter: `aws-health`. */
  readonly format: string;
  readonly action: EventAction;
  /** What stays the same for one cause, its trigger and its resolve; never text that people edit. */
  readonly key: readonly string[];
  /** The `key` of the alert whose incident this one belongs to. @default - its own */
  readonly incidentKey?: readonly string[] | undefined;
  /**
   * What names the change within its `key`, of a sender that says it again and again: until it says another one, it has said
   * nothing new. @default - whatever comes is a change of its own
   */
  readonly change?: string | undefined;
  /** Cut to 1,024 characters. */
  readonly summary: string;
  readonly source: string;
  readonly severity: Severity;
  readonly component?: string | undefined;
  readonly group?: string | undefined;
  readonly class?: string | undefined;
  /** The sender's own time of the change, where it says that of every change. @default - when it was sent, as its way here says */
  readonly at?: Date | undefined;
  /** What people see as the time, where it must not order: a sender that tells it only of triggers. @default - `at` */
  readonly shownAt?: Date | undefined;
  /** Without secrets, and no larger than the table takes. */
  readonly details: Fields;
  readonly links?: readonly LinkParts[];
  readonly resource: AlertResource;
  readonly suppressedBy?: SuppressedBy | undefined;
  readonly suppressedUntil?: Date | undefined;
}

export interface LinkParts {
  readonly href: string | undefined;
  readonly text: string | undefined;
}

/** The alert of what an adapter says and how it came here, without secrets and held to the limits of the Common Event Format. */
export function alertOf(parts: AlertParts, cameBy: Omit<Alert['origin'], 'format'>): Normalised {
  const { format, action, key, incidentKey = key, change, component, group, class: name } = parts;
  const dedup_key = dedupKeyOf(key);
  const alert: Alert = {
    event_action: action,
    dedup_key,
    incident_key: dedupKeyOf(incidentKey),
    payload: {
      summary: keptText(parts.summary, maxSummaryLength),
      source: cutText(parts.source, maxNameLength),
      severity: parts.severity,
      timestamp: parts.shownAt ? transitionTime(parts.shownAt, new Date(cameBy.received_at)) : cameBy.transitioned_at,
      ...(component && { component: cutText(component, maxNameLength) }),
      ...(group && { group: cutText(group, maxNameLength) }),
      ...(name && { class: cutText(name, maxNameLength) }),
      custom_details: parts.details,
    },
    links: webLinksOf(parts.links ?? []),
    origin: { format, ...cameBy, ...(change !== undefined && { event_id: `${dedup_key} ${change}` }) },
    resource: parts.resource,
    ...(parts.suppressedBy && { suppressed_by: parts.suppressedBy }),
    ...(parts.suppressedUntil && { suppressed_until: parts.suppressedUntil.toISOString() }),
  };
  return { kind: 'alert', alert };
}

/** Links that a person may follow: http and https alone, at most 20, none longer than 2,048 characters. */
export function webLinksOf(links: readonly LinkParts[]): Alert['links'] {
  return links
    .flatMap(({ href, text }) => (href && isWebLink(href) ? [{ href, text: cutText(oneLine(text ?? href), 200) }] : []))
    .slice(0, maxLinks);
}

function isWebLink(href: string): boolean {
  return /^https?:\/\/[^\s<>"|]+$/i.test(href) && href.length <= maxHrefLength && URL.canParse(href);
}
