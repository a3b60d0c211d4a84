import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbTable } from '../../../functions/adapters/dynamodb-table.ts';
import { IncidentStore, openingWrites } from '../../../functions/adapters/incident-store.ts';
import { ReplayLog } from '../../../functions/adapters/replay-log.ts';
import type { SlackSecret } from '../../../functions/adapters/slack-secret.ts';
import type { Approval } from '../../../functions/domain/approval.ts';
import type { Incident } from '../../../functions/domain/incident.ts';
import {
  type InteractionPorts,
  receiveInteraction,
} from '../../../functions/receive-interaction/receive-interaction.ts';
import { anIncident } from '../../support/an-incident.ts';
import { aTable, type Table, tableName } from '../adapters/a-table.ts';
import { aPayload, aRequest, formOf, signatureOf, signingSecret } from './a-click.ts';

const incidentId = 'inc-0123456789abcdef0123';
const now = new Date('2026-11-02T03:05:00.000Z');
const approval: Approval = {
  id: 'a'.repeat(32),
  incident_id: incidentId,
  status: 'pending',
  approvers: ['U0HANDSOFF1', 'U0HANDSOFF2'],
  asked_by: 'runbook:disk-space-low',
  expires_at: '2026-11-02T03:15:00.000Z',
  parameters_hash: 'a'.repeat(32),
};

let table: Table;
let incidents: IncidentStore;
let ports: InteractionPorts;
let secret: SlackSecret;
let audits: unknown[];
let counts: string[];
let told: string[];

beforeEach(async () => {
  table = await aTable();
  incidents = new IncidentStore(new DynamoDbTable(table.client, tableName));
  secret = { botToken: 'xoxb-1', signingSecret };
  audits = [];
  counts = [];
  told = [];
  ports = {
    secrets: { read: async () => secret },
    replays: new ReplayLog(table.client, tableName),
    incidents,
    slack: { postEphemeral: async (_channel, user, text) => void told.push(`${user}: ${text}`) },
  };
});
afterEach(async () => table.close());

async function open(wishes: Partial<Incident> = {}) {
  const entry = { id: 'triggered', kind: 'triggered', by: 'handsoff', text: 'It fires.' } as const;
  await new DynamoDbTable(table.client, tableName).write(openingWrites(anIncident(wishes), entry, now));
}

async function receive(event: unknown, at = now) {
  const write = (_message: string, extra: Record<string, unknown>) => void audits.push(extra['audit'] ?? extra);
  return receiveInteraction(
    event,
    ports,
    { logger: { info: write, error: write }, count: (metric) => void counts.push(metric) },
    at,
  );
}

let clicks = 0;
/** A click of its own: no two have the same signature. */
async function click(action: string, value: string, userId = 'U0HANDSOFF1', at = now) {
  clicks += 1;
  const payload = aPayload(action, value, { user: { id: userId, name: 'robin' }, trigger_id: String(clicks) });
  return receive(aRequest(formOf(payload), at), at);
}

async function timeline() {
  return (await incidents.read(incidentId))?.timeline.slice(1) ?? [];
}

describe('receiveInteraction', () => {
  it('acknowledges an incident in the name of who clicked', async () => {
    await open();
    expect(await click('acknowledge', incidentId)).toEqual({ statusCode: 200, body: '' });
    expect(await incidents.readIncident(incidentId)).toMatchObject({
      status: 'acknowledged',
      acknowledged_at: now.toISOString(),
      acknowledged_by: 'robin (slack:U0HANDSOFF1)',
    });
    expect(await timeline()).toMatchObject([{ id: 'acknowledged', by: 'robin (slack:U0HANDSOFF1)' }]);
  });

  it('resolves an incident', async () => {
    await open({ status: 'acknowledged' });
    await click('resolve', incidentId);
    expect(await incidents.readIncident(incidentId)).toMatchObject({
      status: 'resolved',
      resolved_at: now.toISOString(),
    });
    expect(await timeline()).toMatchObject([{ id: 'resolved', kind: 'resolved' }]);
  });

  it.each<[string, Partial<Incident>]>([
    ['acknowledge', { status: 'acknowledged' }],
    ['acknowledge', { status: 'resolved' }],
    ['resolve', { status: 'resolved' }],
  ])('does not %s what is %j, and says so to who clicked alone', async (action, wishes) => {
    await open(wishes);
    expect(await click(action, incidentId)).toMatchObject({ statusCode: 200 });
    expect(await timeline()).toEqual([]);
    expect(told).toEqual(['U0HANDSOFF1: Somebody was quicker: this was already done, or the incident is over.']);
  });

  it('says that it does not know an incident', async () => {
    await click('acknowledge', 'inc-unknown');
    expect(audits).toMatchObject([{ outcome: 'refused', reason: 'unknown-incident' }]);
    expect(told).toHaveLength(1);
  });

  it.each([
    ['approve', 'approved', `approved#${approval.id}`],
    ['refuse', 'refused', `approval-refused#${approval.id}`],
  ])('lets an approver %s, once', async (action, status, entryId) => {
    await open({ remediation: 'awaiting-approval' });
    await incidents.createApproval(approval);
    await click(action, approval.id);
    await click('approve', approval.id, 'U0HANDSOFF2');
    await click('refuse', approval.id, 'U0HANDSOFF2');
    expect(await incidents.readApproval(approval.id)).toMatchObject({
      status,
      decided_by: 'robin (slack:U0HANDSOFF1)',
    });
    expect(await timeline()).toMatchObject([{ id: entryId, details: { approval_id: approval.id } }]);
    expect(audits).toMatchObject([{ outcome: 'accepted' }, { reason: 'already-used' }, { reason: 'already-used' }]);
  });

  it.each(['approve', 'refuse'] as const)('leaves an incident to be called about by %s', async (action) => {
    await open({ remediation: 'awaiting-approval' });
    await incidents.createApproval(approval);
    await click(action, approval.id);
    expect(await incidents.readIncident(incidentId)).toMatchObject({ status: 'triggered', version: 2 });
  });

  it('counts one of two answers that come at the same moment', async () => {
    await open({ remediation: 'awaiting-approval' });
    await incidents.createApproval(approval);
    await Promise.all([click('approve', approval.id), click('refuse', approval.id, 'U0HANDSOFF2')]);
    expect(await timeline()).toHaveLength(1);
    expect(counts.sort()).toEqual(['interaction-accepted', 'interaction-refused']);
  });

  it.each<[string, Partial<Approval>, string, string]>([
    ['a person who is no approver', {}, 'U0STRANGER', 'not-an-approver'],
    ['an answer that is too late', { expires_at: now.toISOString() }, 'U0HANDSOFF1', 'expired'],
    ['the one who asked', { asked_by: 'slack:U0HANDSOFF1' }, 'U0HANDSOFF1', 'asked-it-yourself'],
  ])('refuses %s, audits it, and leaves the question open', async (_what, wishes, userId, reason) => {
    await open({ remediation: 'awaiting-approval' });
    await incidents.createApproval({ ...approval, ...wishes });
    expect(await click('approve', approval.id, userId)).toMatchObject({ statusCode: 200 });
    expect(await incidents.readApproval(approval.id)).toMatchObject({ status: 'pending' });
    expect(await timeline()).toEqual([]);
    expect(audits).toMatchObject([{ action: 'approve', user: userId, outcome: 'refused', reason }]);
    expect(told).toHaveLength(1);
  });

  it('refuses the approval of another id, such as an incident’s', async () => {
    await open();
    await click('approve', incidentId);
    expect(audits).toMatchObject([{ reason: 'unknown-approval' }]);
  });

  it('settles nothing for an incident that is over', async () => {
    await open({ status: 'resolved' });
    await incidents.createApproval(approval);
    await click('approve', approval.id);
    expect(await incidents.readApproval(approval.id)).toMatchObject({ status: 'pending' });
    expect(audits).toMatchObject([{ reason: 'incident-over' }]);
  });

  it('records with the next click what was settled when the function died, in the name of who settled it', async () => {
    await open({ remediation: 'awaiting-approval' });
    await incidents.createApproval(approval);
    await incidents.settleApproval(approval.id, 'approved', 'robin (slack:U0HANDSOFF1)', now);
    await click('refuse', approval.id, 'U0STRANGER');
    expect(await timeline()).toMatchObject([{ id: `approved#${approval.id}`, by: 'robin (slack:U0HANDSOFF1)' }]);
    expect(audits).toMatchObject([{ outcome: 'refused', reason: 'already-used' }]);
  });

  it('does nothing for a replay, and says nothing', async () => {
    await open();
    const event = aRequest(formOf(aPayload('acknowledge', incidentId)), now);
    await receive(event);
    expect(await receive(event)).toEqual({ statusCode: 200, body: '' });
    expect(counts).toEqual(['interaction-accepted', 'interaction-replayed']);
    expect(told).toEqual([]);
    expect(await receive(event, new Date(now.getTime() + 301_000))).toEqual({ statusCode: 401, body: '' });
  });

  it.each<[string, () => unknown]>([
    [
      'a wrong signature',
      () =>
        aRequest(formOf(aPayload('acknowledge', incidentId)), now, {
          headers: { 'x-slack-signature': `v0=${'0'.repeat(64)}` },
        }),
    ],
    [
      'a request of tomorrow',
      () => aRequest(formOf(aPayload('acknowledge', incidentId)), new Date(now.getTime() + 301_000)),
    ],
    ['no request at all', () => undefined],
  ])('answers 401 without a word to %s, writes nothing and counts it once', async (_what, event) => {
    await open();
    const before = table.records.length;
    expect(await receive(event())).toEqual({ statusCode: 401, body: '' });
    expect(table.records).toHaveLength(before);
    expect(counts).toEqual(['interaction-unauthenticated']);
    expect(told).toEqual([]);
  });

  it('takes nothing while no signing secret is stored', async () => {
    secret = { botToken: '', signingSecret: '' };
    const body = formOf(aPayload('acknowledge', incidentId));
    const timestamp = String(now.getTime() / 1000);
    const headers = { 'x-slack-signature': signatureOf(body, timestamp, '') };
    expect(await receive(aRequest(body, now, { headers }))).toMatchObject({ statusCode: 401 });
  });

  it('looks for a rotated signing secret before it refuses', async () => {
    await open();
    const ages: unknown[] = [];
    const read = async (age?: number) => {
      ages.push(age);
      return { botToken: '', signingSecret: age === undefined ? 'old' : signingSecret };
    };
    ports = { ...ports, secrets: { read } };
    expect(await click('acknowledge', incidentId)).toMatchObject({ statusCode: 200 });
    expect(ages).toEqual([undefined, 30]);
    expect(await timeline()).toHaveLength(1);
  });

  it('takes what Slack signed and is no click for what it is', async () => {
    expect(await receive(aRequest('payload=%7B%7D', now))).toMatchObject({ statusCode: 200 });
    expect(counts).toEqual(['interaction-ignored']);
  });

  it('stands by a refusal that could not be explained', async () => {
    ports = {
      ...ports,
      slack: {
        postEphemeral: async () => {
          throw new Error('Slack is down');
        },
      },
    };
    expect(await click('acknowledge', 'inc-unknown')).toMatchObject({ statusCode: 200 });
    expect(audits).toHaveLength(2);
  });

  it('throws when the table does not answer, so that Slack shows that nothing happened', async () => {
    const record = async () => {
      throw new Error('The table is down');
    };
    ports = {
      ...ports,
      incidents: { ...ports.incidents, record, readIncident: record, readApproval: record, settleApproval: record },
    };
    await expect(click('acknowledge', incidentId)).rejects.toThrow('The table is down');
  });

  it('has neither the signature nor the secret in its audit', async () => {
    await open();
    await click('acknowledge', incidentId);
    expect(JSON.stringify(audits)).not.toMatch(/v0=|a-signing-secret|xoxb/);
  });
});
