import type { Alert } from '../../../domain/alert.ts';

/**
 * How much of a metric is read before the alarm, in seconds: three hours, or twelve periods where that is longer, but never
 * so much that CloudWatch has put minutes together.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
const windowSeconds = 3 * 3600;
const minPeriods = 12;
const maxWindowSeconds = 14 * 86_400;

/**
 * The periods below a minute that CloudWatch has. It keeps them for three hours, and answers nothing where the start is only
 * a moment older; an hour of them is enough to see what happened.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html
 */
const shortPeriods: ReadonlySet<unknown> = new Set([1, 5, 10, 20, 30]);
const shortWindowSeconds = 3600;

/** What is read where the alarm does not say how it reads its metric. */
const usualStat = 'Maximum';
const usualPeriod = 300;

/** Statistics that count: a period that is not over has counted too little, and one without data has counted nothing. */
const counts: ReadonlySet<unknown> = new Set(['Sum', 'SampleCount']);

/** A metric as its alarm reads it. */
export interface WatchedMetric {
  readonly name: string;
  readonly stat: string;
  /** Whether the statistic counts: then what it says is of its period alone. */
  readonly isCount: boolean;
  /** In seconds: the alarm's own, where CloudWatch can be asked for it. */
  readonly period: number;
  /** How much of it is read, in seconds. */
  readonly window: number;
  readonly query: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] };
  /** Whose metric it is, where the alarm says so. */
  readonly account: string | undefined;
  /** Where the alarm begins, where that can be compared with what is read. */
  readonly threshold: Threshold | undefined;
  /** Whether the alarm fires because there is no data. */
  readonly isMissingBad: boolean;
}

export interface Threshold {
  readonly value: number;
  readonly isBeyond: (value: number) => boolean;
}

/** The metric of an alert; undefined where it is another sender's, or a composite alarm's, which have none of CloudWatch. */
export function watchedMetricOf({ payload }: Alert): WatchedMetric | undefined {
  const { component, class: name, custom_details: details } = payload;
  const { dimensions, stat, metric_account: account, reason } = details;
  if (!component || !name || typeof dimensions !== 'object' || dimensions === null) return undefined;
  const all = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value: String(Value) }));
  const period = periodToAsk(details['period']);
  return {
    name,
    stat: typeof stat === 'string' ? stat : usualStat,
    isCount: counts.has(stat),
    period,
    window: windowOf(period),
    query: { Namespace: component, MetricName: name, Dimensions: all },
    account: typeof account === 'string' ? account : undefined,
    threshold: typeof reason === 'string' && isComparable(details, period) ? thresholdOf(reason) : undefined,
    isMissingBad: typeof reason === 'string' && missingIsBad.test(reason),
  };
}

function periodToAsk(period: unknown): number {
  if (typeof period !== 'number' || period <= 0) return usualPeriod;
  return shortPeriods.has(period) ? period : Math.ceil(period / 60) * 60;
}

function windowOf(period: number): number {
  if (period < 60) return shortWindowSeconds;
  return Math.min(Math.max(windowSeconds, minPeriods * period), maxWindowSeconds);
}

/**
 * The threshold is for what the alarm computes, by its own statistic, and where that counts, in its own period: ten times as
 * much comes together in ten times as long.
 */
function isComparable({ stat, period, is_input: isInput }: Alert['payload']['custom_details'], asked: number): boolean {
  return isInput !== true && typeof stat === 'string' && (period === asked || !counts.has(stat));
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

/** That, too: `no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].` */
const missingIsBad = /no datapoints were received .*missing datapoints? (?:was|were) treated as \[Breaching\]/;
