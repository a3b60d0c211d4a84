import type { Alert, Severity } from '../../domain/alert.ts';
import { cutText } from '../../domain/telling/plain-text.ts';
import { keptText } from './kept-text.ts';

/** PagerDuty's limit, in UTF-16 units here: https://developer.pagerduty.com/docs/send-alert-event */
export const maxSummaryLength = 1024;
export const maxNameLength = 1024;

/** What an adapter says of an alert for people to read. */
export interface PayloadParts {
  /** Cut to 1,024 characters. */
  readonly summary: string;
  readonly source: string;
  readonly severity: Severity;
  readonly component?: string | undefined;
  readonly group?: string | undefined;
  readonly class?: string | undefined;
}

/** What an alert says, without secrets and held to the limits of the Common Event Format; `details` are held already. */
export function payloadOf(
  { summary, source, severity, component, group, class: name }: PayloadParts,
  details: Alert['payload']['custom_details'],
  timestamp: string,
): Alert['payload'] {
  return {
    summary: keptText(summary, maxSummaryLength),
    source: cutText(source, maxNameLength),
    severity,
    timestamp,
    ...(component && { component: cutText(component, maxNameLength) }),
    ...(group && { group: cutText(group, maxNameLength) }),
    ...(name && { class: cutText(name, maxNameLength) }),
    custom_details: details,
  };
}
