import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transitionsByMachine } from '../../cli/demonstration.ts';
import { AwsError } from '../../sandbox/aws.ts';
import { Stage } from '../support/stage.ts';

const rehearsal = 'ec2-status-check-failed/rehearsals/restart-recovers';
const alarm = 'ec2-status-check-alarm';
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

describe('ec2-status-check-failed', () => {
  it('diagnoses, repairs, proves the recovery and tells, in 14 Standard transitions', async () => {
    await stage.scene(rehearsal);
    const executionsBefore = stage.stack.sandbox.machines.executions().length;
    const outcome = await stage.play(alarm);
    expect(outcome.kinds, stage.complaints()).toEqual([
      'triggered',
      'diagnosed',
      'automation-started',
      'cleared',
      'resolved',
      'closed',
    ]);
    expect(outcome.incident).toMatchObject({
      status: 'resolved',
      remediation: 'recovered',
      runbook: 'ec2-status-check-failed',
      priority: 'P1',
    });
    expect(outcome.asked.filter((call) => /Start|Stop/.test(call))).toEqual([
      'ec2:StopInstances',
      'ec2:StartInstances',
    ]);
    expect(outcome.published.map(({ urgency, subject }) => [urgency, subject.split(':')[0]])).toEqual([
      ['low', '[P1] TRIGGERED'],
      ['low', '[P1] DIAGNOSED'],
      ['low', '[P1] RESOLVED'],
    ]);
    const executions = stage.stack.sandbox.machines.executions().slice(executionsBefore);
    const transitions = transitionsByMachine(executions);
    expect(Object.values(transitions).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(14);
    expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'SUCCEEDED'));
    expect(await stage.leases()).toBe(0);
    expect(stage.stack.sandbox.faults()).toEqual([]);
    expect(stage.stack.sandbox.denied()).toEqual([]);
  });

  it('tells the diagnosis with its evidence, and the resolution with a timeline that a person can read', async () => {
    await stage.scene(rehearsal);
    const { published } = await stage.play(alarm);
    expect(published[1]?.message).toContain('instance status impaired');
    expect(published[1]?.message).toContain('the kernel ran out of memory');
    const resolved = published.at(-1)?.message ?? '';
    for (const word of ['triggered', 'AWS-RestartEC2Instance', 'stayed OK for 120 seconds'])
      expect(resolved.toLowerCase()).toContain(word.toLowerCase());
  });

  it('makes one incident, one repair, one chat message and one publish per transition of a hundred copies at once', async () => {
    await stage.scene(rehearsal);
    const { sandbox, slack } = stage.stack;
    const before = {
      incidents: (await stage.stack.incidents()).length,
      executions: sandbox.machines.executions().length,
      roots: slack.messages().filter(({ threadTs }) => !threadTs).length,
    };
    const event = stage.event(alarm);
    for (let copy = 0; copy < 100; copy++) sandbox.deliver(event);
    await sandbox.run();
    const outcome = await stage.outcome();
    expect((await stage.stack.incidents()).length - before.incidents).toBe(1);
    expect(outcome.asked.filter((call) => call === 'ec2:StartInstances')).toHaveLength(1);
    expect(slack.messages().filter(({ threadTs }) => !threadTs).length - before.roots).toBe(1);
    expect(outcome.published.map(({ subject }) => subject.split(':')[0])).toEqual([
      '[P1] TRIGGERED',
      '[P1] DIAGNOSED',
      '[P1] RESOLVED',
    ]);
    const started = sandbox.machines.executions().slice(before.executions);
    const standard = started.filter(({ machineArn }) => !machineArn.endsWith('intake'));
    expect(standard).toHaveLength(3);
    expect(Object.values(transitionsByMachine(standard)).reduce((sum, count) => sum + count, 0)).toBe(14);
  });

  it('calls a person with the evidence when the recovery never comes, and frees the lease', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const outcome = await stage.play(alarm, () => false);
    expect(outcome.kinds.slice(0, 5)).toEqual([
      'triggered',
      'diagnosed',
      'automation-started',
      'not-helped',
      'needs-human',
    ]);
    expect(outcome.incident.remediation).toBe('not-helped');
    expect(stage.pages(outcome)[0]).toContain('PERSON NEEDED');
    const page = outcome.published.find(({ urgency }) => urgency === 'high')?.message ?? '';
    expect(page).toContain('did not recover in its time');
    expect(page).toContain('instance status impaired');
    expect(await stage.leases()).toBe(0);
  });

  it('does not call it recovered when the alarm fires again within the hold time', async () => {
    await stage.scene(rehearsal);
    await stage.play(alarm, () =>
      stage.stack.sandbox.world.calls().some(({ operation }) => operation === 'StartInstances'),
    );
    await stage.goOn(2);
    stage.stack.sandbox.deliver(stage.event(alarm));
    const outcome = await stage.goOn(10);
    expect(outcome.kinds.slice(0, 7)).toEqual([
      'triggered',
      'diagnosed',
      'automation-started',
      'cleared',
      'relapsed',
      'not-helped',
      'needs-human',
    ]);
    expect(stage.pages(outcome)).toHaveLength(1);
    expect(await stage.leases()).toBe(0);
    await stage.goOn();
  });

  it('leaves the instance alone when AWS has planned work on it', async () => {
    await stage.scene(rehearsal, {
      answers: [
        {
          call: 'ec2:DescribeInstanceStatus',
          output: {
            InstanceStatuses: [
              {
                InstanceId: 'i-0a1b2c3d4e5f60718',
                InstanceState: { Name: 'running' },
                InstanceStatus: { Status: 'impaired' },
                SystemStatus: { Status: 'ok' },
                Events: [{ Code: 'instance-reboot', NotBefore: '2026-11-05T00:00:00Z', Description: 'maintenance' }],
              },
            ],
          },
        },
      ],
    });
    const outcome = await stage.play(alarm);
    expect(outcome.kinds.slice(0, 3)).toEqual(['triggered', 'diagnosed', 'needs-human']);
    expect(outcome.asked).not.toContain('ec2:StopInstances');
  });

  it('goes on with the other diagnostics when one cannot look, and does not act on what it does not know', async () => {
    const error = { code: 'InternalError', message: 'try later', statusCode: 500 };
    await stage.scene(rehearsal, { answers: [{ call: 'cloudtrail:LookupEvents', error }] });
    const outcome = await stage.play(alarm);
    const findings = outcome.timeline.find(({ kind }) => kind === 'diagnosed')?.findings ?? [];
    expect(findings.map(({ diagnostic, verdict }) => [diagnostic, verdict])).toEqual([
      ['instance-status', 'unhealthy'],
      ['scheduled-events', 'healthy'],
      ['console-output', 'unhealthy'],
      ['recent-changes', 'failed'],
    ]);
    expect(outcome.asked).not.toContain('ec2:StopInstances');
    expect(stage.pages(outcome)[0]).toContain('PERSON NEEDED');
  });

  describe('when the automation', () => {
    it('fails, tells a person why and frees the lease', async () => {
      const error = { code: 'IncorrectInstanceState', message: 'cannot be stopped', statusCode: 400 };
      await stage.scene(rehearsal, { answers: [{ call: 'ec2:StopInstances', error }] });
      const outcome = await stage.play(alarm);
      expect(outcome.kinds.slice(2, 5)).toEqual(['automation-started', 'automation-failed', 'needs-human']);
      expect(outcome.published.find(({ urgency }) => urgency === 'high')?.message).toContain('cannot be stopped');
      expect(await stage.leases()).toBe(0);
    });

    it('never ends, is cancelled, and a person is told', async () => {
      const running = {
        InstanceStatuses: [
          {
            InstanceId: 'i-0a1b2c3d4e5f60718',
            InstanceState: { Code: 16, Name: 'running' },
            InstanceStatus: { Status: 'impaired' },
            SystemStatus: { Status: 'ok' },
          },
        ],
      };
      const stuck = {
        Reservations: [{ Instances: [{ InstanceId: 'i-0a1b2c3d4e5f60718', State: { Code: 16, Name: 'running' } }] }],
      };
      await stage.scene(rehearsal, {
        answers: [
          { call: 'ec2:DescribeInstanceStatus', output: running },
          { call: 'ec2:DescribeInstances', output: stuck },
        ],
        happenings: [],
      });
      const outcome = await stage.play(alarm);
      expect(outcome.kinds).toContain('automation-failed');
      expect(stage.pages(outcome).filter((page) => page.includes('PERSON NEEDED'))).toHaveLength(1);
      expect(await stage.leases()).toBe(0);
      expect(
        stage.stack.sandbox.systems.automationExecutions().filter(({ status }) => status === 'InProgress'),
      ).toEqual([]);
    });

    it('is throttled, starts when SSM has room again', async () => {
      await stage.scene(rehearsal);
      let refusals = 2;
      const restore = stage.failing('ssm:StartAutomationExecution', () =>
        refusals-- > 0
          ? new AwsError('AutomationExecutionLimitExceededException', 'The limit is reached.')
          : (undefined as never),
      );
      const outcome = await stage.play(alarm);
      restore();
      expect(outcome.incident.remediation).toBe('recovered');
    });

    it('is throttled for good, tells a person and frees the lease', async () => {
      await stage.scene(rehearsal);
      const restore = stage.failing(
        'ssm:StartAutomationExecution',
        () => new AwsError('AutomationExecutionLimitExceededException', 'The limit is reached.'),
      );
      const outcome = await stage.play(alarm);
      restore();
      expect(outcome.kinds.slice(2, 5)).toEqual(['automation-started', 'automation-failed', 'needs-human']);
      expect(await stage.leases()).toBe(0);
    });
  });
});

describe('ec2-status-check-failed when SSM loses its status events', () => {
  it('asks SSM once after the time limit, and goes on from there', async () => {
    const losing = await Stage.open({ dropStatusEvent: () => true });
    try {
      await losing.scene(rehearsal);
      const outcome = await losing.play(alarm);
      expect(outcome.incident, losing.complaints()).toMatchObject({ status: 'resolved', remediation: 'recovered' });
      expect(await losing.leases()).toBe(0);
    } finally {
      await losing.close();
    }
  });
});
