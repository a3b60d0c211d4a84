import { type Fields, valueAt } from '../../domain/fields.ts';
import type { Normalised } from '../../domain/normalised.ts';
import { normaliseCloudWatch } from './cloudwatch.ts';
import { movedErrors } from './moved-errors.ts';

/** Where the fields that a CloudWatch alarm must have stand in the event of its Lambda action. */
const placesByPath: readonly (readonly [string, string])[] = [
  ['resources.0', 'alarmArn'],
  ['account', 'accountId'],
  ['detail', 'alarmData'],
];

/** Whether an event has the form in which an alarm's Lambda action invokes a function. */
export function isCloudWatchLambda(event: Fields): boolean {
  return event['source'] === 'aws.cloudwatch' && Object.hasOwn(event, 'alarmData') && Object.hasOwn(event, 'alarmArn');
}

/**
 * Reads a CloudWatch alarm as its Lambda action has it: the same alarm, under the same `dedup_key` and time, as the
 * event on EventBridge.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
 */
export function normaliseCloudWatchLambda(event: Fields, receivedAt: Date): Normalised {
  const alarm = {
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    // The action has no id of its own; each of its retries is the same transition.
    id: `lambda:${String(event['alarmArn'])}:${String(valueAt(event, 'alarmData.state.timestamp') ?? event['time'])}`,
    account: event['accountId'],
    region: event['region'],
    time: event['time'],
    resources: [event['alarmArn']],
    detail: event['alarmData'],
  };
  return movedErrors(normaliseCloudWatch(alarm, receivedAt), placesByPath);
}
