import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Alert } from '../../domain/alert.ts';
import type { Diagnostic } from '../diagnostic.ts';

/**
 * How much of the metric is read before the alarm, in seconds: three hours, or twelve periods where that is longer, but
 * never so much that CloudWatch has put minutes together.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
const windowSeconds = 3 * 3600;
const minPeriods = 12;
const maxWindowSeconds = 14 * 86_400;

/** What is read where the alarm does not say how it reads its metric. */
const usualStat = 'Maximum';
const usualPeriod = 300;

/** Statistics that count: a period that is not over has counted too little, and one without data has counted nothing. */
const counts: ReadonlySet<string> = new Set(['Sum', 'SampleCount']);

/** A metric as its alarm reads it. */
interface WatchedMetric {
  readonly name: string;
  readonly stat: string;
  /** In seconds: a multiple of 60. */
  readonly period: number;
  readonly query: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] };
  /** Whose metric it is, where the alarm says so. */
  readonly account: string | undefined;
  /** Where the alarm begins, unless that is for what it computes of several metrics. */
  readonly threshold: Threshold | undefined;
}

interface Threshold {
  readonly value: number;
  readonly isBeyond: (value: number) => boolean;
}

/**
 * How the alarm's own metric went before it fired: jumped, climbed, fell or stayed. Unhealthy where it is beyond the
 * alarm's threshold, healthy where it is not any more; without a threshold to compare with, a jump is unhealthy.
 */
export function metricAroundAlarm(cloudWatch: CloudWatchClient): Diagnostic {
  return async (alert, now) => {
    const metric = metricOf(alert);
    if (!metric)
      return { verdict: 'unknown', summary: 'This alert does not say which metric of CloudWatch it is about.' };
    return findingOf(metric, await readValues(cloudWatch, metric, now));
  };
}

function findingOf(metric: WatchedMetric, values: readonly number[]): Awaited<ReturnType<Diagnostic>> {
  const { name, stat, threshold } = metric;
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined)
    return { verdict: 'unknown', summary: `${name} (${stat}) has no recent data.` };
  const { hasJumped, shape } = movementOf(values);
  const went = `${name} (${stat}) went from ${round(first)} to ${round(last)} in ${spanOf(windowOf(metric))}; it ${shape}.`;
  const evidence = values.map(round);
  if (!threshold) return { verdict: hasJumped ? 'unhealthy' : 'unknown', summary: went, evidence };
  const isBeyond = threshold.isBeyond(last);
  const stands = `It is ${isBeyond ? 'beyond' : 'no longer beyond'} the alarm's threshold of ${round(threshold.value)}.`;
  return { verdict: isBeyond ? 'unhealthy' : 'healthy', summary: `${went} ${stands}`, evidence };
}

/** Other senders, and composite alarms, have no metric of CloudWatch. */
function metricOf({ payload }: Alert): WatchedMetric | undefined {
  const { component, class: name, custom_details: details } = payload;
  const { dimensions, stat, period, metric_account: account, is_input: isInput, reason } = details;
  if (!component || !name || typeof dimensions !== 'object' || dimensions === null) return undefined;
  const all = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value: String(Value) }));
  return {
    name,
    stat: typeof stat === 'string' ? stat : usualStat,
    period: typeof period === 'number' && period > 0 ? Math.ceil(period / 60) * 60 : usualPeriod,
    query: { Namespace: component, MetricName: name, Dimensions: all },
    account: typeof account === 'string' ? account : undefined,
    threshold: typeof reason === 'string' && isInput !== true ? thresholdOf(reason) : undefined,
  };
}

/** CloudWatch says it in words alone: `… were greater than or equal to the threshold (20.0).` */
function thresholdOf(reason: string): Threshold | undefined {
  const [, side, orEqual, text] =
    /(greater|less) than (or equal to )?the threshold \(([^)]{1,30})\)/.exec(reason) ?? [];
  const value = Number(text);
  if (!side || Number.isNaN(value)) return undefined;
  return {
    value,
    isBeyond: (other) => (orEqual && other === value) || (side === 'greater' ? other > value : other < value),
  };
}

function windowOf({ period }: WatchedMetric): number {
  return Math.min(Math.max(windowSeconds, minPeriods * period), maxWindowSeconds);
}

/** The values of the window, oldest first. */
async function readValues(cloudWatch: CloudWatchClient, metric: WatchedMetric, now: Date): Promise<number[]> {
  const { query, stat, period, account } = metric;
  const step = period * 1000;
  const isCount = counts.has(stat);
  const end = isCount ? Math.floor(now.getTime() / step) * step : now.getTime();
  const start = end - windowOf(metric) * 1000;
  const { MetricDataResults: results = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [
        {
          Id: 'm1',
          MetricStat: { Metric: query, Period: period, Stat: stat },
          ...(account !== undefined && { AccountId: account }),
        },
      ],
      StartTime: new Date(start),
      EndTime: new Date(end),
      ScanBy: 'TimestampAscending',
    }),
  );
  const { Values: values = [], Timestamps: times = [], StatusCode: status = 'Complete' } = results[0] ?? {};
  if (status !== 'Complete') throw new Error(`CloudWatch could not read all of ${metric.name}: ${status}.`);
  if (!isCount) return values;
  // What is missing at the end may still come.
  const isAfterGap = times.map(
    (time, index) => time.getTime() - (times[index - 1]?.getTime() ?? start - step) > 1.5 * step,
  );
  return values.flatMap((value, index) => (isAfterGap[index] ? [0, value] : [value]));
}

/** A jump is one step of at least half of the way between the lowest and the highest value, up or down. */
function movementOf(values: readonly number[]): { hasJumped: boolean; shape: string } {
  const range = Math.max(...values) - Math.min(...values);
  if (range === 0) return { hasJumped: false, shape: 'did not move' };
  const step = biggestStep(values);
  if (Math.abs(step) >= range / 2)
    return { hasJumped: true, shape: `${step > 0 ? 'jumped' : 'dropped'} by ${round(Math.abs(step))} at once` };
  const way = (values.at(-1) ?? 0) - (values[0] ?? 0);
  return { hasJumped: false, shape: way === 0 ? 'moved slowly' : `${way > 0 ? 'rose' : 'fell'} slowly` };
}

/** The biggest change from one value to the next, the last of several: less than 0 where it fell. */
function biggestStep(values: readonly number[]): number {
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? value));
  return steps.reduce((biggest, step) => (Math.abs(step) >= Math.abs(biggest) ? step : biggest), 0);
}

function spanOf(seconds: number): string {
  return seconds < 2 * 86_400 ? `${round(seconds / 3600)} hours` : `${round(seconds / 86_400)} days`;
}

/** To one decimal, and what is less than 1 to two digits. */
function round(value: number): number {
  return Math.abs(value) < 1 ? Number(value.toPrecision(2)) : Math.round(value * 10) / 10;
}
