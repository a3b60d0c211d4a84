import type { EventAction } from '../../../domain/alert.ts';
import { type Fields, isRecord, readOptional, recordAt, textsOf, valueAt } from '../../../domain/fields.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { readTime } from '../event-time.ts';
import { severityNamed } from '../sender-words.ts';
import { webhookAlert } from '../webhook-alert.ts';
import type { Receipt, Split, WebhookFormat } from '../webhook-format.ts';
import { summaryOf } from './alert-group-summary.ts';

type Texts = Readonly<Record<string, string>>;

const actions: Readonly<Record<string, EventAction>> = { firing: 'trigger', resolved: 'resolve' };

/** What one alert needs of the group it came in. The labels and annotations that all have, each has itself. */
const groupMembers = [
  'version',
  'groupKey',
  'groupLabels',
  'receiver',
  'externalURL',
  'status',
  'orgId',
  'truncatedAlerts',
  'notification_reason',
  'appVersion',
];

/** The labels that may name what is unwell, most telling first. */
const sourceLabels = ['instance', 'host', 'hostname', 'node', 'pod', 'service', 'job', 'alertname'];
const resourceLabels = ['arn', 'resource_arn', 'instance_id', 'InstanceId', 'volume_id', 'instance', 'resource'];

/**
 * The envelope that Alertmanager made and Grafana took over. Every alert becomes a piece, whatever the group's status: a
 * group fires while any alert in it does. An alert that cannot be read is poison by itself, and the others go on.
 * `severity`, else `priority` or `level`, of the labels says how bad an alert is; without one it is an error.
 */
export function alertGroupFormat(name: string): WebhookFormat {
  return { name, split, normalise: (piece, receipt) => normalise(name, piece, receipt) };
}

function split(body: unknown): Split {
  const alerts = valueAt(body, 'alerts');
  if (!isRecord(body) || !Array.isArray(alerts))
    return { kind: 'invalid', errors: [{ path: 'alerts', message: 'is not a list' }] };
  const group = Object.fromEntries(
    groupMembers.flatMap((member) => (body[member] === undefined ? [] : [[member, body[member]]])),
  );
  return { kind: 'pieces', pieces: alerts.map((alert: unknown) => ({ alert, group })) };
}

function normalise(name: string, piece: Fields, receipt: Receipt): Normalised {
  const alert = isRecord(piece['alert']) ? piece['alert'] : undefined;
  if (!alert) return { kind: 'poison', errors: [{ path: 'alert', message: 'is not a JSON object' }] };
  const group = recordAt(piece, 'group');
  const errors: FieldError[] = [];
  const action = readAction(alert, group, errors);
  const labels = textsOf(alert['labels']);
  const id = readOptional(alert, 'fingerprint') ?? labelSet(labels);
  if (!isRecord(alert['labels'])) errors.push({ path: 'alert.labels', message: 'is missing or not an object' });
  else if (id === undefined)
    errors.push({ path: 'alert.fingerprint', message: 'is missing, and there are no labels to tell the alert by' });
  if (!action || id === undefined || errors.length > 0) return { kind: 'poison', errors };
  if (isGrafanaTest(name, labels)) return { kind: 'noise', reason: 'test-notification' };
  return webhookAlert(
    { format: name, action, key: keyOf(group, id), ...partsOf(alert, group, labels, action) },
    receipt,
  );
}

function readAction(alert: Fields, group: Fields, errors: FieldError[]): EventAction | undefined {
  const status = readOptional(alert, 'status') ?? readOptional(group, 'status') ?? '';
  const action = Object.hasOwn(actions, status) ? actions[status] : undefined;
  if (!action) errors.push({ path: 'alert.status', message: `is ${status || 'missing'}; expected firing, resolved` });
  return action;
}

/** Organisations of one Grafana may have alerts of the same labels. */
function keyOf({ orgId }: Fields, id: string): readonly string[] {
  return typeof orgId === 'number' || typeof orgId === 'string' ? [`org ${orgId}`, id] : [id];
}

/** What a fingerprint is made of, for senders before Alertmanager 0.19, which have none. */
function labelSet(labels: Texts): string | undefined {
  const sorted = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return sorted.length === 0 ? undefined : JSON.stringify(sorted);
}

/** What Grafana sends when somebody tests a contact point. */
function isGrafanaTest(name: string, labels: Texts): boolean {
  return name === 'grafana' && labels['alertname'] === 'TestAlert' && labels['instance'] === 'Grafana';
}

function partsOf(alert: Fields, group: Fields, labels: Texts, action: EventAction) {
  const annotations = textsOf(alert['annotations']);
  const first = (names: readonly string[]) => names.map((name) => labels[name]).find((value) => value);
  return {
    summary: summaryOf(labels, annotations, readOptional(alert, 'valueString')),
    source: first(sourceLabels) ?? readOptional(group, 'externalURL') ?? 'unknown',
    severity: severityNamed(first(['severity', 'priority', 'level'])) ?? ('error' as const),
    // An alert that was given up too early, as by a network that was cut, fires again with its old start: that is after its end.
    at: undefined,
    shownAt: changedAt(alert, action),
    change: changeOf(alert, action),
    component: first(['service', 'app', 'job']),
    group: first(['cluster', 'namespace', 'grafana_folder']),
    class: labels['alertname'],
    details: detailsOf(alert, group, labels, annotations),
    links: linksOf(alert, annotations),
    resources: resourceLabels.map((name) => labels[name]?.replace(/:\d+$/, '')),
  };
}

/** Alerts are sent again with every flush of their group, and every few hours. All of one start say the same. */
function changeOf(alert: Fields, action: EventAction): string | undefined {
  const startsAt = readTime(alert['startsAt']);
  return startsAt && `${action} ${startsAt.toISOString()}`;
}

/** A resolve is never before its own trigger, though some senders end an alert at the time of its last sample. */
function changedAt(alert: Fields, action: EventAction): Date | undefined {
  const startsAt = readTime(alert['startsAt']);
  if (action === 'trigger') return startsAt;
  const endsAt = readTime(alert['endsAt']);
  return endsAt && startsAt && endsAt <= startsAt ? undefined : endsAt;
}

function detailsOf(alert: Fields, group: Fields, labels: Texts, annotations: Texts): Record<string, unknown> {
  const { values, valueString, ruleUID } = alert;
  const { truncatedAlerts } = group;
  return {
    labels,
    annotations,
    ...(typeof truncatedAlerts === 'number' && truncatedAlerts > 0 && { truncated_alerts: truncatedAlerts }),
    ...(isRecord(values) && { values }),
    ...(typeof valueString === 'string' && valueString !== '' && { value: valueString }),
    ...(typeof ruleUID === 'string' && { rule_uid: ruleUID }),
    group_labels: textsOf(group['groupLabels']),
    fingerprint: alert['fingerprint'],
  };
}

function linksOf(alert: Fields, annotations: Texts) {
  return [
    { href: annotations['runbook_url'], text: 'Runbook' },
    { href: readOptional(alert, 'panelURL'), text: 'Panel' },
    { href: readOptional(alert, 'dashboardURL'), text: 'Dashboard' },
    { href: readOptional(alert, 'generatorURL'), text: 'Source of the alert' },
    { href: readOptional(alert, 'silenceURL'), text: 'Silence' },
    { href: readOptional(alert, 'imageURL'), text: 'Image' },
  ];
}
