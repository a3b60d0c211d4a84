import type { EventAction, Severity } from '../../../domain/alert.ts';
import { type Fields, isRecord, read, readName, readOptional, recordAt } from '../../../domain/fields.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { readTime } from '../event-time.ts';
import { severityNamed } from '../sender-words.ts';
import { webhookAlert, type WebhookAlertParts } from '../webhook-alert.ts';
import { formatOfOne, type Receipt } from '../webhook-format.ts';

type Parts = Omit<WebhookAlertParts, 'format'>;

/** `action` of a metric alert. A resolve says nothing of how bad it was. */
const metricActions: ReadonlyMap<string, readonly [EventAction, Severity]> = new Map([
  ['critical', ['trigger', 'critical']],
  ['warning', ['trigger', 'warning']],
  ['resolved', ['resolve', 'error']],
]);

/** `action` of an issue. Who archives one does not want to hear of it; when it escalates, it is unresolved again. */
const issueActions: ReadonlyMap<string, EventAction> = new Map([
  ['created', 'trigger'],
  ['unresolved', 'trigger'],
  ['assigned', 'acknowledge'],
  ['resolved', 'resolve'],
  ['archived', 'resolve'],
  ['ignored', 'resolve'],
]);

/**
 * Sentry's integration platform: issue alerts and issues by the issue's id, metric alerts by their rule. Comments,
 * installations and the like are noise. https://docs.sentry.io/integrations/integration-platform/webhooks/
 */
export const sentryFormat = formatOfOne('sentry', envelopeErrors, normalise);

function envelopeErrors(body: Fields): readonly FieldError[] {
  const errors: FieldError[] = [];
  read(body, 'action', errors);
  if (!isRecord(body['data'])) errors.push({ path: 'data', message: 'is missing or not an object' });
  return errors;
}

function normalise(piece: Fields, receipt: Receipt): Normalised {
  const errors: FieldError[] = [];
  const parts = partsOf(piece, errors);
  if (parts) return webhookAlert({ format: 'sentry', ...parts }, receipt);
  return errors.length > 0 ? { kind: 'poison', errors } : { kind: 'noise', reason: 'informational' };
}

function partsOf(piece: Fields, errors: FieldError[]): Parts | undefined {
  const action = readOptional(piece, 'action') ?? '';
  const data = recordAt(piece, 'data');
  if (isRecord(data['metric_alert'])) return metricParts(action, data, data['metric_alert'], errors);
  if (isRecord(data['event'])) return eventParts(data, data['event'], errors);
  return isRecord(data['issue']) ? issueParts(action, data['issue'], errors) : undefined;
}

function metricParts(action: string, data: Fields, metric: Fields, errors: FieldError[]): Parts | undefined {
  const meaning = metricActions.get(action);
  if (!meaning) errors.push({ path: 'action', message: `is ${action}; expected critical, warning, resolved` });
  // The incident's own id is another each time; its rule stays.
  const rule = readName(data, 'metric_alert.alert_rule.id');
  if (!rule) errors.push({ path: 'data.metric_alert.alert_rule.id', message: 'is missing' });
  if (!meaning || !rule) return undefined;
  const isResolve = meaning[0] === 'resolve';
  const name = readOptional(metric, 'alert_rule.name') ?? readOptional(metric, 'title') ?? `rule ${rule}`;
  return {
    action: meaning[0],
    severity: meaning[1],
    key: ['metric', readName(metric, 'organization_id') ?? '', rule],
    summary: readOptional(data, 'description_title') ?? name,
    source: readOptional(metric, 'projects.0') ?? 'sentry',
    // The start lies before what was detected, and may lie before the last resolve; the end is mostly not told.
    at: undefined,
    shownAt: readTime(metric[isResolve ? 'date_closed' : 'date_started']),
    component: readOptional(metric, 'projects.0'),
    group: readOptional(metric, 'alert_rule.environment'),
    class: name,
    details: { description: data['description_text'], metric_alert: metric },
    links: [{ href: readOptional(data, 'web_url'), text: 'Alert in Sentry' }],
  };
}

function eventParts(data: Fields, event: Fields, errors: FieldError[]): Parts | undefined {
  const issueOfUrl = /\/issues\/(\d+)\/?$/.exec(readOptional(event, 'issue_url') ?? '')?.[1];
  const issue = readName(event, 'issue_id') ?? issueOfUrl;
  if (!issue) {
    errors.push({ path: 'data.event.issue_id', message: 'is missing' });
    return undefined;
  }
  const project = readName(event, 'project');
  return {
    action: 'trigger',
    severity: severityNamed(readOptional(event, 'level')) ?? 'error',
    key: ['issue', issue],
    summary: readOptional(event, 'title') ?? `Issue ${issue}`,
    source: readOptional(event, 'culprit') ?? 'sentry',
    at: readTime(event['datetime']) ?? readTime(event['timestamp']),
    component: project && `project ${project}`,
    group: readOptional(event, 'environment'),
    class: readOptional(event, 'metadata.type') ?? readOptional(event, 'type'),
    details: {
      rule: data['triggered_rule'],
      ...pick(event, ['event_id', 'issue_id', 'location', 'platform', 'release', 'metadata', 'tags', 'message']),
    },
    links: [{ href: readOptional(event, 'web_url'), text: 'Issue in Sentry' }],
  };
}

function issueParts(action: string, issue: Fields, errors: FieldError[]): Parts | undefined {
  const meaning = issueActions.get(action);
  const id = readName(issue, 'id');
  if (!id) errors.push({ path: 'data.issue.id', message: 'is missing' });
  if (!meaning || !id) return undefined;
  return {
    action: meaning,
    severity: severityNamed(readOptional(issue, 'level')) ?? 'error',
    key: ['issue', id],
    summary: readOptional(issue, 'title') ?? `Issue ${id}`,
    source: readOptional(issue, 'culprit') ?? readOptional(issue, 'project.slug') ?? 'sentry',
    at: action === 'created' ? readTime(issue['lastSeen']) : undefined,
    component: readOptional(issue, 'project.slug'),
    class: readOptional(issue, 'issueType') ?? readOptional(issue, 'type'),
    details: pick(issue, ['id', 'shortId', 'status', 'substatus', 'priority', 'count', 'userCount', 'metadata']),
    links: [{ href: readOptional(issue, 'web_url') ?? readOptional(issue, 'permalink'), text: 'Issue in Sentry' }],
  };
}

function pick(fields: Fields, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => (fields[name] === undefined || fields[name] === null ? [] : [[name, fields[name]]])),
  );
}
