import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbTable } from '../../../functions/adapters/dynamodb-table.ts';
import { IncidentStore, openingWrites } from '../../../functions/adapters/incident-store.ts';
import { type Claim, RemediationStore } from '../../../functions/adapters/remediation-store.ts';
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
  const wanted = { incident, runbook: 'restart', target, leaseSeconds: 3600, budgetPerHour: 2, targetLimit: 3 };
  const entry = { id: 'automation-started', kind: 'automation-started', by: 'runbook:restart', text: 'Now.' } as const;
  const outcome = await store.claim({ ...wanted, ...wishes }, { entry, patch: { remediation: 'running' } }, now);
  if (outcome === 'claimed' && keep === 'freed') await store.release(incident.id, wishes.target ?? target);
  return outcome;
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

describe('a lease', () => {
  it('says who holds the target and until when, and nothing of one that was given back', async () => {
    await claim(0, {}, 'kept');
    expect(await store.readLease(target)).toEqual({ holder: 'inc-1', expires_at: '2026-11-02T04:00:00.000Z' });
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
