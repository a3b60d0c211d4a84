import { type Fields, isRecord, readOptional, recordsIn } from '../../../domain/fields.ts';
import type { FieldError } from '../../../domain/normalised.ts';
import { isTime } from '../event-time.ts';
import type { LinkParts } from '../alert-of.ts';

/** Whether PagerDuty calls a value blank. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** A text of the payload that PagerDuty needs. */
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
