import type { Alert, AlertResource, EventAction, Severity } from '../../domain/alert.ts';
import { severities } from '../../domain/alert.ts';
import { type Fields, isRecord, read, readOptional, recordAt } from '../../domain/fields.ts';
import { dedupKeyOf } from '../../domain/identity.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { cutText } from '../../domain/telling/plain-text.ts';
import { type AlarmMetric, alarmMetrics } from './alarm-metrics.ts';
import { payloadOf } from './alert-payload.ts';
import { consoleLink, urlPart } from './console-link.ts';
import { busAheadMs, readTime, transitionTime } from './event-time.ts';
import { keptText } from './kept-text.ts';
import { resourceOfDimensions } from './resource-of-dimensions.ts';

/**
 * The three CloudWatch detail-types that Handsoff reads, as their vendor spells them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const cloudwatchDetailTypes = [
  'CloudWatch Alarm State Change',
  'CloudWatch Alarm Contributor State Change',
  'CloudWatch Alarm Configuration Change',
] as const;

const actionsByState: ReadonlyMap<string, EventAction | 'noise'> = new Map<string, EventAction | 'noise'>([
  ['ALARM', 'trigger'],
  ['OK', 'resolve'],
  ['INSUFFICIENT_DATA', 'noise'],
]);

/**
 * The alarms that target tracking makes for itself, all of whose names end in a UUID. One in ALARM says that capacity follows
 * the load: for hours, where it says that there is too much of it.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
const scalingAlarm = /^TargetTracking-.+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface AlarmFields {
  readonly eventId: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly alarmArn: string;
  readonly alarmName: string;
  readonly state: string;
  readonly transitionedAt: string;
  readonly detail: Record<string, unknown>;
}

/** Reads a CloudWatch alarm event as EventBridge delivers it. Lenient where AWS's own samples differ from its schema. */
export function normaliseCloudWatch(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const fields = readFields(event, receivedAt, errors);
  if (errors.length > 0) return { kind: 'poison', errors };
  if (scalingAlarm.test(fields.alarmName)) return { kind: 'noise', reason: 'scaling-alarm' };
  if (event['detail-type'] === 'CloudWatch Alarm Configuration Change') {
    if (fields.detail['operation'] !== 'delete') return { kind: 'noise', reason: 'configuration-update' };
    return { kind: 'alert', alert: alertOf(fields, 'resolve', receivedAt) };
  }
  const action = actionsByState.get(fields.state);
  if (action === undefined) return { kind: 'poison', errors: [unknownState(fields.state)] };
  if (action === 'noise') return { kind: 'noise', reason: 'insufficient-data' };
  return { kind: 'alert', alert: alertOf(fields, action, receivedAt) };
}

function readFields(event: Fields, receivedAt: Date, errors: FieldError[]): AlarmFields {
  const isConfiguration = event['detail-type'] === 'CloudWatch Alarm Configuration Change';
  const detail = recordAt(event, 'detail');
  // A configuration change keeps the state's old time: what orders it is the time of the change itself.
  const time = isConfiguration ? readOptional(event, 'time') : readOptional(event, 'detail.state.timestamp');
  const transitionedAt = readTime(time);
  if (transitionedAt === undefined) {
    errors.push({ path: isConfiguration ? 'time' : 'detail.state.timestamp', message: 'is not a time' });
  }
  const account = read(event, 'account', errors);
  const alarmArn = read(event, 'resources.0', errors);
  if (account && alarmArn && alarmArn.split(':')[4] !== account) {
    errors.push({ path: 'resources.0', message: `is not an ARN of the event's account ${account}` });
  }
  return {
    eventId: read(event, 'id', errors),
    source: read(event, 'source', errors),
    account,
    region: read(event, 'region', errors),
    alarmArn,
    alarmName: read(event, 'detail.alarmName', errors),
    state: isConfiguration ? '' : read(event, 'detail.state.value', errors),
    transitionedAt: transitionTime(transitionedAt, receivedAt, busAheadMs),
    detail,
  };
}

function unknownState(state: string): FieldError {
  return { path: 'detail.state.value', message: `is ${state}; expected ${[...actionsByState.keys()].join(', ')}` };
}

function alertOf(fields: AlarmFields, action: EventAction, receivedAt: Date): Alert {
  const { detail, alarmArn, alarmName, account, region, source } = fields;
  const contributorId = readOptional(detail, 'alarmContributor.id');
  const isAwsOwn = source === 'aws.cloudwatch';
  const cause = isAwsOwn ? ['cloudwatch', alarmArn] : ['cloudwatch', alarmArn, 'sent by', source];
  const incidentKey = dedupKeyOf(cause);
  const metrics = alarmMetrics(detail);
  const [metric] = metrics;
  const resource = resourceOf(fields, metrics);
  return {
    event_action: action,
    dedup_key: contributorId ? dedupKeyOf([...cause, contributorId]) : incidentKey,
    incident_key: incidentKey,
    payload: payloadOf(
      {
        summary: `${alarmName}: ${readOptional(detail, 'state.reason') ?? 'alarm deleted'}`,
        source: alarmArn,
        severity: severityOf(detail),
        component: metric.namespace,
        group: alarmName,
        class: metric.name,
      },
      detailsOf(detail, metric),
      fields.transitionedAt,
    ),
    links: [
      {
        href: consoleLink(region, 'cloudwatch/home', `#alarmsV2:alarm/${urlPart(alarmName)}`),
        text: 'Alarm in CloudWatch',
      },
    ],
    origin: {
      format: 'cloudwatch',
      event_id: fields.eventId,
      account,
      region,
      ...(!isAwsOwn && { sent_by: source }),
      received_at: receivedAt.toISOString(),
      transitioned_at: fields.transitionedAt,
    },
    resource,
    ...suppressionOf(detail),
  };
}

/**
 * Mute rules and composite suppressors stop an alarm's actions, not its events: they have to be honoured here. So has the
 * end of a mute, at which CloudWatch runs the actions of what still fires: no state changes then, so that no event comes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
 */
function suppressionOf(detail: Record<string, unknown>): Pick<Alert, 'suppressed_by' | 'suppressed_until'> {
  if (isRecord(detail['muteDetail'])) {
    const until = readTime(readOptional(detail, 'muteDetail.muteWindowEnd'))?.toISOString();
    return { suppressed_by: 'mute', ...(until && { suppressed_until: until }) };
  }
  return readOptional(detail, 'state.actionsSuppressedBy') ? { suppressed_by: 'suppressor' } : {};
}

/**
 * What the alarm's metrics name, where all of them name one and the same resource of the alarm's own account; else the
 * alarm itself, for which nothing is repaired: which of several fires, an event does not say.
 */
function resourceOf(fields: AlarmFields, metrics: readonly AlarmMetric[]): AlertResource {
  const { alarmArn, alarmName, region, account } = fields;
  const place = { partition: alarmArn.split(':')[1] ?? 'aws', region, account };
  const [first, ...others] = metrics.map((metric) =>
    (metric.account ?? account) === account ? resourceOfDimensions(metric.dimensions, place) : undefined,
  );
  if (first && others.every((other) => other?.arn === first.arn)) return first;
  return { arn: alarmArn, type: 'AWS::CloudWatch::Alarm', id: alarmName };
}

/** An alarm says how bad it is by its `severity` tag; without one it is an error. */
function severityOf(detail: Record<string, unknown>): Severity {
  const tag = readOptional(detail, 'alarmTags.severity')?.toLowerCase();
  return severities.find((severity) => severity === tag) ?? 'error';
}

function detailsOf(
  detail: Record<string, unknown>,
  { dimensions, stat, period, account, isInput }: AlarmMetric,
): Record<string, unknown> {
  return {
    alarm_name: cutText(readOptional(detail, 'alarmName') ?? '', 255),
    state: readOptional(detail, 'state.value'),
    reason: keptText(readOptional(detail, 'state.reason'), 1023),
    description: keptText(readOptional(detail, 'configuration.description'), 1024),
    dimensions,
    ...(stat && { stat: cutText(stat, 100) }),
    ...(period !== undefined && { period }),
    ...(account && { metric_account: cutText(account, 255) }),
    ...(isInput && { is_input: true }),
    ...(detail['operation'] === 'delete' && { operation: 'delete' }),
  };
}
