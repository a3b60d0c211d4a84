import { type AlertResource, type EventAction, isEventAction } from '../../domain/alert.ts';
import { type Fields, isRecord, read, readOptional, valueAt } from '../../domain/fields.ts';
import type { FieldError, NoiseReason, Normalised } from '../../domain/normalised.ts';
import { cutText } from '../../domain/telling/plain-text.ts';
import { type AlarmMetric, alarmMetrics } from './alarm-metrics.ts';
import { consoleLink, urlPart } from './console-link.ts';
import { eventAlert, type EventAlertParts } from './event-alert.ts';
import { type EventEnvelope, readEnvelope } from './event-envelope.ts';
import { readTime } from './event-time.ts';
import { keptText } from './kept-text.ts';
import { resourceOfDimensions } from './resource-of-dimensions.ts';
import { severityNamed } from './sender-words.ts';

/**
 * The three CloudWatch detail-types that Handsoff reads, as their vendor spells them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const cloudwatchDetailTypes = [
  'CloudWatch Alarm State Change',
  'CloudWatch Alarm Contributor State Change',
  'CloudWatch Alarm Configuration Change',
] as const;

const actionsByState: ReadonlyMap<string, EventAction | NoiseReason> = new Map<string, EventAction | NoiseReason>([
  ['ALARM', 'trigger'],
  ['OK', 'resolve'],
  ['INSUFFICIENT_DATA', 'insufficient-data'],
]);

/**
 * The alarms that target tracking makes for itself, all of whose names end in a UUID. One in ALARM says that capacity follows
 * the load: for hours, where it says that there is too much of it.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
const scalingAlarm = /^TargetTracking-.+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads a CloudWatch alarm event as EventBridge delivers it. Lenient where AWS's own samples differ from its schema. */
export function normaliseCloudWatch(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const { account, region, detail, detailType } = envelope;
  const isConfiguration = detailType === 'CloudWatch Alarm Configuration Change';
  const alarmArn = read(event, 'resources.0', errors);
  if (account && alarmArn && alarmArn.split(':')[4] !== account)
    errors.push({ path: 'resources.0', message: `is not an ARN of the event's account ${account}` });
  const alarmName = read(event, 'detail.alarmName', errors);
  const action = isConfiguration ? actionOfChange(detail) : actionOfState(event, errors);
  if (errors.length > 0 || !action) return { kind: 'poison', errors };
  if (scalingAlarm.test(alarmName)) return { kind: 'noise', reason: 'scaling-alarm' };
  if (!isEventAction(action)) return { kind: 'noise', reason: action };
  const cause = ['cloudwatch', alarmArn];
  const contributorId = readOptional(detail, 'alarmContributor.id');
  const metrics = alarmMetrics(detail);
  const [metric] = metrics;
  const parts: EventAlertParts = {
    format: 'cloudwatch',
    action,
    key: contributorId ? [...cause, contributorId] : cause,
    incidentKey: cause,
    summary: `${alarmName}: ${readOptional(detail, 'state.reason') ?? 'alarm deleted'}`,
    // A configuration change keeps the state's old time: what orders it is the time of the change itself.
    at: isConfiguration ? undefined : readTime(valueAt(detail, 'state.timestamp')),
    source: alarmArn,
    // An alarm says how bad it is by its tag.
    severity: severityNamed(readOptional(detail, 'alarmTags.severity')) ?? 'error',
    component: metric.namespace,
    group: alarmName,
    class: metric.name,
    details: detailsOf(detail, metric),
    links: [
      {
        href: consoleLink(region, 'cloudwatch/home', `#alarmsV2:alarm/${urlPart(alarmName)}`),
        text: 'Alarm in CloudWatch',
      },
    ],
    resource: resourceOf(envelope, { arn: alarmArn, type: 'AWS::CloudWatch::Alarm', id: alarmName }, metrics),
    ...suppressionOf(detail),
  };
  return eventAlert(envelope, parts, receivedAt);
}

function actionOfChange({ operation }: Fields): EventAction | NoiseReason {
  return operation === 'delete' ? 'resolve' : 'configuration-update';
}

function actionOfState(event: Fields, errors: FieldError[]): EventAction | NoiseReason | undefined {
  const state = read(event, 'detail.state.value', errors);
  const action = actionsByState.get(state);
  const known = [...actionsByState.keys()].join(', ');
  if (state && !action) errors.push({ path: 'detail.state.value', message: `is ${state}; expected ${known}` });
  return action;
}

/**
 * Mute rules and composite suppressors stop an alarm's actions, not its events: they have to be honoured here. So has the
 * end of a mute, at which CloudWatch runs the actions of what still fires: no state changes then, so that no event comes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
 */
function suppressionOf(detail: Fields): Pick<EventAlertParts, 'suppressedBy' | 'suppressedUntil'> {
  const until = readTime(valueAt(detail, 'muteDetail.muteWindowEnd'));
  if (isRecord(detail['muteDetail'])) return { suppressedBy: 'mute', suppressedUntil: until };
  return readOptional(detail, 'state.actionsSuppressedBy') ? { suppressedBy: 'suppressor' } : {};
}

/**
 * What the alarm's metrics name, where all of them name one and the same resource of the alarm's own account; else the
 * alarm itself, for which nothing is repaired: which of several fires, an event does not say.
 */
function resourceOf(
  { account, region }: EventEnvelope,
  alarm: AlertResource & { readonly arn: string },
  metrics: readonly AlarmMetric[],
): AlertResource {
  const place = { partition: alarm.arn.split(':')[1] ?? 'aws', region, account };
  const [first, ...others] = metrics.map((metric) =>
    (metric.account ?? account) === account ? resourceOfDimensions(metric.dimensions, place) : undefined,
  );
  if (first && others.every((other) => other?.arn === first.arn)) return first;
  return alarm;
}

function detailsOf(
  detail: Fields,
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
