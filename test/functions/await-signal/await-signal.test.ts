import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryTable } from '../../../cli/triage/memory-table.ts';
import { IncidentStore, openingWrites } from '../../../functions/adapters/incident-store.ts';
import type { TokenOutcome } from '../../../functions/adapters/task-tokens.ts';
import { WaitStore } from '../../../functions/adapters/wait-store.ts';
import { awaitSignal } from '../../../functions/await-signal/await-signal.ts';
import { completeByEntry } from '../../../functions/complete-waits/complete-waits.ts';
import type { EntryKind, Incident, NewEntry, TimelineEntry } from '../../../functions/domain/incident.ts';
import { permittedRemediation } from '../../../functions/domain/permitted-remediation.ts';
import type { WaitKind } from '../../../functions/domain/waits.ts';
import { answerClick } from '../../../functions/receive-interaction/answer-click.ts';
import { aCatalogEntry } from '../../support/a-catalog-entry.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anIncident } from '../../support/an-incident.ts';

const now = new Date('2026-11-02T03:00:00.000Z');
const resource = {
  arn: 'arn:aws:ec2:eu-central-1:123456789012:instance/i-00000001',
  type: 'AWS::EC2::Instance',
  id: 'i-00000001',
};
const incident = anIncident({ runbook: 'restart', alert: anAlert({ resource }) });
const approver = 'U0HANDSOFF1';
let incidents: IncidentStore;
let waits: WaitStore;
/** How each wait ended that somebody still waited on. */
let ended: Map<string, TokenOutcome>;
let timedOut: Set<string>;

beforeEach(async () => {
  const table = new MemoryTable();
  incidents = new IncidentStore(table);
  waits = new WaitStore(table);
  ended = new Map();
  timedOut = new Set();
  await table.write(openingWrites(incident, entryOf('triggered', 0), now));
});

const tokens = {
  complete: async (token: string, outcome: TokenOutcome) => {
    if (ended.has(token) || timedOut.has(token)) return false;
    ended.set(token, outcome);
    return true;
  },
};

function entryOf(kind: EntryKind, count: number): NewEntry {
  return { id: `${kind}#${count}`, kind, by: 'handsoff', text: `It is ${kind}.` };
}

/** Writes a line; answers it as the stream brings it. */
async function write(kind: EntryKind, patch: Partial<Incident> = {}): Promise<TimelineEntry> {
  const count = (await incidents.read(incident.id))?.timeline.length ?? 0;
  await incidents.record(incident.id, () => ({ entry: entryOf(kind, count), patch }), now);
  const line = (await incidents.read(incident.id))?.timeline.at(-1);
  if (!line) throw new Error('nothing was written');
  return line;
}

/** The stream brings a line, for the first time or again. */
async function bring(entry: TimelineEntry): Promise<void> {
  const never = { look: async () => Promise.reject(new Error('not asked')) };
  const ports = { waits, tokens, automation: never, commands: never } as never;
  await completeByEntry(incident.id, entry, ports);
}

async function wait(kind: WaitKind, token: string): Promise<void> {
  const catalog = aCatalogEntry({ mode: 'approve', approval: { approvers: [approver], expires_seconds: 600 } });
  const remediation = permittedRemediation(incident, catalog, '');
  const request = { incident_id: incident.id, kind, task_token: token, timeout_seconds: 600 };
  await awaitSignal({ ...request, ...(remediation && { remediation }) }, { incidents, waits, tokens } as never, now);
}

describe('a wait for the alarm', () => {
  it('to clear is not ended by a line from before it began, however late the stream brings it', async () => {
    const before = await write('cleared', { symptom: 'clear' });
    await write('relapsed', { symptom: 'firing' });
    await wait('recovery', 't-1');
    await bring(before);
    expect(ended.size).toBe(0);
    await bring(await write('cleared', { symptom: 'clear' }));
    expect(ended.get('t-1')).toMatchObject({ success: { because: 'cleared' } });
  });

  it('to fire again is not ended by a line from before it began, so that what helped is not taken back', async () => {
    await write('cleared', { symptom: 'clear' });
    const before = await write('relapsed', { symptom: 'firing' });
    await write('cleared', { symptom: 'clear' });
    await wait('relapse', 't-1');
    await bring(before);
    expect(ended.size).toBe(0);
    await bring(await write('relapsed', { symptom: 'firing' }));
    expect(ended.get('t-1')).toMatchObject({ success: { because: 'relapsed' } });
  });
});

describe('a wait for somebody to acknowledge', () => {
  it('that was begun anew because it got worse is ended by no copy of that line', async () => {
    await wait('ack', 't-1');
    const worse = await write('worsened', { priority: 'P1' });
    await bring(worse);
    expect(ended.get('t-1')).toMatchObject({ error: 'IncidentWorsened' });
    await wait('ack', 't-2');
    await bring(worse);
    expect(ended.has('t-2')).toBe(false);
  });

  it('that was begun anew in the moment in which the one before it ended is not forgotten', async () => {
    await wait('ack', 't-1');
    const complete = tokens.complete;
    const slow = async (token: string, outcome: TokenOutcome) => {
      const isEnded = await complete(token, outcome);
      if (token === 't-1') await wait('ack', 't-2');
      return isEnded;
    };
    const worse = await write('worsened', { priority: 'P1' });
    await completeByEntry(incident.id, worse, { waits, tokens: { complete: slow } } as never);
    await bring(await write('acknowledged', { status: 'acknowledged' }));
    expect(ended.get('t-2')).toMatchObject({ success: { because: 'acknowledged' } });
  });
});

describe('a question', () => {
  it.each([
    ['approve', { success: { because: 'approved' } }],
    ['refuse', { error: 'ApprovalRefused' }],
  ] as const)('that is asked again knows its answer: %s', async (action, outcome) => {
    await wait('approval', 't-1');
    // The function had asked, and its answer to the state machine got lost.
    timedOut.add('t-1');
    const { timeline } = (await incidents.read(incident.id)) ?? { timeline: [] };
    const value = timeline.find(({ approval }) => approval)?.approval?.id ?? '';
    const click = { action, value, userId: approver, by: `Kim (slack:${approver})`, channel: '' };
    expect(await answerClick(click, incidents, now)).toMatchObject({ outcome: 'accepted' });
    await bring((await incidents.read(incident.id))?.timeline.at(-1) as TimelineEntry);
    await wait('approval', 't-2');
    expect(ended.get('t-2')).toMatchObject(outcome);
  });
});
