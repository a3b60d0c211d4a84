import { type EventAction, eventActions, isEventAction, isSeverity, severities } from '../../../domain/alert.ts';
import { type Fields, isRecord, readOptional, recordAt } from '../../../domain/fields.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { readTime } from '../event-time.ts';
import { webhookAlert } from '../webhook-alert.ts';
import { formatOfOne, type Receipt } from '../webhook-format.ts';
import { checkDetails, checkText, checkTime, isBlank, readPagerDutyLinks } from './pagerduty-fields.ts';

/** In characters, not bytes: https://developer.pagerduty.com/docs/send-alert-event */
const maxDedupKeyLength = 255;

/**
 * PagerDuty Events API v2. The severity is one of the four as it came; priority follows from it.
 * What PagerDuty refuses is refused in its words, except a summary of more than 1,024 characters: it is cut, because
 * refusing it has cost people the page. https://developer.pagerduty.com/docs/send-alert-event
 */
export const pagerdutyFormat = formatOfOne('pagerduty', errorsOf, alertOf);

function errorsOf(body: Fields): readonly FieldError[] {
  const errors: FieldError[] = [];
  const action = readAction(body, errors);
  checkDedupKey(body, action, errors);
  // Clients send an acknowledge or a resolve with a whole payload, an empty one, or null: nothing in it is needed.
  if (action === 'trigger') checkPayload(body, errors);
  return errors;
}

function readAction(body: Fields, errors: FieldError[]): EventAction | undefined {
  const name = body['event_action'];
  if (isEventAction(name)) return name;
  if (isBlank(name)) errors.push({ path: 'event_action', message: 'is missing or blank' });
  else errors.push({ path: 'event_action', message: `is invalid (should be one of ${eventActions.join(', ')})` });
  return undefined;
}

function checkDedupKey(body: Fields, action: EventAction | undefined, errors: FieldError[]): void {
  const key = body['dedup_key'];
  const isNeeded = action === 'acknowledge' || action === 'resolve';
  if (isBlank(key)) {
    if (isNeeded) errors.push({ path: 'dedup_key', message: 'is missing or blank' });
  } else if (typeof key !== 'string') errors.push({ path: 'dedup_key', message: 'is not a string' });
  else if (Array.from(key).length > maxDedupKeyLength)
    errors.push({ path: 'dedup_key', message: `is too long (maximum is ${maxDedupKeyLength} characters)` });
}

function checkPayload(body: Fields, errors: FieldError[]): void {
  const payload = body['payload'];
  if (!isRecord(payload)) {
    errors.push({ path: 'payload', message: isBlank(payload) ? 'is missing or blank' : 'is not an object' });
    return;
  }
  for (const name of ['summary', 'source']) checkText(payload, name, errors);
  const severity = payload['severity'];
  if (isBlank(severity)) errors.push({ path: 'payload.severity', message: 'is missing or blank' });
  else if (!isSeverity(severity))
    errors.push({ path: 'payload.severity', message: `is invalid (should be one of ${severities.join(', ')})` });
  checkTime(payload, errors);
  checkDetails(payload, errors);
}

function alertOf(piece: Fields, receipt: Receipt): Normalised {
  const action = isEventAction(piece['event_action']) ? piece['event_action'] : 'trigger';
  const payload = recordAt(piece, 'payload');
  // Without a key of its own, a trigger is an alert of its own.
  const key = readOptional(piece, 'dedup_key') ?? receipt.event_id;
  const client = readOptional(piece, 'client');
  return webhookAlert(
    {
      format: 'pagerduty',
      action,
      key: [key],
      summary: readOptional(payload, 'summary') ?? `${action} of ${key}`,
      source: readOptional(payload, 'source') ?? client ?? receipt.integration,
      severity: isSeverity(payload['severity']) ? payload['severity'] : 'error',
      // Only a trigger has a time. Ordered by it, a trigger that was on its way when the resolve came would count as late.
      at: undefined,
      shownAt: readTime(payload['timestamp']),
      component: readOptional(payload, 'component'),
      group: readOptional(payload, 'group'),
      class: readOptional(payload, 'class'),
      details: detailsOf(payload, key, client),
      links: [{ href: readOptional(piece, 'client_url'), text: client }, ...readPagerDutyLinks(piece)],
      resources: [readOptional(payload, 'source'), readOptional(payload, 'component')],
    },
    receipt,
  );
}

function detailsOf(payload: Fields, key: string, client: string | undefined): Record<string, unknown> {
  const custom = payload['custom_details'];
  return {
    ...(isRecord(custom) ? custom : !isBlank(custom) && { details: custom }),
    pagerduty: { dedup_key: key, ...(client && { client }) },
  };
}
