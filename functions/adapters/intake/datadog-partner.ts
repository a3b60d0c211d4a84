import type { AlertResource, EventAction, Severity } from '../../domain/alert.ts';
import { type Fields, readName, readOptional, stringsIn, valueAt } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { cutText } from '../../domain/telling/plain-text.ts';
import { eventAlert } from './event-alert.ts';
import { type EventEnvelope, readEnvelope } from './event-envelope.ts';
import { readTime } from './event-time.ts';
import { keptText } from './kept-text.ts';
import { resourceOfArn } from './resource-of-arn.ts';
import { resourceOfDimensions } from './resource-of-dimensions.ts';
import { severityNamed } from './sender-words.ts';

/**
 * The detail-type that Datadog puts on its partner bus.
 * https://docs.datadoghq.com/integrations/amazon_event_bridge/
 */
export const datadogPartnerDetailTypes = ['Datadog Alert Notification'] as const;

interface Meaning {
  readonly action: EventAction;
  readonly severity: Severity;
}

/**
 * What a monitor's new state says or, where that is none of these, the name of its transition.
 * https://docs.datadoghq.com/integrations/webhooks/#variables
 */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['Alert', { action: 'trigger', severity: 'error' }],
  ['Warn', { action: 'trigger', severity: 'warning' }],
  ['No Data', { action: 'trigger', severity: 'warning' }],
  ['OK', { action: 'resolve', severity: 'info' }],
  ['Triggered', { action: 'trigger', severity: 'error' }],
  ['Re-Triggered', { action: 'trigger', severity: 'error' }],
  ['Renotify', { action: 'trigger', severity: 'error' }],
  ['Re-No Data', { action: 'trigger', severity: 'warning' }],
  ['Re-Warn', { action: 'trigger', severity: 'warning' }],
  ['Recovered', { action: 'resolve', severity: 'info' }],
]);

/** How Datadog spells the CloudWatch dimensions that name a resource. */
const dimensionsByTag: ReadonlyMap<string, string> = new Map([
  ['instance_id', 'InstanceId'],
  ['instance-id', 'InstanceId'],
  ['dbinstanceidentifier', 'DBInstanceIdentifier'],
  ['functionname', 'FunctionName'],
  ['queuename', 'QueueName'],
  ['tablename', 'TableName'],
  ['clustername', 'ClusterName'],
  ['servicename', 'ServiceName'],
]);

/** Reads a monitor notification from Datadog's partner bus. */
export function normaliseDatadogPartner(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const { detail } = envelope;
  const monitorId = idAt(detail, 'meta.monitor.id');
  if (!monitorId) errors.push({ path: 'detail.meta.monitor.id', message: 'is missing or not an id' });
  const meaning = meaningOf(detail, errors);
  if (errors.length > 0 || !meaning || !monitorId) return { kind: 'poison', errors };
  const name = readOptional(detail, 'meta.monitor.name') ?? `monitor ${monitorId}`;
  const orgId = idAt(detail, 'meta.monitor.org_id') ?? '';
  const tags = stringsIn(detail['tags']);
  const parts = {
    format: 'datadog-partner',
    action: meaning.action,
    // A result's id is larger than a JavaScript number can hold: two results would have one id.
    key: ['datadog', orgId, monitorId, ...groupOf(detail, tags)],
    summary: `${name}: ${transitionOf(detail)}`,
    severity:
      meaning.action === 'trigger'
        ? (severityNamed(`P${readName(detail, 'meta.monitor.priority')}`) ?? meaning.severity)
        : meaning.severity,
    at: readTime(valueAt(detail, 'meta.result.result_ts')),
    source: envelope.source,
    component: 'Datadog',
    group: `monitor ${monitorId}`,
    class: readOptional(detail, 'meta.result.metadata.metric') ?? readOptional(detail, 'event_type'),
    details: {
      monitor_id: monitorId,
      transition: transitionOf(detail),
      from_state: readOptional(detail, 'meta.states.source_state'),
      to_state: readOptional(detail, 'meta.states.dest_state'),
      query: keptText(readOptional(detail, 'meta.monitor.query'), 1024),
      tags: tags.slice(0, 50).map((tag) => keptText(tag, 200)),
    },
    links: [{ href: `https://app.datadoghq.com/monitors/${monitorId}`, text: 'Monitor in Datadog' }],
    resource: resourceOf(envelope, tags, monitorId),
  };
  return eventAlert(envelope, parts, receivedAt);
}

function meaningOf(detail: Fields, errors: FieldError[]): Meaning | undefined {
  const state = readOptional(detail, 'meta.states.dest_state') ?? '';
  const transition = readOptional(detail, 'meta.transition.trans_name') ?? '';
  const meaning = meanings.get(state) ?? meanings.get(transition);
  if (!meaning) {
    const known = [...meanings.keys()].join(', ');
    errors.push({ path: 'detail.meta.states.dest_state', message: `is ${cutText(state, 40)}; expected ${known}` });
  }
  return meaning;
}

function transitionOf(detail: Fields): string {
  return readOptional(detail, 'meta.transition.trans_name') ?? readOptional(detail, 'meta.states.dest_state') ?? '';
}

/**
 * What tells the alerts of one monitor apart. Without groups these are the event's tags, which also hold those of the
 * monitor itself: whoever edits them while it fires makes it another alert.
 */
function groupOf(detail: Fields, tags: readonly string[]): readonly string[] {
  const groups = stringsIn(valueAt(detail, 'meta.monitor.groups'));
  return (groups.length > 0 ? groups : tags.filter((tag) => tag.includes(':'))).toSorted();
}

function resourceOf(envelope: EventEnvelope, tags: readonly string[], monitorId: string): AlertResource {
  const pairs = tags.map((tag) => [tag.split(':')[0] ?? '', tag.split(':').slice(1).join(':')] as const);
  const valueOf = (key: string) => pairs.find(([name]) => name === key)?.[1] || undefined;
  const place = {
    partition: 'aws',
    region: valueOf('region') ?? envelope.region,
    account: valueOf('aws_account') ?? envelope.account,
  };
  const dimensions = pairs.flatMap(([key, value]) => {
    const dimension = dimensionsByTag.get(key);
    return dimension && value ? [[dimension, value] as const] : [];
  });
  const host = valueOf('host');
  const found = resourceOfDimensions(
    { ...(host?.startsWith('i-') && { InstanceId: host }), ...Object.fromEntries(dimensions) },
    place,
  );
  return found ?? (host ? resourceOfArn(host) : { type: 'unknown', id: `monitor ${monitorId}` });
}

function idAt(detail: Fields, path: string): string | undefined {
  const value = valueAt(detail, path);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? value : undefined;
}
