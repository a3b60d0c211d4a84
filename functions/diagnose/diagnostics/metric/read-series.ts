import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { WatchedMetric } from './watched-metric.ts';

/** What CloudWatch has of a metric. */
export interface Series {
  /** Oldest first. Of what counts, a gap is a zero. */
  readonly values: readonly number[];
  /** When the last period that has data was over; undefined where none has. */
  readonly end: Date | undefined;
}

/** The metric in its window up to `now`. Throws where CloudWatch could not read all of it. */
export async function readSeries(cloudWatch: CloudWatchClient, metric: WatchedMetric, now: Date): Promise<Series> {
  const { query, stat, isCount, period, window, account } = metric;
  const step = period * 1000;
  const end = isCount ? Math.floor(now.getTime() / step) * step : now.getTime();
  const start = end - window * 1000;
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
  const last = times.at(-1);
  return {
    values: isCount ? withoutGaps(values, times, start, step) : values,
    end: last && new Date(last.getTime() + step),
  };
}

/** What is missing at the end is no gap: it may still come. */
function withoutGaps(values: readonly number[], times: readonly Date[], start: number, step: number): number[] {
  const isAfterGap = times.map(
    (time, index) => time.getTime() - (times[index - 1]?.getTime() ?? start - step) > 1.5 * step,
  );
  return values.flatMap((value, index) => (isAfterGap[index] ? [0, value] : [value]));
}
