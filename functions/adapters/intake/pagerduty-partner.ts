import { type EventAction, isEventAction, type Severity } from '../../domain/alert.ts';
import { type Fields, isRecord, read, readOptional, recordAt } from '../../domain/fields.ts';
import type { FieldError, NoiseReason, Normalised } from '../../domain/normalised.ts';
import { cutText } from '../../domain/telling/plain-text.ts';
import { eventAlert } from './event-alert.ts';
import { readEnvelope } from './event-envelope.ts';
import { readTime } from './event-time.ts';
import { severityNamed } from './sender-words.ts';

/**
 * What each event type says, as v3 webhooks spell it and as the older ones do. Any other is no failure.
 * https://developer.pagerduty.com/docs/webhooks-overview
 */
const meanings: ReadonlyMap<string, EventAction | NoiseReason> = new Map<string, EventAction | NoiseReason>([
  ['incident.triggered', 'trigger'],
  ['incident.reopened', 'trigger'],
  ['incident.unacknowledged', 'trigger'],
  ['incident.acknowledged', 'acknowledge'],
  ['incident.resolved', 'resolve'],
  ['incident.trigger', 'trigger'],
  ['incident.unacknowledge', 'trigger'],
  ['incident.acknowledge', 'acknowledge'],
  ['incident.resolve', 'resolve'],
  ['pagey.ping', 'test-notification'],
]);

/** An incident without a priority has its urgency: `high` wakes somebody. */
const severitiesByUrgency: ReadonlyMap<string, Severity> = new Map([
  ['high', 'error'],
  ['low', 'warning'],
]);

/** Reads an incident from PagerDuty's partner bus: the v3 form `detail.event.data`, or the older `detail.incident`. */
export function normalisePagerDutyPartner(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const isV3 = isRecord(envelope.detail['event']);
  const type = read(event, isV3 ? 'detail.event.event_type' : 'detail.event', errors);
  const meaning = meanings.get(type);
  if (errors.length === 0 && !isEventAction(meaning)) return { kind: 'noise', reason: meaning ?? 'not-a-failure' };
  const path = isV3 ? 'event.data' : 'incident';
  const id = read(event, `detail.${path}.id`, errors);
  const title = read(event, `detail.${path}.title`, errors);
  if (errors.length > 0 || !isEventAction(meaning)) return { kind: 'poison', errors };
  const incident = recordAt(envelope.detail, path);
  const parts = {
    format: 'pagerduty-partner',
    action: meaning,
    key: ['pagerduty', id],
    summary: title,
    severity: severityOf(incident),
    at: readTime(readOptional(envelope.detail, isV3 ? 'event.occurred_at' : 'incident.last_status_change_at')),
    source: envelope.source,
    component: 'PagerDuty',
    group: readOptional(incident, 'service.summary') ?? readOptional(incident, 'service.name'),
    class: type,
    details: {
      incident_id: id,
      incident_key: cutText(readOptional(incident, 'incident_key') ?? '', 255),
      status: readOptional(incident, 'status'),
      urgency: readOptional(incident, 'urgency'),
      priority: readOptional(incident, 'priority.summary'),
      service_id: readOptional(incident, 'service.id'),
    },
    links: [{ href: readOptional(incident, 'html_url'), text: 'Incident in PagerDuty' }],
    resource: { type: 'unknown', id: readOptional(incident, 'service.id') ?? id },
  };
  return eventAlert(envelope, parts, receivedAt);
}

function severityOf(incident: Fields): Severity {
  const urgency = readOptional(incident, 'urgency') ?? '';
  return severityNamed(readOptional(incident, 'priority.summary')) ?? severitiesByUrgency.get(urgency) ?? 'error';
}
