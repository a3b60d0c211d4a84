import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbTable } from '../../../functions/adapters/dynamodb-table.ts';
import { IncidentStore, openingWrites } from '../../../functions/adapters/incident-store.ts';
import { type Claim, RemediationStore } from '../../../functions/adapters/remediation-store.ts';
import { automationSlots, slotHolders, slotsKeyOf } from '../../../functions/adapters/slot-store.ts';
import { anIncident } from '../../support/an-incident.ts';
import { aTable, type Table, tableName } from './a-table.ts';

const start = Date.parse('2026-11-02T03:00:00.000Z');
const target = 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0a1b2c3d';
let table: Table;
let store: RemediationStore;
let claims: number;

beforeEach(async () => {
  table = await aTable();
  store = new RemediationStore(new DynamoDbTable(table.client, tableName));
  claims = 0;
});
afterEach(async () => table.close());

/** Claims for an incident of its own, some minutes after the start, and gives the target back at once where wished. */
async function claim(minute: number, wishes: Partial<Claim> = {}, keep: 'kept' | 'freed' = 'freed') {
  const now = new Date(start + minute * 60_000);
  claims += 1;
  const incident = anIncident({ id: `inc-${claims}` });
  const opened = { id: 'triggered', kind: 'triggered', by: 'handsoff', text: 'It fires.' } as const;
  await new DynamoDbTable(table.client, tableName).write(openingWrites(incident, opened, now));
  const limits = { budgetPerHour: 2, targetLimit: 3, automationsInFlight: 80, share: undefined, approval: undefined };
  const wanted = { incident, runbook: 'restart', target, leaseSeconds: 3600, execution: `e-${claims}`, ...limits };
  const entry = { id: 'automation-started', kind: 'automation-started', by: 'runbook:restart', text: 'Now.' } as const;
  const outcome = await store.claim({ ...wanted, ...wishes }, { entry, patch: { remediation: 'running' } }, now);
  if (outcome === 'claimed' && keep === 'freed') await store.release(incident.id, wishes.target ?? target);
  return outcome;
}

async function automations() {
  return slotHolders(await new DynamoDbTable(table.client, tableName).get(slotsKeyOf(automationSlots)));
}

describe('the budget of a runbook', () => {
  it('is that of the last 60 minutes, not of the hour on the clock', async () => {
    const elsewhere = (name: string) => ({ target: `${target}-${name}` });
    expect(await claim(50, elsewhere('a'))).toBe('claimed');
    expect(await claim(55, elsewhere('b'))).toBe('claimed');
    expect(await claim(65, elsewhere('c'))).toBe('budget-spent');
    expect(await claim(109, elsewhere('d'))).toBe('budget-spent');
    expect(await claim(110, elsewhere('e'))).toBe('claimed');
    expect(await claim(111, elsewhere('f'))).toBe('budget-spent');
  });

  it('is not another runbook’s', async () => {
    await claim(0);
    await claim(1);
    expect(await claim(2)).toBe('budget-spent');
    expect(await claim(2, { runbook: 'other' })).toBe('claimed');
  });
});

describe('the limit of a target', () => {
  it('counts its repairs by whatever runbook within 24 hours', async () => {
    expect(await claim(0)).toBe('claimed');
    expect(await claim(240, { runbook: 'other' })).toBe('claimed');
    expect(await claim(480)).toBe('claimed');
    expect(await claim(720, { runbook: 'other' })).toBe('target-limit');
    expect(await claim(720, { target: `${target}-b` })).toBe('claimed');
    expect(await claim(24 * 60)).toBe('claimed');
  });

  it('is not used up by what was refused', async () => {
    expect(await claim(0, {}, 'kept')).toBe('claimed');
    for (const minute of [1, 2, 3, 4]) expect(await claim(minute, { runbook: 'other' })).toBe('lease-held');
    expect(await claim(62)).toBe('claimed');
  });
});

describe('a repair that was not begun after all', () => {
  it('counts neither for the budget nor for its target', async () => {
    for (const minute of [0, 1, 2, 3]) {
      expect(await claim(minute, {}, 'kept')).toBe('claimed');
      await store.release(`inc-${claims}`, target, { uncounted: 'restart' });
    }
    expect(await claim(4)).toBe('claimed');
    expect(await claim(5)).toBe('claimed');
    expect(await claim(6)).toBe('budget-spent');
  });
});

describe('a lease', () => {
  it('says who holds the target and until when, and nothing of one that was given back', async () => {
    await claim(0, {}, 'kept');
    const expires_at = '2026-11-02T04:00:00.000Z';
    expect(await store.readLease(target)).toEqual({ holder: 'inc-1', execution: 'e-1', expires_at });
    await store.release('inc-1', target);
    expect(await store.readLease(target)).toBeUndefined();
  });

  it('records nothing of the incident when it is not taken', async () => {
    await claim(0, {}, 'kept');
    await claim(1);
    const read = await new IncidentStore(new DynamoDbTable(table.client, tableName)).readIncident('inc-2');
    expect(read?.remediation).toBe('none');
  });
});

describe('the share of a group', () => {
  const web = { share: { name: 'auto-scaling-group:web', cap: 2 }, budgetPerHour: 100 };
  const member = (name: string) => ({ ...web, target: `${target}-${name}` });

  it('is never exceeded, and comes back with each repair that ends', async () => {
    expect(await claim(0, member('a'), 'kept')).toBe('claimed');
    expect(await claim(1, member('b'), 'kept')).toBe('claimed');
    expect(await claim(2, member('c'))).toBe('share-taken');
    await store.release('inc-1', `${target}-a`);
    expect(await claim(3, member('c'))).toBe('claimed');
  });

  it('is not another group’s, and comes back when a lease expires', async () => {
    const one = { share: { name: 'auto-scaling-group:web', cap: 1 }, budgetPerHour: 100, leaseSeconds: 600 };
    expect(await claim(0, { ...one, target: `${target}-a` }, 'kept')).toBe('claimed');
    expect(await claim(9, { ...one, target: `${target}-b` })).toBe('share-taken');
    expect(await claim(9, { ...one, target: `${target}-b`, share: { name: 'other', cap: 1 } })).toBe('claimed');
    expect(await claim(11, { ...one, target: `${target}-b` })).toBe('claimed');
  });

  it('is not taken by what is refused for another reason', async () => {
    expect(await claim(0, member('a'), 'kept')).toBe('claimed');
    expect(await claim(1, member('a'))).toBe('lease-held');
    expect(await claim(2, member('b'), 'kept')).toBe('claimed');
  });
});

describe('the slots of all automations', () => {
  it('are never more than the cap, whichever runbook and group', async () => {
    const few = (name: string) => ({ runbook: name, target: `${target}-${name}`, automationsInFlight: 2 });
    expect(await claim(0, few('a'), 'kept')).toBe('claimed');
    expect(await claim(1, few('b'), 'kept')).toBe('claimed');
    expect(await claim(2, few('c'))).toBe('automations-full');
    await store.release('inc-2', `${target}-b`);
    expect(await claim(3, few('c'))).toBe('claimed');
  });

  it('are all given back by as many as end at the same moment', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await claim(0, { target: `${target}-${name}`, budgetPerHour: 100 }, 'kept');
    await Promise.all(names.map((name, index) => store.release(`inc-${index + 1}`, `${target}-${name}`)));
    expect(await automations()).toEqual([]);
  });

  it('are not given back by whoever does not hold the lease', async () => {
    await claim(0, {}, 'kept');
    await store.release('inc-2', target);
    expect(await automations()).toHaveLength(1);
    expect(await store.readLease(target)).toMatchObject({ holder: 'inc-1' });
  });
});

describe('an approval', () => {
  it('is used up by the repair that it is for, and by no other', async () => {
    const incidents = new IncidentStore(new DynamoDbTable(table.client, tableName));
    const approval = {
      id: 'a-1',
      incident_id: 'inc-1',
      status: 'pending' as const,
      approvers: ['U1'],
      asked_by: 'runbook:restart',
      expires_at: '2026-11-02T03:15:00.000Z',
      parameters_hash: 'a-1',
    };
    await incidents.createApproval(approval);
    expect(await claim(0, { approval })).toBe('conflict');
    await incidents.settleApproval('a-1', 'approved', 'Robin (slack:U1)', new Date(start));
    const approved = await incidents.readApproval('a-1');
    expect(await claim(1, { approval: approved })).toBe('claimed');
    expect(await incidents.readApproval('a-1')).toMatchObject({ status: 'used', decided_by: 'Robin (slack:U1)' });
    expect(await claim(2, { approval: approved })).toBe('conflict');
  });
});
