import { describe, expect, it } from 'vitest';
import { MemoryTable } from '../../../../cli/triage/memory-table.ts';
import { triageEvent } from '../../../../functions/triage-alert/triage-event.ts';
import { loadEvent } from '../../../support/load-fixture.ts';
import { aTriage } from '../../triage-alert/a-triage.ts';

const now = new Date('2022-06-10T06:30:00.000Z');

/** One page of two of the same event, which names what is affected on it. */
function aPage(page: string, wishes: Readonly<Record<string, unknown>> = {}) {
  const event = loadEvent('aws-health/elb-api-issue');
  const affectedEntities = [
    { entityValue: `arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/${page}` },
  ];
  const detail = { ...(event['detail'] as object), page, totalPages: '2', affectedEntities, ...wishes };
  return { ...event, id: `page ${page} ${String(wishes['statusCode'])}`, detail };
}

/** What is decided of events one after the other, and all that the table has then. */
async function take(...events: readonly object[]) {
  const table = new MemoryTable();
  const { ports, config } = aTriage(table);
  const decided = [];
  for (const event of events) {
    const { decision, answer } = await triageEvent(
      event,
      { ...ports, changes: { record: async () => {} } },
      config,
      now,
    );
    decided.push('reason' in answer ? `${decision} (${answer.reason})` : decision);
  }
  return { decided, table };
}

describe('the pages of an event of AWS Health', () => {
  it.each([
    ['in their order', ['1', '2'], ['open (new-trouble)', 'attach (contributor)']],
    ['the other way round', ['2', '1'], ['open (new-trouble)', 'repeat (incident-open)']],
  ])('are one incident and a line in the ledger when they come %s', async (_what, pages, expected) => {
    const { decided, table } = await take(...pages.map((page) => aPage(page)));
    expect(decided).toEqual(expected);
    expect(table.below('INCIDENT#').filter(({ sk }) => sk === 'INCIDENT')).toHaveLength(1);
    expect(table.below('ALERT#').filter(({ sk }) => String(sk).startsWith('NOISE#'))).toHaveLength(1);
  });

  it('keep what is affected on each beside the incident', async () => {
    const { table } = await take(aPage('1'), aPage('2'));
    const members = table.below('INCIDENT#').filter(({ sk }) => String(sk).startsWith('MEMBER#'));
    expect(members).toMatchObject([
      { alert: { payload: { custom_details: { affected: [expect.stringMatching(/\/2$/)] } } } },
    ]);
  });

  it('are a duplicate each when they come again', async () => {
    const again = { ...aPage('2'), id: 'delivered again' };
    const { decided } = await take(aPage('1'), aPage('2'), again);
    expect(decided.at(-1)).toBe('drop (duplicate)');
  });

  it('are resolved by the first, whichever of them is closed before', async () => {
    const closed = { statusCode: 'closed', lastUpdatedTime: 'Fri, 10 Jun 2022 06:29:00 GMT' };
    const { decided } = await take(aPage('1'), aPage('2'), aPage('2', closed), aPage('1', closed));
    expect(decided.slice(2)).toEqual(['clear-member (contributor-cleared)', 'resolve (cleared)']);
  });
});
