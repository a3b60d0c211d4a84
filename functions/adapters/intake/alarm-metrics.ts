import { type Fields, readOptional, recordsIn, textsOf, valueAt } from '../../domain/fields.ts';

/** One metric that an alarm watches, or computes with. */
export interface AlarmMetric {
  readonly namespace?: string;
  readonly name?: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Such as `Sum` or `p99`. */
  readonly stat?: string;
  /** In seconds. */
  readonly period?: number;
  /** Whose metric it is, where the alarm says so: one of a monitoring account watches others' metrics. */
  readonly account?: string;
  /** True where the alarm's threshold is for what an expression makes of it, not for the metric itself. */
  readonly isInput: boolean;
}

/**
 * The metrics of an alarm, what it watches itself first. One without a name stands for an alarm that names none, such as
 * a composite one, or a contributor, whose dimensions are its attributes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
 */
export function alarmMetrics(detail: Fields): readonly [AlarmMetric, ...AlarmMetric[]] {
  const attributes = textsOf(valueAt(detail, 'alarmContributor.attributes'));
  const queries = recordsIn(valueAt(detail, 'configuration.metrics'));
  const named = queries.flatMap((query) => metricOf(query, attributes));
  const [first, ...rest] = named.toSorted((a, b) => Number(a.isInput) - Number(b.isInput));
  if (first) return [first, ...rest];
  const account = attributes['AWS.AccountId'] ?? readOptional(queries[0], 'accountId');
  return [{ dimensions: attributes, ...(account && { account }), isInput: false }];
}

function metricOf(query: Fields, attributes: Readonly<Record<string, string>>): AlarmMetric[] {
  const name = readOptional(query, 'metricStat.metric.name');
  if (!name) return [];
  const namespace = readOptional(query, 'metricStat.metric.namespace');
  const stat = readOptional(query, 'metricStat.stat');
  const account = readOptional(query, 'accountId');
  const period = valueAt(query, 'metricStat.period');
  return [
    {
      name,
      ...(namespace && { namespace }),
      dimensions: { ...textsOf(valueAt(query, 'metricStat.metric.dimensions')), ...attributes },
      ...(stat && { stat }),
      ...(typeof period === 'number' && { period }),
      ...(account && { account }),
      isInput: query['returnData'] === false,
    },
  ];
}
