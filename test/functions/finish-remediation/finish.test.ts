import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbTable } from '../../../functions/adapters/dynamodb-table.ts';
import { automationSlots, slotHolders, slotsKeyOf } from '../../../functions/adapters/slot-store.ts';
import { AlarmNotOkError, RelapsedError } from '../../../functions/finish-remediation/finish.ts';
import { aTable, type Table, tableName } from '../adapters/a-table.ts';
import { ARemediation, incidentIdOf, targetOf } from '../guard-remediation/a-remediation.ts';
import { anAlert } from '../../support/an-alert.ts';
import { methodsOf } from '../../support/table-methods.ts';

const now = new Date('2026-11-02T03:00:00.000Z');
let table: Table;
let rows: DynamoDbTable;
let repair: ARemediation;

beforeEach(async () => {
  table = await aTable();
  rows = new DynamoDbTable(table.client, tableName);
  repair = new ARemediation(rows);
});
afterEach(async () => table.close());

async function begin(name: string): Promise<void> {
  await repair.open(name, now);
  await repair.guard(name, now);
}

async function textsOf(name: string, kind: string): Promise<string[]> {
  const read = await repair.incidents.read(incidentIdOf(name));
  return (read?.timeline ?? []).filter((entry) => entry.kind === kind).map(({ text }) => text);
}

async function held(): Promise<number> {
  return slotHolders(await rows.get(slotsKeyOf(automationSlots))).length;
}

describe('finishRemediation', () => {
  it('frees the lease and the slot, and may do it again', async () => {
    await begin('a');
    expect(await held()).toBe(1);
    for (const _time of [1, 2]) expect(await repair.finish('a', now)).toMatchObject({ outcome: 'recovered' });
    expect(await held()).toBe(0);
    expect(await repair.remediations.readLease(targetOf('a'))).toBeUndefined();
  });

  it('does not call it recovered while its alarm fires, and frees nothing: it has to be taken back first', async () => {
    await begin('a');
    await expect(repair.finish('a', now, { symptom: 'firing' })).rejects.toThrow(RelapsedError);
    expect(await held()).toBe(1);
    expect((await repair.incidents.readIncident('inc-a'))?.status).toBe('triggered');
    expect(await repair.finish('a', now, { ending: 'undone', symptom: 'firing' })).toMatchObject({
      outcome: 'needs-human',
    });
    expect(await held()).toBe(0);
  });

  it('does not call it recovered where its alarm fires while that is being written', async () => {
    await begin('a');
    const relapse = { id: 'relapsed#1', kind: 'relapsed', by: 'handsoff', text: 'It fires again.' } as const;
    let isFirst = true;
    const late = new ARemediation({
      ...methodsOf(rows),
      write: async (writes) => {
        if (writes.some(({ put }) => put?.sk === 'ENTRY#resolved') && isFirst) {
          isFirst = false;
          await repair.incidents.record('inc-a', () => ({ entry: relapse, patch: { symptom: 'firing' } }), now);
        }
        return rows.write(writes);
      },
    });
    await expect(late.finish('a', now)).rejects.toThrow(RelapsedError);
    expect(isFirst).toBe(false);
    expect(await repair.incidents.readIncident('inc-a')).toMatchObject({ status: 'triggered', symptom: 'firing' });
    expect(await held()).toBe(1);
  });

  it.each([
    ['INSUFFICIENT_DATA', AlarmNotOkError, 'CloudWatch says that it is INSUFFICIENT_DATA.'],
    [undefined, AlarmNotOkError, 'could not be read from CloudWatch'],
    ['ALARM', RelapsedError, 'fires again'],
  ])('does not call it recovered where CloudWatch says %s, and frees nothing yet', async (state, name, why) => {
    await begin('a');
    repair.alarmState = state;
    const failure: unknown = await repair.finish('a', now).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(name);
    expect(failure).toMatchObject({ message: expect.stringContaining(why) });
    expect(await repair.incidents.readIncident('inc-a')).toMatchObject({ status: 'triggered', remediation: 'running' });
    expect(await held()).toBe(1);
  });

  it('asks CloudWatch about its own alarms only, and only before it calls something recovered', async () => {
    repair.alarmState = undefined;
    const { origin } = anAlert();
    const alert = anAlert({ origin: { ...origin, format: 'pagerduty' } });
    await repair.open('a', now, { alert, remediation: 'running' });
    expect(await repair.finish('a', now)).toMatchObject({ outcome: 'recovered' });
    await begin('b');
    expect(await repair.finish('b', now, { ending: 'unproven' })).toMatchObject({ outcome: 'needs-human' });
  });

  it('calls what somebody resolved before it was proven just that, and counts it for nothing', async () => {
    await begin('a');
    await repair.finish('a', now, { ending: 'not-helped' });
    await begin('b');
    const resolved = { id: 'resolved', kind: 'resolved', by: 'slack:U1', text: 'Resolved by hand.' } as const;
    await repair.incidents.record('inc-b', () => ({ entry: resolved, patch: { status: 'resolved' } }), now);
    expect(await repair.finish('b', now)).toMatchObject({
      outcome: 'needs-human',
      actions: [{ action: 'Restart.', ending: 'unproven' }],
    });
    expect((await repair.incidents.readIncident('inc-b'))?.remediation).toBe('unproven');
    expect((await repair.breakers.read('restart'))?.failures).toHaveLength(1);
    expect(await held()).toBe(0);
  });

  it('counts nothing for what was refused though its target was taken', async () => {
    const tallies = [
      { pk: 'BUDGET#restart', sk: 'BUDGET' },
      { pk: `TARGET#${targetOf('a')}`, sk: 'TARGET' },
    ];
    await begin('a');
    for (const tally of await rows.getAll(tallies)) expect(tally).toMatchObject({ begun: [{ incident: 'inc-a' }] });
    await repair.finish('a', now, { ending: 'refused' });
    for (const tally of await rows.getAll(tallies)) expect(tally).toMatchObject({ begun: [] });
  });

  it('counts a repair after which its alarm has no data as one that failed', async () => {
    await begin('a');
    await repair.finish('a', now, { ending: 'unproven' });
    expect((await repair.breakers.read('restart'))?.failures).toMatchObject([{ incident: 'inc-a' }]);
  });

  it('answers, and so counts, what was recorded and not what it was asked to record', async () => {
    await begin('a');
    const resolved = { id: 'resolved', kind: 'resolved', by: 'slack:U1', text: 'Resolved by hand.' } as const;
    await repair.incidents.record('inc-a', () => ({ entry: resolved, patch: { status: 'resolved' } }), now);
    expect(await repair.finish('a', now, { ending: 'recovered' })).toMatchObject({ ending: 'unproven' });
  });

  it('tells people what an error says, and no stack', async () => {
    await begin('a');
    const evidence = JSON.stringify({ errorType: 'StartRefusedError', errorMessage: 'It is off.', trace: ['at u24'] });
    await repair.finish('a', now, { ending: 'undo-failed', evidence });
    const [text] = await textsOf('a', 'needs-human');
    expect(text).toContain('What it said: It is off.');
    expect(text).not.toContain('at u24');
  });

  it('says of an incident that somebody resolved that its repair was not begun', async () => {
    await begin('a');
    const resolved = { id: 'resolved', kind: 'resolved', by: 'slack:U1', text: 'Resolved by hand.' } as const;
    await repair.incidents.record('inc-a', () => ({ entry: resolved, patch: { status: 'resolved' } }), now);
    await repair.finish('a', now, { ending: 'refused' });
    expect((await repair.incidents.readIncident('inc-a'))?.remediation).toBe('refused');
    expect(await textsOf('a', 'needs-human')).toEqual([]);
  });

  it('keeps the lease and the slot while an automation may still be at work', async () => {
    await begin('a');
    await repair.finish('a', now, { ending: 'unknown' });
    expect(await held()).toBe(1);
    expect(await repair.remediations.readLease(targetOf('a'))).toMatchObject({ holder: 'inc-a' });
  });

  it('frees what its own execution had taken though the guard’s answer was lost', async () => {
    await begin('a');
    await repair.finish('a', now, { ending: 'refused', permitted: false });
    expect(await held()).toBe(0);
    expect((await repair.incidents.readIncident('inc-a'))?.remediation).toBe('refused');
    expect(await textsOf('a', 'needs-human')).toHaveLength(1);
  });

  it('leaves alone what another execution has taken', async () => {
    await begin('a');
    await repair.finish('a', now, { ending: 'refused', permitted: false, execution: 'arn:another' });
    expect(await held()).toBe(1);
    expect((await repair.incidents.readIncident('inc-a'))?.remediation).toBe('running');
  });

  it('says contained, calls a person, and never says recovered', async () => {
    await begin('a');
    const end = { ending: 'contained', reason: 'The instance is isolated.' } as const;
    expect(await repair.finish('a', now, end)).toMatchObject({ outcome: 'contained' });
    const read = await repair.incidents.read('inc-a');
    expect(read?.incident).toMatchObject({ remediation: 'contained', status: 'triggered' });
    expect(read?.timeline.slice(-2).map(({ kind }) => kind)).toEqual(['contained', 'needs-human']);
    expect(JSON.stringify(read?.timeline)).not.toMatch(/recover/i);
    expect(await held()).toBe(0);
  });
});

describe('the breaker', () => {
  it('disables a runbook at its third failure in a row, and says so in that line and call', async () => {
    for (const name of ['a', 'b', 'c']) {
      await begin(name);
      await repair.finish(name, now, { ending: 'not-helped' });
    }
    const opening = 'That was repair 3 in a row of the runbook restart without recovery';
    expect((await textsOf('b', 'not-helped'))[0]).not.toContain('in a row');
    expect((await textsOf('c', 'not-helped'))[0]).toContain(opening);
    expect((await textsOf('c', 'needs-human'))[0]).toContain(opening);
    await repair.open('d', now);
    expect(await repair.guard('d', now)).toMatchObject({ decision: 'refuse', reason: 'breaker' });
  });

  it('counts an end once, however often it is reported', async () => {
    await begin('a');
    for (const _time of [1, 2, 3]) await repair.finish('a', now, { ending: 'not-helped' });
    expect((await repair.breakers.read('restart'))?.failures).toHaveLength(1);
  });

  it('loses none of many that end at the same moment', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of names) await begin(name);
    await Promise.all(names.map((name) => repair.finish(name, now, { ending: 'undone' })));
    expect((await repair.breakers.read('restart'))?.failures).toHaveLength(6);
  });

  it.each(['recovered', 'contained'] as const)('counts from nothing after a repair that %s', async (ending) => {
    await begin('a');
    await repair.finish('a', now, { ending: 'undone' });
    await begin('b');
    await repair.finish('b', now, { ending });
    expect((await repair.breakers.read('restart'))?.failures).toEqual([]);
  });

  it('is closed by a new deployment of the runbook', async () => {
    repair.catalog = { ...repair.catalog, breaker: 1 };
    repair.config = { ...repair.config, certificates: { restart: { hash: 'r1', artifacts: [] } } };
    await begin('a');
    await repair.finish('a', now, { ending: 'undone' });
    await repair.open('b', now);
    expect(await repair.guard('b', now)).toMatchObject({ reason: 'breaker' });
    repair.config = { ...repair.config, certificates: { restart: { hash: 'r2', artifacts: [] } } };
    expect(await repair.guard('b', now)).toMatchObject({ decision: 'run' });
  });
});
