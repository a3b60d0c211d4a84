import { type Fields, isRecord, readOptional, recordAt } from '../../../domain/fields.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { cutText } from '../../../domain/telling/plain-text.ts';
import { maxSummaryLength, webLinksOf } from '../alert-of.ts';
import { readTime, transitionTime } from '../event-time.ts';
import { fitDetails } from '../fit-details.ts';
import { keptText } from '../kept-text.ts';
import type { Receipt, WebhookFormat } from '../webhook-format.ts';
import {
  checkDetails,
  checkRoutingKey,
  checkText,
  checkTime,
  isBlank,
  readPagerDutyLinks,
  withoutKeys,
} from './pagerduty-fields.ts';

/** PagerDuty change events: something was changed. They tell nobody. https://developer.pagerduty.com/docs/send-change-events */
export const pagerdutyChangeFormat: WebhookFormat = {
  name: 'pagerduty-change',
  split: (body) => {
    if (!isRecord(body)) return { kind: 'invalid', errors: [{ path: '', message: 'Event object is invalid' }] };
    const errors = errorsOf(body);
    return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'pieces', pieces: [withoutKeys(body)] };
  },
  normalise: (piece, receipt) => {
    const errors = errorsOf(piece);
    return errors.length > 0 ? { kind: 'poison', errors } : changeOf(piece, receipt);
  },
};

function errorsOf(body: Fields): readonly FieldError[] {
  const errors: FieldError[] = [];
  checkRoutingKey(body, errors);
  const payload = body['payload'];
  if (!isRecord(payload)) return [...errors, { path: 'payload', message: 'is missing or blank' }];
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
