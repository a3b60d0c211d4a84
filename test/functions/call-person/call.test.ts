import { describe, expect, it } from 'vitest';
import type { IncidentChange, IncidentStore } from '../../../functions/adapters/incident-store.ts';
import { callPerson, type CallRequest } from '../../../functions/call-person/call.ts';
import type { Incident } from '../../../functions/domain/incident.ts';
import { anIncident } from '../../support/an-incident.ts';

const now = new Date('2026-11-02T03:15:00.000Z');
type Change = Parameters<IncidentStore['record']>[1];
const escalated: CallRequest = { incident_id: 'inc-1', kind: 'escalated', key: '1', by: 'handsoff', text: 'Call 1.' };
const repairing = { remediation: 'running', locked_until: '2026-11-02T04:00:00.000Z' } as const;

/** Calls about an incident in this state; answers what was recorded as well. */
async function call(request: CallRequest, wishes: Partial<Incident>, storm?: Incident) {
  const recorded: IncidentChange[] = [];
  const record = async (_id: string, change: Change) => {
    const wanted = await change(anIncident(wishes));
    if (!wanted) return 'refused' as const;
    recorded.push(wanted);
    return 'recorded' as const;
  };
  return { ...(await callPerson(request, { record, readStorm: async () => storm }, now)), recorded };
}

describe('callPerson', () => {
  it('escalates what nobody has taken', async () => {
    expect(await call(escalated, {})).toMatchObject({ counts: true, recorded: [{ entry: { id: 'escalated#1' } }] });
  });

  it.each<[string, Partial<Incident>]>([
    ['that somebody has acknowledged', { status: 'acknowledged' }],
    ['that is over', { status: 'resolved' }],
  ])('does not escalate an incident %s', async (_what, wishes) => {
    expect(await call(escalated, wishes)).toEqual({ called: false, counts: true, hours_begin_in: 0, recorded: [] });
  });

  it.each<[string, Partial<Incident>]>([
    ['a repair is at work', repairing],
    ['its alarm is clear', { symptom: 'clear' }],
  ])('does not escalate, nor counts the round, while %s', async (_what, wishes) => {
    expect(await call(escalated, wishes)).toEqual({ called: false, counts: false, hours_begin_in: 0, recorded: [] });
  });

  it('does not escalate what can wait out of support hours, and says when they begin', async () => {
    const support_hours = { days: ['mon'], from: '08:00', to: '18:00', timezone: 'UTC' } as const;
    expect(await call(escalated, { priority: 'P3', support_hours })).toEqual({
      called: false,
      counts: false,
      hours_begin_in: 4.75 * 3600,
      recorded: [],
    });
    expect((await call(escalated, { priority: 'P2', support_hours })).recorded).toHaveLength(1);
  });

  it.each(['failed', 'unproven', 'contained', 'refused'] as const)(
    'escalates what shows nothing any more and whose repair ended %s',
    async (remediation) => {
      const { called, recorded } = await call(escalated, { symptom: 'clear', remediation });
      expect({ called, lines: recorded.length }).toEqual({ called: true, lines: 1 });
    },
  );

  it('says of what is given up just that, though somebody has it', async () => {
    const { recorded } = await call({ ...escalated, kind: 'stale' }, { status: 'acknowledged' });
    expect(recorded).toMatchObject([{ entry: { id: 'given-up', kind: 'given-up' } }]);
  });

  it('shows people what an error says, and no stack', async () => {
    const text = `It failed. ${JSON.stringify({ errorType: 'Error', errorMessage: 'No table.', trace: ['at x'] })}`;
    const { recorded } = await call({ ...escalated, text }, {});
    expect(recorded).toMatchObject([{ entry: { text: 'It failed. No table.' } }]);
  });

  it('escalates what came days after a storm that is still open', async () => {
    const storm = anIncident({ id: 'inc-storm', group: 'storm', opened_at: '2026-10-30T03:00:05.000Z' });
    for (const status of ['triggered', 'acknowledged'] as const)
      expect((await call(escalated, {}, { ...storm, status })).recorded).toHaveLength(1);
  });

  it('escalates of what came with a storm the storm alone', async () => {
    const storm = anIncident({ id: 'inc-storm', group: 'storm' });
    expect(await call(escalated, {}, storm)).toMatchObject({ called: false, counts: false, recorded: [] });
    const ofTheStorm = { ...escalated, incident_id: storm.id };
    expect((await call(ofTheStorm, { id: storm.id }, storm)).recorded).toHaveLength(1);
  });

  it('escalates what is more urgent than the storm that it came with', async () => {
    const storm = anIncident({ id: 'inc-storm', group: 'storm', priority: 'P4' });
    expect((await call(escalated, { priority: 'P1' }, storm)).recorded).toHaveLength(1);
    expect((await call(escalated, { priority: 'P4' }, storm)).recorded).toHaveLength(0);
  });

  it('escalates again when the storm is over', async () => {
    const storm = anIncident({ id: 'inc-storm', status: 'resolved' });
    expect((await call(escalated, {}, storm)).recorded).toHaveLength(1);
  });

  it('escalates when the repair has outlasted its lease: nobody is at work any more', async () => {
    const wishes = { ...repairing, locked_until: now.toISOString() };
    expect(await call(escalated, wishes)).toMatchObject({ counts: true, recorded: [{ entry: { kind: 'escalated' } }] });
  });

  it('says in the midst of a repair that a person is needed', async () => {
    const { recorded } = await call({ ...escalated, kind: 'needs-human' }, repairing);
    expect(recorded).toMatchObject([{ entry: { kind: 'needs-human' } }]);
  });
});
