import { type Fields, isRecord, readOptional, recordAt } from '../../../domain/fields.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { cutText } from '../../../domain/telling/plain-text.ts';
import { maxSummaryLength, webLinksOf } from '../alert-of.ts';
import { readTime, transitionTime } from '../event-time.ts';
import { fitDetails } from '../fit-details.ts';
import { keptText } from '../kept-text.ts';
import { formatOfOne, type Receipt } from '../webhook-format.ts';
import { checkDetails, checkText, checkTime, isBlank, readPagerDutyLinks } from './pagerduty-fields.ts';

/** PagerDuty change events: something was changed. They tell nobody. https://developer.pagerduty.com/docs/send-change-events */
export const pagerdutyChangeFormat = formatOfOne('pagerduty-change', errorsOf, changeOf);

function errorsOf(body: Fields): readonly FieldError[] {
  const errors: FieldError[] = [];
  const payload = body['payload'];
  if (!isRecord(payload)) return [{ path: 'payload', message: 'is missing or blank' }];
  checkText(payload, 'summary', errors);
  checkTime(payload, errors);
  checkDetails(payload, errors);
  return errors;
}

function changeOf(piece: Fields, receipt: Receipt): Normalised {
  const payload = recordAt(piece, 'payload');
  const details = payload['custom_details'];
  const change = {
    summary: keptText(readOptional(payload, 'summary'), maxSummaryLength),
    source: cutText(readOptional(payload, 'source') ?? receipt.integration, maxSummaryLength),
    timestamp: transitionTime(readTime(payload['timestamp']), new Date(receipt.received_at)),
    custom_details: fitDetails(isRecord(details) ? details : { ...(!isBlank(details) && { details }) }),
    links: webLinksOf(readPagerDutyLinks(piece)),
    integration: receipt.integration,
    event_id: receipt.event_id,
  };
  return { kind: 'change', change };
}
