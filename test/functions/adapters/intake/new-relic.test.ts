import { describe, expect, it } from 'vitest';
import { MemoryTable } from '../../../../cli/triage/memory-table.ts';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import { aTriage } from '../../triage-alert/a-triage.ts';

const place = { account: '123456789012', region: 'eu-central-1', resources: [] };
const createdAt = Date.parse('2026-11-02T03:00:00Z');

/** The same issue, as New Relic tells of it over HTTP and by its partner bus, `minute` minutes after it was created. */
const forms: Readonly<Record<string, (state: string, priority: string, minute: number) => object>> = {
  'over HTTP': (state, priority, minute) => ({
    ...place,
    id: `event ${state} of minute ${minute}`,
    source: 'handsoff.new-relic',
    'detail-type': 'Alert Received',
    detail: { integration: 'new-relic', received_at: timeOf(minute), piece: issueOf(state, priority, minute) },
  }),
  'by the partner bus': (state, priority, minute) => ({
    ...place,
    id: `event ${state} of minute ${minute}`,
    source: 'aws.partner/newrelic.com/1234567/handsoff',
    'detail-type': 'NewRelicEvent',
    time: timeOf(minute),
    detail: issueOf(state, priority, minute),
  }),
};

function timeOf(minute: number): string {
  return new Date(createdAt + minute * 60_000 + 500).toISOString();
}

function issueOf(state: string, priority: string, minute: number) {
  return {
    id: 'issue-1',
    title: 'checkout p99 is high',
    state,
    priority,
    createdAt,
    updatedAt: createdAt + minute * 60_000,
  };
}

describe.each(Object.entries(forms))('an issue of New Relic %s', (_form, anIssue) => {
  /** What becomes of an issue that is told one way after the other. */
  async function decisionsOf(...told: readonly (readonly [state: string, priority: string, minute: number])[]) {
    const { take } = aTriage(new MemoryTable(), { settle_seconds: 0 });
    const decided = [];
    for (const [state, priority, minute] of told) {
      const now = new Date(timeOf(minute));
      const normalised = normaliseEvent(anIssue(state, priority, minute), now);
      if (normalised.kind !== 'alert') decided.push(JSON.stringify(normalised));
      else decided.push(`${(await take(normalised.alert, now)).decision} ${normalised.alert.payload.severity}`);
    }
    return decided;
  }

  it('is told of again when its priority changes, and not when it grows', async () => {
    const decided = await decisionsOf(
      ['ACTIVATED', 'LOW', 1],
      ['ACTIVATED', 'LOW', 5],
      ['ACTIVATED', 'CRITICAL', 10],
      ['ACTIVATED', 'CRITICAL', 15],
    );
    expect(decided).toEqual(['open info', 'drop info', 'worsen critical', 'drop critical']);
  });

  it('is no alert before its grace period is over', async () => {
    expect(await decisionsOf(['CREATED', 'HIGH', 0])).toEqual(['{"kind":"noise","reason":"informational"}']);
  });

  it.each(['CLOSED', 'RESOLVED', 'closed'])('is resolved when it is %s', async (state) => {
    const decided = await decisionsOf(['ACTIVATED', 'HIGH', 1], [state, 'HIGH', 10], [state, 'HIGH', 11]);
    expect(decided).toEqual(['open error', 'resolve error', 'drop error']);
  });

  it('is late when it was on its way until after its end', async () => {
    const decided = await decisionsOf(['CLOSED', 'HIGH', 10], ['ACTIVATED', 'HIGH', 1]);
    expect(decided.at(-1)).toBe('record error');
  });
});
