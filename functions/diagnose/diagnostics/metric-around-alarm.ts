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
    const metric = metricOf(alert);
    if (!metric)
      return { verdict: 'unknown', summary: 'This alert does not say which metric of CloudWatch it is about.' };
    const { MetricDataResults: results = [] } = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [{ Id: 'm1', MetricStat: { Metric: metric, Period: periodSeconds, Stat: 'Maximum' } }],
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

/** Other senders, and composite alarms, have no metric of CloudWatch. */
function metricOf({ payload }: Alert) {
  const { component, class: name, custom_details: details } = payload;
  const { dimensions } = details;
  if (!component || !name || typeof dimensions !== 'object' || dimensions === null) return undefined;
  const all = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value: String(Value) }));
  return { Namespace: component, MetricName: name, Dimensions: all };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
