import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage, type Detail } from '../support/stage.ts';

const rehearsal = 'ec2-status-check-failed/rehearsals/restart-recovers';
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** Another metric than the runbooks know: nothing is repaired. */
function unknownMetric(detail: Detail): void {
  for (const { metricStat } of detail.configuration.metrics) {
    if (metricStat) Object.assign(metricStat.metric, { name: 'CPUUtilization' });
  }
}

function later(seconds: number): Promise<void> {
  return stage.run(undefined, new Date(stage.stack.sandbox.clock.now() + seconds * 1000));
}

function alarm(value: 'ALARM' | 'OK', name = 'flapping', change = unknownMetric): void {
  const event = stage.event('ec2-status-check-alarm', (detail) => {
    detail.alarmName = name;
    if (detail.state) detail.state.value = value;
    change(detail);
  });
  stage.stack.sandbox.deliver({
    ...event,
    resources: [`arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`],
  });
}

async function incidentsOf(prefix: string) {
  return (await stage.stack.incidents()).filter(({ alert }) => alert.payload.group?.startsWith(prefix));
}

describe('noise', () => {
  it('of 50 flaps in a row is one incident, told as if it had fired once', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    for (let flap = 0; flap < 50; flap++) {
      alarm('ALARM');
      await later(3);
      alarm('OK');
      await later(3);
    }
    const outcome = await stage.goOn();
    expect(await incidentsOf('flapping')).toHaveLength(1);
    expect(outcome.published.map(({ urgency, subject }) => [urgency, subject.split(':')[0]])).toEqual([
      ['low', '[P1] TRIGGERED'],
      ['low', '[P1] DIAGNOSED'],
      ['high', '[P1] PERSON NEEDED'],
      ['low', '[P1] RESOLVED'],
    ]);
    expect(outcome.timeline.filter(({ kind }) => kind === 'relapsed').at(-1)?.text).toContain('times by now');
  });

  it('does not use up the calls about what then fires for good', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    for (let flap = 0; flap < 4; flap++) {
      alarm('ALARM', 'calls');
      await later(3);
      alarm('OK', 'calls');
      await later(3);
    }
    await later(40 * 60);
    expect((await stage.outcome()).kinds).not.toContain('escalated');
    alarm('ALARM', 'calls');
    await later(11 * 60);
    const calls = (await stage.outcome()).timeline.filter(({ kind }) => kind === 'escalated');
    expect(calls.map(({ text }) => text)).toEqual(['Nobody has acknowledged: call 1 of 3.']);
    alarm('OK', 'calls');
    await stage.goOn();
  });

  it('of a storm is a handful of pages, no repair, and nothing that cannot be seen', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const before = stage.stack.sandbox.systems.automationExecutions().length;
    const keys = 80;
    // What could be repaired comes when it is plain that this is a storm; nobody can know it from the first alarm.
    for (let key = 0; key < 10; key++) alarm('ALARM', `storm-${key}`);
    await later(1);
    for (let key = 10; key < keys; key++) alarm('ALARM', `storm-${key}`, () => undefined);
    await later(600);
    const { published } = await stage.outcome();
    const incidents = await incidentsOf('storm-');
    const storm = incidents.find(({ group }) => group === 'storm');
    const members = await stage.stack.members(storm?.id ?? '');
    expect(published.filter(({ urgency }) => urgency === 'high').length).toBeLessThanOrEqual(10);
    expect(stage.stack.sandbox.systems.automationExecutions().length).toBe(before);
    expect(new Set([...incidents, ...members].map(({ alert }) => alert.dedup_key)).size).toBe(keys);
  });

  it('of a storm ends when everything has cleared', async () => {
    const keys = 80;
    for (let key = 0; key < keys; key++) alarm('OK', `storm-${key}`, () => undefined);
    await stage.goOn();
    const incidents = await incidentsOf('storm-');
    expect(new Set(incidents.map(({ status }) => status))).toEqual(new Set(['resolved']));
  });
});
