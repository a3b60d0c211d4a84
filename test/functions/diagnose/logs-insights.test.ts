import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { logsInsights } from '../../../functions/diagnose/diagnostics/logs-insights.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:00Z');
const options = {
  log_group: '/aws/lambda/{resource.id}',
  query: 'filter @message like /ERROR/ | fields @timestamp, @message',
};
const row = [
  { field: '@timestamp', value: '2026-11-02 02:58:11.000' },
  { field: '@message', value: 'ERROR\tcannot read\nprice' },
  { field: '@ptr', value: 'Cm0KMAos' },
];

/** The finding about a function whose logs answer like this, what was asked, and how long was waited. */
async function findingOf(answers: readonly object[], given: object = options, id = 'checkout') {
  const asked: object[] = [];
  const waited: number[] = [];
  const left = [...answers];
  const logs = Object.assign(new CloudWatchLogsClient({ region: 'eu-central-1' }), {
    send: async ({ constructor, input }: { constructor: { name: string }; input: object }) => {
      asked.push(input);
      if (constructor.name === 'StartQueryCommand') return { queryId: 'q-1' };
      const answer = left.length > 1 ? left.shift() : left[0];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const alert = anAlert({ resource: { type: 'AWS::Lambda::Function', id } });
  const finding = await logsInsights(logs, async (ms) => void waited.push(ms))(alert, now, { ...given });
  return { finding, asked, waited };
}

describe('logsInsights', () => {
  it('asks the log group of the resource for the last hour, with the query of the definition', async () => {
    const { asked } = await findingOf([{ status: 'Complete', results: [] }]);
    expect(asked).toEqual([
      {
        logGroupName: '/aws/lambda/checkout',
        queryString: options.query,
        startTime: Date.parse('2026-11-02T02:00:00Z') / 1000,
        endTime: now.getTime() / 1000,
        limit: 10,
      },
      { queryId: 'q-1' },
    ]);
  });

  it('is unhealthy where it finds anything, and shows it on one line each without pointers', async () => {
    const { finding } = await findingOf([{ status: 'Complete', results: [row], statistics: { recordsMatched: 412 } }]);
    const line = '2026-11-02 02:58:11.000 · ERROR cannot read price';
    expect(finding).toEqual({
      verdict: 'unhealthy',
      summary: `/aws/lambda/checkout has 412 lines that fit in the last 60 minutes: ${line}`,
      evidence: [line],
    });
  });

  it('is healthy where nothing fits', async () => {
    const { finding } = await findingOf([{ status: 'Complete', results: [] }]);
    expect(finding.verdict).toBe('healthy');
  });

  it('waits for a query that still runs, and gives up after twenty seconds', async () => {
    const patient = await findingOf([
      { status: 'Scheduled' },
      { status: 'Running' },
      { status: 'Complete', results: [] },
    ]);
    expect(patient).toMatchObject({ finding: { verdict: 'healthy' }, waited: [500, 1000] });
    const { finding, waited } = await findingOf([{ status: 'Running' }]);
    expect(finding).toMatchObject({ verdict: 'unknown', summary: expect.stringContaining('(Running)') });
    expect(waited.reduce((sum, ms) => sum + ms, 0)).toBe(20_000);
  });

  it('knows nothing where there is no such log group', async () => {
    const missing = Object.assign(new Error('no such group'), { name: 'ResourceNotFoundException' });
    const { finding } = await findingOf([missing]);
    expect(finding).toEqual({ verdict: 'unknown', summary: 'There is no log group /aws/lambda/checkout.' });
  });

  it.each([
    ['an id that would lead elsewhere', options, '../secrets'],
    ['no query', { log_group: '/aws/lambda/x' }, 'checkout'],
    ['a log group that is none', { ...options, log_group: '/aws/lambda/a b' }, 'checkout'],
  ])('refuses %s', async (_what, given, id) => {
    await expect(findingOf([{ status: 'Complete' }], given, id)).rejects.toMatchObject({
      name: 'DiagnosticOptionsError',
    });
  });
});
