import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { metricAroundAlarm } from '../../../functions/diagnose/diagnostics/metric-around-alarm.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:20Z');
const isHigh = 'Threshold Crossed: 2 datapoints [64.0, 64.0] were greater than or equal to the threshold (20.0).';
const details = { dimensions: { TargetGroup: 'targetgroup/checkout/73e2' }, stat: 'Sum', period: 60, reason: isHigh };

interface Answer {
  readonly values: readonly number[];
  /** Minutes before `now` of each value; without them, the answer has no times. */
  readonly minutesAgo?: readonly number[];
  readonly status?: 'InternalError' | 'PartialData';
}

/** The finding about an alarm's metric with these values, and what CloudWatch was asked. */
async function findingOf({ values, minutesAgo, status }: Answer, given: Readonly<Record<string, unknown>> = {}) {
  const asked: object[] = [];
  const minute = Date.parse('2026-11-02T03:00:00Z');
  const times = minutesAgo?.map((minutes) => new Date(minute - minutes * 60_000));
  const cloudWatch = Object.assign(new CloudWatchClient({ region: 'eu-central-1' }), {
    send: async ({ input }: { input: object }) => {
      asked.push(input);
      const result = {
        Id: 'm1',
        Values: values,
        StatusCode: status ?? 'Complete',
        ...(times && { Timestamps: times }),
      };
      return { MetricDataResults: [result] };
    },
  });
  const { payload } = anAlert();
  const alert = anAlert({
    payload: {
      ...payload,
      component: 'AWS/ApplicationELB',
      class: 'Errors5xx',
      custom_details: { ...details, ...given },
    },
  });
  return { ...(await metricAroundAlarm(cloudWatch)(alert, now)), asked };
}

describe('metricAroundAlarm', () => {
  it('reads the metric with the statistic and in the periods of the alarm, of whole minutes that are over', async () => {
    const { asked } = await findingOf({ values: [1] });
    expect(asked).toEqual([
      {
        MetricDataQueries: [
          {
            Id: 'm1',
            MetricStat: {
              Metric: {
                Namespace: 'AWS/ApplicationELB',
                MetricName: 'Errors5xx',
                Dimensions: [{ Name: 'TargetGroup', Value: 'targetgroup/checkout/73e2' }],
              },
              Period: 60,
              Stat: 'Sum',
            },
          },
        ],
        StartTime: new Date('2026-11-02T00:00:00Z'),
        EndTime: new Date('2026-11-02T03:00:00Z'),
        ScanBy: 'TimestampAscending',
      },
    ]);
  });

  it.each([
    ['an alarm of seconds', { stat: 'p99', period: 10 }, 'p99', 10, '2026-11-02T02:00:20Z'],
    ['seconds that CloudWatch has not', { stat: 'p99', period: 45 }, 'p99', 60, '2026-11-02T00:00:20Z'],
    ['an alarm of minutes', { stat: 'p99', period: 300 }, 'p99', 300, '2026-11-02T00:00:20Z'],
    ['an alarm of days', { stat: 'Minimum', period: 86_400 }, 'Minimum', 86_400, '2026-10-21T03:00:20Z'],
    ['an alarm of weeks', { stat: 'Average', period: 604_800 }, 'Average', 604_800, '2026-10-19T03:00:20Z'],
    ['one that says neither', { stat: undefined, period: undefined }, 'Maximum', 300, '2026-11-02T00:00:20Z'],
  ])('asks CloudWatch only what it takes for %s', async (_what, given, stat, period, start) => {
    const { asked } = await findingOf({ values: [1] }, given);
    expect(asked).toMatchObject([
      {
        MetricDataQueries: [{ MetricStat: { Period: period, Stat: stat } }],
        StartTime: new Date(start),
        EndTime: now,
      },
    ]);
  });

  it('asks for the metric of the account that the alarm names', async () => {
    const { asked } = await findingOf({ values: [1] }, { metric_account: '999999999999' });
    expect(asked).toMatchObject([{ MetricDataQueries: [{ AccountId: '999999999999' }] }]);
  });

  it('tells a flood by its sums, and that it is beyond the threshold', async () => {
    const { asked: _, ...finding } = await findingOf({ values: [0, 0, 2, 64] });
    expect(finding).toEqual({
      verdict: 'unhealthy',
      summary:
        "Errors5xx (Sum) went from 0 to 64 in 3 hours; it jumped by 62 at once. It is beyond the alarm's threshold of 20.",
      evidence: [0, 0, 2, 64],
    });
  });

  it.each([
    [
      'a fall at once',
      [9e9, 8.9e9, 2e9, 1e9],
      'went from 9000000000 to 1000000000 in 3 hours; it dropped by 6900000000',
    ],
    ['a fall', [90, 70, 50, 30, 10], 'it fell slowly.'],
    ['a climb', [10, 30, 50, 70, 90], 'it rose slowly.'],
    ['a small unit', [0.011, 0.012, 0.3456], 'went from 0.011 to 0.35 in 3 hours; it jumped by 0.33 at once.'],
    ['a peak that is over', [5, 5, 90, 5], 'it dropped by 85 at once.'],
    ['nothing', [7, 7, 7], 'it did not move.'],
    ['a single value', [7], 'it did not move.'],
  ])('names %s', async (_what, values, words) => {
    expect((await findingOf({ values }, { stat: 'Average' })).summary).toContain(words);
  });

  it.each([
    ['as much as a threshold that counts', 'were greater than or equal to the threshold (20.0).', [1, 20], 'unhealthy'],
    ['as much as one that does not', 'was greater than the threshold (20.0).', [1, 20], 'healthy'],
    ['below a lowest value', 'was less than the threshold (5.36870912E9).', [9e9, 5e9], 'unhealthy'],
    ['above a lowest value again', 'was less than the threshold (20.0).', [9, 21], 'healthy'],
    ['a jump without a threshold', 'Set by hand.', [1, 20], 'unhealthy'],
    ['no jump and no threshold', 'Set by hand.', [1, 1], 'unknown'],
  ])('has a verdict on %s', async (_what, reason, values, verdict) => {
    expect((await findingOf({ values }, { reason })).verdict).toBe(verdict);
  });

  it('compares no input of an expression with the threshold of what comes out', async () => {
    const { verdict, summary } = await findingOf({ values: [10, 20, 30, 40, 50] }, { is_input: true });
    expect([verdict, summary]).toEqual(['unknown', 'Errors5xx (Sum) went from 10 to 50 in 3 hours; it rose slowly.']);
  });

  it('compares a count with the threshold only where it was made in the same period', async () => {
    expect((await findingOf({ values: [10, 300] }, { period: 10 })).summary).toBe(
      "Errors5xx (Sum) went from 10 to 300 in an hour; it jumped by 290 at once. It is beyond the alarm's threshold of 20.",
    );
    const finding = await findingOf({ values: [10, 20, 30, 40, 50] }, { period: 45 });
    expect([finding.verdict, finding.summary]).toEqual([
      'unknown',
      'Errors5xx (Sum) went from 10 to 50 in 3 hours; it rose slowly.',
    ]);
    expect((await findingOf({ values: [1, 1] }, { period: undefined })).verdict).toBe('unknown');
    expect((await findingOf({ values: [1, 1] }, { period: 45, stat: 'Average' })).verdict).toBe('healthy');
  });

  it('compares nothing with the threshold where the alarm does not say its statistic', async () => {
    expect((await findingOf({ values: [1, 1] }, { stat: undefined })).verdict).toBe('unknown');
  });

  it('says since when a metric has no data, and compares only what was', async () => {
    const { asked: _, ...finding } = await findingOf({ values: [1, 90], minutesAgo: [170, 160] }, { stat: 'Average' });
    expect(finding).toEqual({
      verdict: 'unknown',
      summary:
        "Errors5xx (Average) has no data since 00:21 UTC; before that it went from 1 to 90, which was beyond the alarm's threshold of 20.",
      evidence: [1, 90],
    });
    const calm = await findingOf({ values: [2, 1], minutesAgo: [170, 160] }, { stat: 'Average', period: 3600 });
    expect(calm.summary).toContain('from 2 to 1 in 12 hours; it dropped by 1 at once. It is no longer beyond');
  });

  it('says that a count without data may have nothing to count', async () => {
    expect((await findingOf({ values: [90], minutesAgo: [100] })).summary).toBe(
      "Errors5xx (Sum) has no data since 01:21 UTC: nothing was counted, or nobody counts any more; before that it went from 0 to 90, which was beyond the alarm's threshold of 20.",
    );
  });

  it('names the day where the data ended on another', async () => {
    const { summary } = await findingOf({ values: [5], minutesAgo: [600] }, { stat: 'Average', reason: '' });
    expect(summary).toContain('has no data since 17:01 UTC on 2026-11-01; before that it went from 5 to 5.');
  });

  it.each([
    ['13 minutes ago, as services are late', 13, 'unknown', 'in 3 hours; it rose slowly.'],
    ['14 minutes ago, at last', 14, 'unknown', 'has no data since 02:47 UTC'],
  ])('takes data that ended %s for what it is', async (_what, minutes, verdict, words) => {
    const minutesAgo = [minutes + 4, minutes + 3, minutes + 2, minutes + 1, minutes];
    const values = [10, 20, 30, 40, 50];
    const finding = await findingOf({ values, minutesAgo }, { stat: 'Average', reason: 'Set by hand.' });
    expect(finding.verdict).toBe(verdict);
    expect(finding.summary).toContain(words);
  });

  it('is unhealthy where the alarm fires because there is no data', async () => {
    const reason =
      'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].';
    const { asked: _, ...finding } = await findingOf(
      { values: [40, 42], minutesAgo: [7, 6] },
      { stat: 'Average', reason },
    );
    expect(finding).toEqual({
      verdict: 'unhealthy',
      summary:
        'Errors5xx (Average) has no data since 02:55 UTC, for which its alarm fires; before that it went from 40 to 42.',
      evidence: [40, 42],
    });
    expect((await findingOf({ values: [] }, { reason })).verdict).toBe('unhealthy');
    const back = await findingOf({ values: [40, 40], minutesAgo: [2, 1] }, { stat: 'Average', reason });
    expect([back.verdict, back.summary]).toEqual([
      'unknown',
      'Errors5xx (Average) went from 40 to 40 in 3 hours; it did not move.',
    ]);
  });

  it.each(['InternalError', 'PartialData'] as const)('takes no %s for a metric without data', async (status) => {
    await expect(findingOf({ values: [], status })).rejects.toThrow(`could not read all of Errors5xx: ${status}.`);
  });

  it('takes a gap in a count for a zero, except at the end', async () => {
    const flood = { values: [60, 64], minutesAgo: [3, 2] };
    expect((await findingOf(flood)).evidence).toEqual([0, 60, 64]);
    expect((await findingOf(flood, { stat: 'Average' })).evidence).toEqual([60, 64]);
    const whole = { values: [3, 4, 5], minutesAgo: [180, 179, 60] };
    expect((await findingOf(whole)).evidence).toEqual([3, 4, 0, 5]);
  });

  it.each([
    ['has no data', { values: [] }, {}, 'Errors5xx (Sum) has no recent data.'],
    [
      'is none of CloudWatch',
      { values: [1] },
      { dimensions: undefined },
      'This alert does not say which metric of CloudWatch it is about.',
    ],
  ])('knows nothing of a metric that %s', async (_what, answer, given, summary) => {
    expect(await findingOf(answer, given)).toMatchObject({ verdict: 'unknown', summary });
  });
});
