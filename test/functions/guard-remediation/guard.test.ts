import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbTable, type IncidentTable } from '../../../functions/adapters/dynamodb-table.ts';
import { requestHashOf } from '../../../functions/domain/guard.ts';
import { aTable, type Table, tableName } from '../adapters/a-table.ts';
import { ARemediation, incidentIdOf, targetOf } from './a-remediation.ts';

const now = new Date('2026-11-02T03:00:00.000Z');
const asks = { decision: 'ask', reason: 'mode' };
const refuses = { decision: 'refuse', reason: 'nobody-to-ask' };
const share = { of: 'auto-scaling-group', percent: 2 } as const;
let table: Table;
let repair: ARemediation;

beforeEach(async () => {
  table = await aTable();
  repair = new ARemediation(new DynamoDbTable(table.client, tableName));
});
afterEach(async () => table.close());

async function open(...names: string[]): Promise<void> {
  for (const name of names) await repair.open(name, now);
}

describe('guard', () => {
  it('permits a repair, and takes the lease, the slot and the share with it', async () => {
    repair.catalog = { ...repair.catalog, share };
    await open('a');
    expect(await repair.guard('a', now)).toMatchObject({ decision: 'run', remediation: { target: targetOf('a') } });
    expect(await repair.remediations.readLease(targetOf('a'))).toMatchObject({
      holder: 'inc-a',
      group: 'auto-scaling-group:web',
    });
  });

  it('holds the target as long as the repair can take, and says until when', async () => {
    await open('a');
    await repair.guard('a', now);
    const until = '2026-11-02T04:12:00.000Z';
    expect(await repair.remediations.readLease(targetOf('a'))).toMatchObject({ expires_at: until });
    const read = await repair.incidents.read(incidentIdOf('a'));
    expect(read?.incident).toMatchObject({ remediation: 'running', locked_until: until });
  });

  it('only proposes what is in observe, and says why where that is for want of a certificate', async () => {
    repair.catalog = { ...repair.catalog, mode: 'observe' };
    const uncertified = 'definition.asl.json is not what was rehearsed.';
    const [route] = repair.config.routes;
    if (!route) throw new Error('The configuration of this test has no route.');
    const others = { ...route, id: 'other', uncertified: 'It was never rehearsed.' };
    await open('a');
    repair.config = { ...repair.config, routes: [others, { ...route, id: 'restart' }] };
    expect(await repair.guard('a', now)).toMatchObject({ decision: 'propose', why: '' });
    repair.config = { ...repair.config, routes: [others, { ...route, id: 'restart', uncertified }] };
    const why = `${uncertified} It may act again when it has been rehearsed and deployed.`;
    expect(await repair.guard('a', now)).toMatchObject({ decision: 'propose', reason: 'mode', why });
  });

  it.each([
    ['Slack is set up', 'C0INCIDENTS', { botToken: 'xoxb-1', signingSecret: 'a-secret' }, asks],
    ['nobody stored what Slack signs with', 'C0INCIDENTS', { botToken: 'xoxb-1', signingSecret: '' }, refuses],
    ['nobody stored the token of its bot', 'C0INCIDENTS', { botToken: '', signingSecret: 'a-secret' }, refuses],
    ['the service has no channel', undefined, { botToken: 'xoxb-1', signingSecret: 'a-secret' }, refuses],
    ['it cannot be read whether Slack is set up', 'C0INCIDENTS', undefined, asks],
  ])('asks an approver only where he can be asked: %s', async (_what, slack, secret, expected) => {
    repair.catalog = { ...repair.catalog, mode: 'approve', approval: { approvers: ['U1'], expires_seconds: 900 } };
    repair.config = { ...repair.config, channels: { incidents: { slack } } };
    repair.slackSecret = secret;
    await open('a');
    expect(await repair.guard('a', now)).toMatchObject(expected);
  });

  it('says once more what it permitted to the execution that lost its answer, and counts it once', async () => {
    repair.catalog = { ...repair.catalog, budget_per_hour: 1 };
    await open('a');
    const first = await repair.guard('a', now);
    expect(await repair.guard('a', now)).toEqual(first);
    const read = await repair.incidents.read(incidentIdOf('a'));
    expect(read?.timeline.filter(({ kind }) => kind === 'automation-started')).toHaveLength(1);
  });

  it('refuses a second execution for the same incident', async () => {
    await open('a');
    await repair.guard('a', now);
    expect(await repair.guard('a', now, { execution: 'arn:another' })).toMatchObject({ reason: 'already-remediated' });
  });

  it('refuses what was permitted before once something speaks against it', async () => {
    await open('a');
    await repair.guard('a', now);
    repair.killSwitch = 'on';
    expect(await repair.guard('a', now)).toMatchObject({ decision: 'refuse', reason: 'kill-switch' });
  });

  it('is busy, and does not refuse, while the share of the group is in repair', async () => {
    repair.catalog = { ...repair.catalog, share };
    await open('a', 'b', 'c');
    await repair.guard('a', now);
    await repair.guard('b', now);
    await expect(repair.guard('c', now)).rejects.toMatchObject({
      name: 'GuardBusyError',
      message: expect.stringContaining('auto-scaling-group:web as may be are in repair (2% of 100 in service)'),
    });
    await repair.finish('a', now);
    expect(await repair.guard('c', now)).toMatchObject({ decision: 'run' });
  });

  it('is busy while as many automations as may be are in flight', async () => {
    repair.config = { ...repair.config, changes: { ...repair.config.changes, automations_in_flight: 1 } };
    await open('a', 'b');
    await repair.guard('a', now);
    await expect(repair.guard('b', now)).rejects.toMatchObject({
      name: 'GuardBusyError',
      message: expect.stringContaining('automations as may be are in flight (1,'),
    });
  });

  it('refuses a target whose group AWS does not tell of', async () => {
    repair.catalog = { ...repair.catalog, share };
    repair.groupSize = undefined;
    await open('a');
    expect(await repair.guard('a', now)).toMatchObject({ decision: 'refuse', reason: 'share-unknown' });
  });

  it('is busy where others write so often that it never gets a steady view', async () => {
    const rows: IncidentTable = new DynamoDbTable(table.client, tableName);
    await open('a');
    repair = new ARemediation({
      get: (key) => rows.get(key),
      getAll: (keys) => rows.getAll(keys),
      query: (pk, prefix) => rows.query(pk, prefix),
      queryBetween: (pk, from, to) => rows.queryBetween(pk, from, to),
      hasAny: (pk, prefix) => rows.hasAny(pk, prefix),
      increment: (key, attribute, expires) => rows.increment(key, attribute, expires),
      write: async (writes) => writes.map((_write, position) => position),
    });
    await expect(repair.guard('a', now)).rejects.toMatchObject({ name: 'GuardBusyError' });
  });

  it('uses an approval up, so that it permits one repair alone', async () => {
    repair.catalog = { ...repair.catalog, mode: 'approve', approval: { approvers: ['U1'], expires_seconds: 900 } };
    await open('a');
    const asked = await repair.guard('a', now);
    const { id, approvers } = asked.remediation?.approval ?? { id: '', approvers: [] };
    expect(asked.decision).toBe('ask');
    const expires_at = '2026-11-02T03:15:00.000Z';
    const question = { id, incident_id: 'inc-a', status: 'pending', asked_by: 'runbook:restart', expires_at } as const;
    await repair.incidents.createApproval({ ...question, approvers, parameters_hash: id });
    expect(await repair.guard('a', now)).toMatchObject({ decision: 'ask' });
    await repair.incidents.settleApproval(id, 'approved', 'Robin (slack:U1)', now);
    expect(await repair.guard('a', now)).toMatchObject({ decision: 'run' });
    expect(await repair.guard('a', now)).toMatchObject({ decision: 'run' });
    expect((await repair.incidents.readApproval(id))?.status).toBe('used');
  });

  it('binds what is asked to what the catalog would run, and to what is deployed', () => {
    const request = { incident_id: 'inc-a', runbook: 'restart', target: targetOf('a'), parameters: {} };
    const hashes = [{}, { document: 'AWS-StopEC2Instance' }, { undo: 'AWS-StartEC2Instance' }].map((change) =>
      requestHashOf(request, { ...repair.catalog, ...change }, 'r1'),
    );
    expect(new Set([...hashes, requestHashOf(request, repair.catalog, 'r2')]).size).toBe(4);
  });
});
