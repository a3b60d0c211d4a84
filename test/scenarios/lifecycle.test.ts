import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../sandbox/aws.ts';
import { type Detail, Stage } from '../support/stage.ts';

const rehearsal = 'ec2-status-check-failed/rehearsals/restart-recovers';
const noRepair = {
  happenings: [],
  answers: [
    {
      call: 'cloudtrail:LookupEvents',
      output: { Events: [{ EventName: 'ModifyInstanceAttribute', Username: 'kim', ReadOnly: 'false' }] },
    },
  ],
};
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** All orders of some things. */
function permutations<T>(things: readonly T[]): T[][] {
  if (things.length <= 1) return [[...things]];
  return things.flatMap((thing, index) =>
    permutations(things.filter((_, other) => other !== index)).map((rest) => [thing, ...rest]),
  );
}

function named(alarmName: string) {
  return (detail: Detail) => {
    detail.alarmName = alarmName;
  };
}

describe('an incident', () => {
  it('ends in the same state in whatever order ALARM and OK arrive', async () => {
    await stage.scene(rehearsal, noRepair);
    const { sandbox } = stage.stack;
    const start = sandbox.clock.now();
    const history = [
      ['ALARM', 1],
      ['OK', 2],
      ['ALARM', 3],
      ['OK', 4],
    ] as const;
    for (const [index, order] of permutations(history).entries()) {
      const alarmArn = `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:order-${index}`;
      for (const [value, minute] of order) {
        const event = stage.event('ec2-status-check-alarm', (detail) => {
          detail.alarmName = `order-${index}`;
          if (detail.state)
            Object.assign(detail.state, { value, timestamp: new Date(start + minute * 60_000).toISOString() });
        });
        sandbox.deliver({ ...event, resources: [alarmArn] });
        await sandbox.run(undefined, new Date(sandbox.clock.now() + 1000));
      }
      // So many new troubles at once would be a storm.
      await sandbox.run(undefined, new Date(sandbox.clock.now() + 60_000));
    }
    await sandbox.run();
    const incidents = (await stage.stack.incidents()).filter(
      ({ title, alert }) => title && alert.payload.group?.startsWith('order-'),
    );
    expect(new Set(incidents.map(({ status }) => status))).toEqual(new Set(['resolved']));
    const memories = (await stage.stack.itemsBelow('ALERT#')).filter(
      ({ sk, last_at }) => sk === 'ALERT' && last_at === new Date(start + 240_000).toISOString(),
    );
    expect(memories).toHaveLength(24);
    expect(new Set(memories.map(({ last_action }) => last_action))).toEqual(new Set(['resolve']));
  });

  it('is not opened by an ALARM older than the last OK, which is recorded and nothing else', async () => {
    await stage.scene(rehearsal, noRepair);
    const { sandbox } = stage.stack;
    const alarmArn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:late';
    const before = (await stage.stack.incidents()).length;
    const late = { ...stage.event('ec2-status-check-alarm', named('late')), resources: [alarmArn] };
    await sandbox.run(undefined, new Date(sandbox.clock.now() + 60_000));
    sandbox.deliver({ ...stage.event('ec2-status-check-ok', named('late')), resources: [alarmArn] });
    await sandbox.run();
    const executions = sandbox.machines.executions().length;
    sandbox.deliver(late);
    await sandbox.run();
    expect((await stage.stack.incidents()).length).toBe(before);
    expect(
      sandbox.machines
        .executions()
        .slice(executions)
        .map(({ machineArn }) => machineArn.split(':').at(-1)),
    ).toEqual(['handsoff-intake']);
    const noise = (await stage.stack.itemsBelow('ALERT#')).filter(
      ({ reason, summary }) => reason === 'late' && String(summary).startsWith('late:'),
    );
    expect(noise).toHaveLength(1);
  });

  it('is not opened by an alarm that another one suppresses, which is recorded as that', async () => {
    await stage.scene(rehearsal, noRepair);
    const before = (await stage.stack.incidents()).length;
    stage.stack.sandbox.deliver(stage.event('suppressed-alarm'));
    await stage.stack.sandbox.run();
    expect((await stage.stack.incidents()).length).toBe(before);
    expect((await stage.stack.itemsBelow('ALERT#')).some((item) => item['reason'] === 'suppressor')).toBe(true);
  });

  it('is opened by a muted alarm when the mute is over, which calls people then and not before', async () => {
    await stage.scene(rehearsal, noRepair);
    const before = (await stage.stack.incidents()).length;
    const muteWindowEnd = new Date(stage.stack.sandbox.clock.now() + 3_600_000).toISOString();
    stage.stack.sandbox.deliver(
      stage.event('muted-alarm', (detail) => void Object.assign(detail, { muteDetail: { muteWindowEnd } })),
    );
    await stage.run(undefined, new Date(stage.stack.sandbox.clock.now() + 3_500_000));
    expect((await stage.stack.incidents()).length).toBe(before);
    expect((await stage.stack.itemsBelow('ALERT#')).some((item) => item['reason'] === 'mute')).toBe(true);
    const outcome = await stage.goOn(10);
    expect((await stage.stack.incidents()).length).toBe(before + 1);
    expect(outcome.incident.opened_at >= muteWindowEnd).toBe(true);
    expect(stage.pages(outcome)).toHaveLength(1);
  });

  it('closes when its alarm is deleted while it fires', async () => {
    await stage.scene(rehearsal, noRepair);
    await stage.play(
      'ec2-status-check-alarm',
      () => stage.stack.sandbox.topics.published().at(-1)?.subject?.includes('PERSON NEEDED') ?? false,
    );
    await stage.goOn(1);
    stage.stack.sandbox.deliver(stage.event('alarm-deleted'));
    const outcome = await stage.goOn();
    expect(outcome.kinds).toEqual(['triggered', 'diagnosed', 'needs-human', 'resolved', 'closed']);
    expect(outcome.timeline.find(({ kind }) => kind === 'resolved')?.text).toContain('deleted');
  });

  it('calls again while nobody acknowledges, as often as the service says and then once a day, and closes as stale', async () => {
    await stage.scene(rehearsal, noRepair);
    const outcome = await stage.play('ec2-status-check-alarm');
    const asOftenAsTheServiceSays = 3;
    const onceADay = 7;
    expect(outcome.kinds).toEqual([
      'triggered',
      'diagnosed',
      'needs-human',
      ...Array.from({ length: asOftenAsTheServiceSays + onceADay }, () => 'escalated'),
      'given-up',
      'closed',
    ]);
    expect(stage.pages(outcome)).toHaveLength(12);
    expect(outcome.timeline.at(-2)?.text).toContain('Handsoff stops watching it');
    expect(outcome.incident.status).toBe('resolved');
  });

  it('stays open where its resolution cannot be awaited, for as long as that lasts', async () => {
    await stage.scene(rehearsal, noRepair);
    const restore = stage.failing('dynamodb:PutItem', ({ input }) =>
      JSON.stringify(input).includes('WAIT#resolution') ? new AwsError('InternalServerError', 'down', 500) : undefined,
    );
    await stage.play('ec2-status-check-alarm', () => stage.isTelling('PERSON NEEDED'));
    await stage.stack.click('acknowledge', (await stage.outcome()).incident.id, 'U0HANDSOFF1');
    const during = await stage.goOn(60);
    expect(during.kinds.at(-1)).toBe('acknowledged');
    expect(during.incident.status).toBe('acknowledged');
    restore();
    await stage.goOn(30);
    stage.stack.sandbox.deliver(stage.event('ec2-status-check-ok'));
    expect((await stage.goOn()).kinds.slice(-2)).toEqual(['resolved', 'closed']);
  });

  it('stops calling when somebody acknowledges, and resolves when somebody says so', async () => {
    await stage.scene(rehearsal, noRepair);
    await stage.play(
      'ec2-status-check-alarm',
      () => stage.stack.sandbox.topics.published().at(-1)?.subject?.includes('PERSON NEEDED') ?? false,
    );
    const { incident } = await stage.outcome();
    await stage.stack.click('acknowledge', incident.id, 'U0HANDSOFF1');
    await stage.goOn(60);
    expect((await stage.outcome()).kinds).toEqual(['triggered', 'diagnosed', 'needs-human', 'acknowledged']);
    await stage.stack.click('resolve', incident.id, 'U0HANDSOFF1');
    const outcome = await stage.goOn();
    expect(outcome.kinds.slice(-2)).toEqual(['resolved', 'closed']);
    expect(outcome.incident).toMatchObject({
      status: 'resolved',
      acknowledged_by: expect.stringContaining('U0HANDSOFF1'),
    });
  });

  it('takes one contributor and its alarm as one trouble', async () => {
    await stage.scene(rehearsal, {
      ...noRepair,
      answers: [...noRepair.answers, { call: 'cloudwatch:GetMetricData', output: { MetricDataResults: [] } }],
    });
    const before = (await stage.stack.incidents()).length;
    stage.stack.sandbox.deliver(stage.event('contributor-alarm'));
    stage.stack.sandbox.deliver(stage.event('contributor-parent-alarm'));
    await stage.stack.sandbox.run();
    expect((await stage.stack.incidents()).length - before).toBe(1);
  });

  it('diagnoses what it can and calls a person where no runbook matches', async () => {
    await stage.scene(rehearsal, {
      happenings: [],
      answers: [{ call: 'cloudwatch:GetMetricData', output: { MetricDataResults: [{ Id: 'm1', Values: [1, 2, 3] }] } }],
    });
    const outcome = await stage.play('ec2-status-check-alarm', undefined, (detail) => {
      for (const { metricStat } of detail.configuration.metrics)
        if (metricStat) Object.assign(metricStat.metric, { name: 'CPUUtilization' });
    });
    expect(outcome.incident.runbook).toBe('default');
    expect(outcome.kinds.slice(0, 3)).toEqual(['triggered', 'diagnosed', 'needs-human']);
    expect(stage.pages(outcome)[0]).toContain('PERSON NEEDED');
  });
});

describe('the guards', () => {
  it('change nothing while the global kill switch is on, and say so', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    stage.stack.sandbox.systems.setParameter('/handsoff/kill-switch/global', 'on');
    const outcome = await stage.play('ec2-status-check-alarm');
    stage.stack.sandbox.systems.setParameter('/handsoff/kill-switch/global', 'off');
    expect(outcome.kinds.slice(0, 4)).toEqual(['triggered', 'diagnosed', 'remediation-refused', 'needs-human']);
    expect(outcome.published.find(({ urgency }) => urgency === 'high')?.message).toContain('kill switch is on');
    expect(outcome.asked).not.toContain('ec2:StopInstances');
  });

  it('allow a runbook its hourly budget and not one more', async () => {
    await stage.scene(rehearsal);
    const { sandbox } = stage.stack;
    for (let index = 0; index < 5; index++) {
      const instance = `i-0a1b2c3d4e5f6070${index}`;
      const event = stage.event('ec2-status-check-alarm', (detail) => {
        detail.alarmName = `budget-${index}`;
        for (const { metricStat } of detail.configuration.metrics)
          if (metricStat) metricStat.metric.dimensions['InstanceId'] = instance;
      });
      sandbox.deliver({ ...event, resources: [`arn:aws:cloudwatch:eu-central-1:123456789012:alarm:budget-${index}`] });
    }
    await sandbox.run();
    const incidents = (await stage.stack.incidents()).filter(({ alert }) => alert.payload.group?.startsWith('budget-'));
    const lines = await Promise.all(
      incidents.map(async ({ id }) => (await stage.stack.timeline(id)).map(({ kind, text }) => ({ kind, text }))),
    );
    expect(lines.filter((line) => line.some(({ kind }) => kind === 'automation-started'))).toHaveLength(3);
    const refused = lines.flatMap((line) => line.filter(({ kind }) => kind === 'remediation-refused'));
    expect(refused.map(({ text }) => text)).toEqual([
      expect.stringContaining('3 repairs of the last 60 minutes'),
      expect.stringContaining('3 repairs of the last 60 minutes'),
    ]);
  });

  it('repair one resource three times within 24 hours and not once more, however often it recovers', async () => {
    const ends: string[] = [];
    for (let round = 0; round < 4; round++) {
      await stage.scene(rehearsal, {}, round === 0 ? 25 : 3);
      const { incident } = await stage.play('ec2-status-check-alarm', () => stage.isTelling('PERSON NEEDED'));
      ends.push(incident.remediation);
    }
    expect(ends).toEqual(['recovered', 'recovered', 'recovered', 'refused']);
    const { timeline } = await stage.outcome();
    expect(timeline.find(({ kind }) => kind === 'needs-human')?.text).toContain('3 times within 24 hours');
  });

  it('let one repair at a time work on a resource', async () => {
    await stage.scene(rehearsal);
    const { sandbox } = stage.stack;
    for (const name of ['first', 'second']) {
      sandbox.deliver({
        ...stage.event('ec2-status-check-alarm', named(name)),
        resources: [`arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`],
      });
    }
    await sandbox.run();
    const incidents = (await stage.stack.incidents()).filter(({ alert }) =>
      ['first', 'second'].includes(alert.payload.group ?? ''),
    );
    const lines = (await Promise.all(incidents.map(({ id }) => stage.stack.timeline(id)))).flat();
    expect(lines.filter(({ kind }) => kind === 'automation-started')).toHaveLength(1);
    expect(lines.find(({ kind }) => kind === 'remediation-refused')?.text).toContain('Another repair is at work');
  });
});
