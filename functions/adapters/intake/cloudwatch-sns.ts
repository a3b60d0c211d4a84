import { type Fields, isRecord, readOptional, recordsIn } from '../../domain/fields.ts';
import type { Normalised } from '../../domain/normalised.ts';
import { normaliseCloudWatch } from './cloudwatch.ts';
import { movedErrors } from './moved-errors.ts';

/** Where the fields that a CloudWatch alarm must have stand in its SNS message. */
const placesByPath: readonly (readonly [string, string])[] = [
  ['resources.0', 'AlarmArn'],
  ['region', 'AlarmArn'],
  ['account', 'AWSAccountId'],
  ['detail.alarmName', 'AlarmName'],
  ['detail.state.value', 'NewStateValue'],
  ['time', 'StateChangeTime'],
];

/** Whether a value has the form of the message that a CloudWatch alarm publishes to SNS. */
export function isCloudWatchSns(message: Fields): boolean {
  return Object.hasOwn(message, 'AlarmName') && Object.hasOwn(message, 'NewStateValue');
}

/**
 * Reads a CloudWatch alarm as it publishes it to SNS, from the parsed `Message`. Whoever may publish to the topic can
 * write such a message, so it is `sentBy` SNS and stands for no alarm on EventBridge; where the topic's policy lets
 * CloudWatch alone publish, `aws.cloudwatch` makes it the same alarm, under the same `dedup_key` and time.
 * The message has no tags: its severity is that of an alarm without.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function normaliseCloudWatchSns(message: Fields, receivedAt: Date, sentBy = 'sns'): Normalised {
  const arn = readOptional(message, 'AlarmArn');
  const alarm = {
    'detail-type': 'CloudWatch Alarm State Change',
    source: sentBy,
    id: `sns:${arn}:${String(message['StateChangeTime'])}`,
    account: message['AWSAccountId'],
    time: message['StateChangeTime'],
    // `Region` is a name for people, such as `EU (Frankfurt)`.
    region: arn?.split(':')[3],
    resources: [arn],
    detail: {
      alarmName: message['AlarmName'],
      state: {
        value: message['NewStateValue'],
        reason: message['NewStateReason'],
        timestamp: message['StateChangeTime'],
      },
      configuration: { description: message['AlarmDescription'], metrics: metricsOf(message['Trigger']) },
    },
  };
  return movedErrors(normaliseCloudWatch(alarm, receivedAt), placesByPath);
}

/** An alarm on one metric has it at the top of `Trigger`; one on an expression has `Metrics`; a composite has neither. */
function metricsOf(trigger: unknown): readonly Fields[] {
  if (!isRecord(trigger)) return [];
  if (readOptional(trigger, 'MetricName')) {
    const stat = readOptional(trigger, 'ExtendedStatistic') ?? statisticOf(readOptional(trigger, 'Statistic'));
    return [{ metricStat: { metric: metricOf(trigger), period: trigger['Period'], stat } }];
  }
  return recordsIn(trigger['Metrics']).map(({ MetricStat: stat, AccountId: accountId, ReturnData: returnData }) => ({
    accountId,
    returnData,
    ...(isRecord(stat) &&
      isRecord(stat['Metric']) && {
        metricStat: { metric: metricOf(stat['Metric']), period: stat['Period'], stat: stat['Stat'] },
      }),
  }));
}

function metricOf(metric: Fields): Fields {
  const dimensions = recordsIn(metric['Dimensions']).flatMap((row) => {
    const [name, value] = [readOptional(row, 'name'), readOptional(row, 'value')];
    return name && value ? [[name, value] as const] : [];
  });
  return {
    name: metric['MetricName'],
    namespace: metric['Namespace'],
    dimensions: Object.fromEntries(dimensions),
  };
}

/** The message has them in capitals, such as `SAMPLE_COUNT`. */
function statisticOf(statistic: string | undefined): string | undefined {
  const letters = statistic?.toLowerCase().replaceAll('_', '');
  return ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'].find((known) => known.toLowerCase() === letters);
}
