import type { Alert } from '../../functions/domain/alert.ts';

type AlarmState = 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';

/** Why an alarm left the state in which it fires. */
const reasons = {
  OK: 'The metric is back below its threshold.',
  INSUFFICIENT_DATA: 'The metric has no data any more.',
};

/**
 * The event that CloudWatch sends of the alarm behind an alert: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 * Undefined for an alert of any other sender. What is sent `later` gets its id and its times when it is sent.
 */
export function alarmEvent(alert: Alert, value: AlarmState, later = false): Record<string, unknown> | undefined {
  const { payload, origin } = alert;
  if (origin.format !== 'cloudwatch' || origin.sent_by !== undefined) return undefined;
  const { alarm_name: name, description, reason, dimensions, stat, period } = payload.custom_details;
  const at = later ? '{{now}}' : origin.transitioned_at;
  const metric = { namespace: payload.component, name: payload.class, dimensions };
  return {
    version: '0',
    ...(!later && { id: '00000000-0000-4000-8000-000000000000' }),
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: origin.account,
    time: later ? at : `${origin.transitioned_at.slice(0, 19)}Z`,
    region: origin.region,
    resources: [payload.source],
    detail: {
      alarmName: name,
      alarmTags: { severity: payload.severity },
      configuration: {
        description,
        metrics: [
          { id: 'm1', metricStat: { metric, period: period ?? 60, stat: stat ?? 'Maximum' }, returnData: true },
        ],
      },
      previousState: { value: value === 'OK' ? 'ALARM' : 'OK', reason: 'As recorded.', timestamp: at },
      state: { value, reason: value === 'ALARM' ? reason : reasons[value], timestamp: at },
    },
  };
}
