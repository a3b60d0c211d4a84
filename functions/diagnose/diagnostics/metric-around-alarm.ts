import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Diagnostic } from '../diagnostic.ts';
import { readSeries, type Series } from './metric/read-series.ts';
import { type Threshold, type WatchedMetric, watchedMetricOf } from './metric/watched-metric.ts';

type MetricFinding = Awaited<ReturnType<Diagnostic>>;

/** How many periods without data are a silence, and by how many seconds services are late with theirs. */
const silentPeriods = 3;
const usualDelaySeconds = 600;

/**
 * How the alarm's own metric went before it fired: jumped, climbed, fell, stayed or stopped. Unhealthy where it is beyond the
 * alarm's threshold, healthy where it is not any more; without a threshold to compare with, a jump is unhealthy. Where it
 * stopped, nobody knows how it stands: unhealthy where the alarm fires for just that, otherwise unknown.
 */
export function metricAroundAlarm(cloudWatch: CloudWatchClient): Diagnostic {
  return async (alert, now) => {
    const metric = watchedMetricOf(alert);
    if (!metric)
      return { verdict: 'unknown', summary: 'This alert does not say which metric of CloudWatch it is about.' };
    return findingOf(metric, await readSeries(cloudWatch, metric, now), now);
  };
}

function findingOf(metric: WatchedMetric, { values, end }: Series, now: Date): MetricFinding {
  const { name, stat, threshold, window, isMissingBad } = metric;
  const called = `${name} (${stat})`;
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined)
    return { verdict: isMissingBad ? 'unhealthy' : 'unknown', summary: `${called} has no recent data.` };
  const way = `went from ${round(first)} to ${round(last)}`;
  const evidence = values.map(round);
  if (end && isSilent(metric, end, now)) {
    const before = `before that it ${way}${threshold ? `, which was ${sideOf(threshold, last)}` : ''}`;
    const summary = `${called} ${silenceSince(metric, clockTimeAt(end, now))}; ${before}.`;
    return { verdict: isMissingBad ? 'unhealthy' : 'unknown', summary, evidence };
  }
  const { hasJumped, shape } = movementOf(values);
  const went = `${called} ${way} in ${spanOf(window)}; it ${shape}.`;
  if (!threshold) return { verdict: hasJumped ? 'unhealthy' : 'unknown', summary: went, evidence };
  const verdict = threshold.isBeyond(last) ? 'unhealthy' : 'healthy';
  return { verdict, summary: `${went} It is ${sideOf(threshold, last, 'no longer')}.`, evidence };
}

/** An alarm that fires because there is no data has waited for what is late itself. */
function isSilent({ period, isMissingBad }: WatchedMetric, end: Date, now: Date): boolean {
  const patience = silentPeriods * period + (isMissingBad ? 0 : usualDelaySeconds);
  return now.getTime() - end.getTime() > patience * 1000;
}

/** Many that count say nothing while there is nothing to count. */
function silenceSince({ isCount, isMissingBad }: WatchedMetric, since: string): string {
  if (isMissingBad) return `has no data since ${since}, for which its alarm fires`;
  return `has no data since ${since}${isCount ? ': nothing was counted, or nobody counts any more' : ''}`;
}

function sideOf({ value, isBeyond }: Threshold, last: number, not = 'not'): string {
  return `${isBeyond(last) ? '' : `${not} `}beyond the alarm's threshold of ${round(value)}`;
}

/** `02:20 UTC`, with its day where that is not today. */
function clockTimeAt(time: Date, now: Date): string {
  const [day, clock] = [time.toISOString().slice(0, 10), `${time.toISOString().slice(11, 16)} UTC`];
  return day === now.toISOString().slice(0, 10) ? clock : `${clock} on ${day}`;
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
  if (seconds === 3600) return 'an hour';
  return seconds < 2 * 86_400 ? `${round(seconds / 3600)} hours` : `${round(seconds / 86_400)} days`;
}

/** To one decimal, and what is less than 1 to two digits. */
function round(value: number): number {
  return Math.abs(value) < 1 ? Number(value.toPrecision(2)) : Math.round(value * 10) / 10;
}
