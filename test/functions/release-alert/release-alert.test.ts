import { describe, expect, it } from 'vitest';
import { type ReleasePorts, releaseAlerts } from '../../../functions/release-alert/release-alert.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:00Z');
const due = { alert: anAlert(), until: '2026-11-02T02:59:00.000Z' };

function aReport() {
  const errors: unknown[] = [];
  const counted: string[] = [];
  const logger = { error: (message: string, extra: Record<string, unknown>) => errors.push([message, extra]) };
  return { errors, counted, report: { logger, count: (metric: string) => counted.push(metric) } };
}

function ports(put: () => Promise<void> = async () => undefined): ReleasePorts & { readonly held: unknown[] } {
  const held: unknown[] = [];
  return {
    bus: { put },
    holds: {
      hold: async (alert) => {
        held.push(alert);
      },
    },
    held,
  };
}

const batchOf = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })),
});

describe('releaseAlerts', () => {
  it('sends back what is due, lets the rest wait on, and complains about nothing', async () => {
    const { errors, counted, report } = aReport();
    const waiting = { ...due, until: '2026-11-02T04:00:00.000Z' };
    const used = ports();
    const answer = await releaseAlerts(batchOf(JSON.stringify(due), JSON.stringify(waiting)), used, report, now);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(used.held).toEqual([waiting]);
    expect([errors, counted]).toEqual([[], []]);
  });

  it('says why one could not be sent back, counts it, and lets it come again', async () => {
    const { errors, counted, report } = aReport();
    const error = new Error('no bus');
    const failing = ports(async () => {
      throw error;
    });
    const answer = await releaseAlerts(batchOf(JSON.stringify(due)), failing, report, now);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(errors).toEqual([['This alert could not be sent back.', { message: 'm0', error }]]);
    expect(counted).toEqual(['release-failed']);
  });

  it.each([
    ['an event of CloudWatch', { source: 'aws.cloudwatch', detail: { alarmName: 'disk' } }],
    ['an alert without a time', { alert: anAlert() }],
    ['an alert until some day', { ...due, until: 'some day' }],
    ['a time without an alert', { until: due.until, alert: null }],
    ['a word', 'due'],
  ])('keeps %s for the dead letters, and sends back nothing of it', async (_what, body) => {
    const { errors, report } = aReport();
    const put = ports(async () => {
      throw new Error('It was sent.');
    });
    const answer = await releaseAlerts(batchOf(JSON.stringify(body)), put, report, now);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(JSON.stringify(errors)).not.toContain('It was sent');
    expect(put.held).toEqual([]);
  });

  it('keeps what cannot be read for the dead letters, and releases the others', async () => {
    const { errors, report } = aReport();
    const answer = await releaseAlerts(batchOf('{', JSON.stringify(due)), ports(), report, now);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(errors).toHaveLength(1);
  });
});
