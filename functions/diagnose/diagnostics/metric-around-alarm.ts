import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Alert } from '../../domain/alert.ts';
import type { Diagnostic } from '../diagnostic.ts';

/** How much of the metric is read before the alarm, and in what steps: one look tells a jump from a climb. */
const windowMinutes = 180;
const periodSeconds = 300;

/** Percentage points between two steps that make it a jump rather than growth. */
const jumpPoints = 10;

/** How the alarm's own metric went before it fired: jumped, climbed, or neither. */
export function metricAroundAlarm(cloudWatch: CloudWatchClient): Diagnostic {
  return async (alert, now) => {
    const { MetricDataResults: results = [] } = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [
          { Id: 'm1', MetricStat: { Metric: metricOf(alert), Period: periodSeconds, Stat: 'Maximum' } },
        ],
        StartTime: new Date(now.getTime() - windowMinutes * 60_000),
        EndTime: now,
        ScanBy: 'TimestampAscending',
      }),
    );
    const values = results[0]?.Values ?? [];
    const [first, last] = [values[0], values.at(-1)];
    if (first === undefined || last === undefined)
      return { verdict: 'unknown', summary: 'The metric has no recent data.' };
    const jump = Math.max(0, ...values.slice(1).map((value, index) => value - (values[index] ?? value)));
    const shape = jump >= jumpPoints ? `jumped by ${round(jump)}` : 'moved slowly';
    const summary = `${alert.payload.class ?? 'The metric'} went from ${round(first)} to ${round(last)} in ${windowMinutes} minutes; it ${shape}.`;
    return { verdict: 'unhealthy', summary, evidence: values.map(round) };
  };
}

function metricOf({ payload }: Alert) {
  const dimensions = payload.custom_details['dimensions'];
  return {
    Namespace: payload.component,
    MetricName: payload.class,
    Dimensions: Object.entries(dimensions ?? {}).map(([Name, Value]) => ({ Name, Value: String(Value) })),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
