import { describe, expect, it } from 'vitest';
import { MemoryTable } from '../../../cli/triage/memory-table.ts';
import { triageEvent } from '../../../functions/triage-alert/triage-event.ts';
import { loadEvent } from '../../support/load-fixture.ts';
import { aTriage } from './a-triage.ts';

const now = new Date('2026-11-02T03:00:06.000Z');

/** What is decided of events one after the other. */
async function decisionsOf(...events: readonly unknown[]) {
  const { ports, config } = aTriage(new MemoryTable());
  const found = [];
  for (const event of events)
    found.push(await triageEvent(event, { ...ports, changes: { record: async () => {} } }, config, now));
  return found;
}

describe('triageEvent', () => {
  it('starts a response that may not be started yet again, and counts what was decided', async () => {
    const event = loadEvent('cloudwatch/ec2-status-check-alarm');
    const found = await decisionsOf(event, event);
    expect(found.map(({ decision }) => decision)).toEqual(['open', 'drop']);
    expect(found.map(({ answer }) => answer.decision)).toEqual(['open', 'open']);
    const [first, second] = found.map(({ answer }) => 'response' in answer && answer.response);
    expect(second).toEqual(first);
  });

  it('counts what intake is told of every other event', async () => {
    const found = await decisionsOf(
      loadEvent('cloudwatch/insufficient-data'),
      loadEvent('cloudwatch/ec2-status-check-ok'),
      { id: 1 },
    );
    expect(found.map(({ decision }) => decision)).toEqual(found.map(({ answer }) => answer.decision));
  });

  it('starts the response of an incident whose first answer got lost, though its alarm is OK by now', async () => {
    const alarm = loadEvent('cloudwatch/ec2-status-check-alarm');
    const { ports, config } = aTriage(new MemoryTable(), { settle_seconds: 60 });
    const later = loadEvent('cloudwatch/ec2-status-check-ok');
    const answers = [];
    for (const event of [alarm, later, alarm])
      answers.push((await triageEvent(event, { ...ports, changes: { record: async () => {} } }, config, now)).answer);
    expect(answers.map(({ decision }) => decision)).toEqual(['open', 'clear', 'open']);
    expect(answers[2]).toEqual({ ...answers[0], reason: 'late' });
  });
});
