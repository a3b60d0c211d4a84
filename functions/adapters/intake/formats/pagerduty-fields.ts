import { type Fields, isRecord, readOptional, recordsIn } from '../../../domain/fields.ts';
import type { FieldError } from '../../../domain/normalised.ts';
import { isTime } from '../event-time.ts';
import type { LinkParts } from '../alert-of.ts';

/** https://developer.pagerduty.com/docs/send-alert-event */
const routingKeyLength = 32;

/** Whether PagerDuty calls a value blank. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** A routing key that stands in the body has 32 characters; one may have come in a header instead. */
export function checkRoutingKey(body: Fields, errors: FieldError[]): void {
  const key = body['routing_key'];
  if (key === undefined || (typeof key === 'string' && key.length === routingKeyLength)) return;
  const message = `Length of 'routing_key' is incorrect (should be ${routingKeyLength} characters)`;
  errors.push({ path: '', message });
}

/** A text of the payload that PagerDuty needs. Numbers pass for text, as some clients send them. */
export function checkText(payload: Fields, name: string, errors: FieldError[]): void {
  if (isBlank(payload[name])) errors.push({ path: `payload.${name}`, message: 'is missing or blank' });
  else if (typeof payload[name] !== 'string') errors.push({ path: `payload.${name}`, message: 'is not a string' });
}

/** `payload.timestamp`, where there is one. */
export function checkTime(payload: Fields, errors: FieldError[]): void {
  const time = payload['timestamp'];
  if (!isBlank(time) && !isTime(time))
    errors.push({ path: 'payload.timestamp', message: 'is invalid (should be an ISO 8601 time with an offset)' });
}

/** `payload.custom_details`, where there are some: an object, or text, which some clients send. */
export function checkDetails(payload: Fields, errors: FieldError[]): void {
  const details = payload['custom_details'];
  if (isBlank(details) || isRecord(details) || typeof details === 'string' || Array.isArray(details)) return;
  errors.push({ path: 'payload.custom_details', message: 'is not an object' });
}

/** The body without what it is let in by. */
export function withoutKeys(body: Fields): Fields {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'routing_key'));
}

/** `links[]` and `images[]`; what is none is left out, as losing an alert over a link would be worse. */
export function readPagerDutyLinks(piece: Fields): readonly LinkParts[] {
  return [
    ...recordsIn(piece['links']).map((link) => ({
      href: readOptional(link, 'href'),
      text: readOptional(link, 'text'),
    })),
    ...recordsIn(piece['images']).map((image) => ({
      href: readOptional(image, 'src'),
      text: readOptional(image, 'alt'),
    })),
  ];
}
