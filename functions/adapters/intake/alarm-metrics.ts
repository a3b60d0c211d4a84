import { isRecord, readOptional } from './fields.ts';

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
export function alarmMetrics(detail: Readonly<Record<string, unknown>>): readonly [AlarmMetric, ...AlarmMetric[]] {
  const contributor = isRecord(detail['alarmContributor']) ? detail['alarmContributor'] : {};
  const attributes = stringsOf(contributor['attributes']);
  const configuration = isRecord(detail['configuration']) ? detail['configuration'] : {};
  const queries = Array.isArray(configuration['metrics']) ? configuration['metrics'].filter(isRecord) : [];
  const named = queries.flatMap((query) => metricOf(query, attributes));
  const [first, ...rest] = named.toSorted((a, b) => Number(a.isInput) - Number(b.isInput));
  if (first) return [first, ...rest];
  const account = attributes['AWS.AccountId'] ?? readOptional(queries[0], 'accountId');
  return [{ dimensions: attributes, ...(account && { account }), isInput: false }];
}

function metricOf(query: Record<string, unknown>, attributes: Readonly<Record<string, string>>): AlarmMetric[] {
  const name = readOptional(query, 'metricStat.metric.name');
  if (!name) return [];
  const namespace = readOptional(query, 'metricStat.metric.namespace');
  const stat = readOptional(query, 'metricStat.stat');
  const account = readOptional(query, 'accountId');
  const metricStat = isRecord(query['metricStat']) ? query['metricStat'] : {};
  const { metric, period } = metricStat;
  return [
    {
      name,
      ...(namespace && { namespace }),
      dimensions: { ...stringsOf(isRecord(metric) ? metric['dimensions'] : undefined), ...attributes },
      ...(stat && { stat }),
      ...(typeof period === 'number' && { period }),
      ...(account && { account }),
      isInput: query['returnData'] === false,
    },
  ];
}

function stringsOf(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
