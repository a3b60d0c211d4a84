import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transitionsByMachine } from '../../cli/demonstration.ts';
import { AwsError } from '../../sandbox/aws.ts';
import { happeningIn, Stage } from '../support/stage.ts';

const rehearsal = 'ec2-status-check-failed/rehearsals/restart-recovers';
const alarm = 'ec2-status-check-alarm';
const id = 'i-0a1b2c3d4e5f60718';
const alarmArn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-1 status check';
const optedIn = [{ Key: 'handsoff', Value: 'act' }];
/** The lines of an incident that is repaired, and stays so. */
const recovered = ['triggered', 'diagnosed', 'automation-started', 'cleared', 'resolved', 'closed'];
let stage: Stage;

/** An instance that may be restarted, as DescribeInstances answers it. */
function instances(changes: object = {}): object {
  const instance = { InstanceId: id, InstanceType: 'm7i.large', State: { Name: 'running' }, RootDeviceType: 'ebs' };
  return { Reservations: [{ Instances: [{ ...instance, Tags: optedIn, ...changes }] }] };
}

/** What DescribeInstanceStatus answers of an instance in this state. */
function statuses(state: string, status = 'not-applicable'): object {
  const checks = { InstanceStatus: { Status: status }, SystemStatus: { Status: status } };
  return { InstanceStatuses: [{ InstanceId: id, InstanceState: { Name: state }, ...checks }] };
}

function changesAsked(asked: readonly string[]): string[] {
  return asked.filter((call) => /Start|Stop/.test(call));
}

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

describe('ec2-status-check-failed', () => {
  it('diagnoses, repairs, proves the recovery and tells, in 14 Standard transitions', async () => {
    await stage.scene(rehearsal);
    const executionsBefore = stage.stack.sandbox.machines.executions().length;
    const outcome = await stage.play(alarm);
    expect(outcome.kinds, stage.complaints()).toEqual(recovered);
    expect(outcome.incident).toMatchObject({
      status: 'resolved',
      remediation: 'recovered',
      runbook: 'ec2-status-check-failed',
      priority: 'P1',
    });
    expect(changesAsked(outcome.asked)).toEqual(['ec2:StopInstances', 'ec2:StartInstances']);
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
    expect(stage.faults()).toEqual([]);
    expect(stage.stack.sandbox.denied()).toEqual([]);
  });

  it('goes on as if nothing were, although Step Functions loses the first answer to every start', async () => {
    await stage.scene(rehearsal);
    const lost = stage.losingFirstAnswers('sfn:StartExecution', ({ input }) => String(input['stateMachineArn']));
    const { kinds } = await stage.play(alarm);
    expect(lost.size).toBe(4);
    expect(kinds, stage.complaints()).toEqual(recovered);
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

  it('waits for an alarm that has no data for a moment, and calls it recovered only once it is OK again', async () => {
    const silent = 'ec2-status-check-failed/rehearsals/goes-silent';
    const when = { call: 'ec2:StartInstances' };
    const happenings = [
      { when, after: '90s', ...happeningIn(silent) },
      { when, after: '2m', ...happeningIn(silent, 1) },
      { when, after: '4m', ...happeningIn(silent) },
    ];
    await stage.scene(silent, { happenings });
    const { kinds, timeline } = await stage.play(alarm);
    expect(kinds, stage.complaints()).toEqual(recovered);
    const [cleared, resolved] = ['cleared', 'resolved'].map((kind) =>
      Date.parse(timeline.find((entry) => entry.kind === kind)?.at ?? ''),
    );
    // 120 seconds of hold, and two more minutes until CloudWatch says that it is OK.
    expect(Number(resolved) - Number(cleared)).toBeGreaterThanOrEqual(180_000);
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

  it.each([
    ['is not opted in', { Tags: [] }, 'not opted in: add the tag handsoff=act'],
    ['is opted in to something else', { Tags: [{ Key: 'handsoff', Value: 'observe' }] }, 'not opted in'],
    [
      'belongs to an Auto Scaling group',
      { Tags: [...optedIn, { Key: 'aws:autoscaling:groupName', Value: 'checkout' }] },
      'the Auto Scaling group checkout would terminate and replace it',
    ],
    ['is a Spot instance', { InstanceLifecycle: 'spot' }, 'spot instance'],
  ])('calls a person and changes nothing when the instance %s', async (_what, changes, why) => {
    await stage.scene(rehearsal, { answers: [{ call: 'ec2:DescribeInstances', output: instances(changes) }] });
    const outcome = await stage.play(alarm);
    expect(outcome.kinds.slice(0, 3)).toEqual(['triggered', 'diagnosed', 'needs-human']);
    expect(outcome.timeline.find(({ kind }) => kind === 'needs-human')?.text).toContain(why);
    expect(stage.pages(outcome).filter((page) => page.includes('PERSON NEEDED'))).toHaveLength(1);
    expect(changesAsked(outcome.asked)).toEqual([]);
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
      ['restart-safety', 'healthy'],
      ['scheduled-events', 'healthy'],
      ['console-output', 'unhealthy'],
      ['recent-changes', 'failed'],
      ['announced-changes', 'healthy'],
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
      await stage.scene(rehearsal, {
        answers: [
          { call: 'ec2:DescribeInstanceStatus', output: statuses('running', 'impaired') },
          { call: 'ec2:DescribeInstances', output: instances() },
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

    it('hangs in the stop until it is cancelled, starts the instance again and calls a person, though the alarm is OK', async () => {
      const afterStop = { after: 'ec2:StopInstances' };
      const afterStart = { after: 'ec2:StartInstances' };
      await stage.scene(rehearsal, {
        answers: [
          { call: 'ec2:DescribeInstanceStatus', ...afterStop, output: statuses('stopping') },
          { call: 'ec2:DescribeInstances', ...afterStart, output: instances() },
          {
            call: 'ec2:DescribeInstances',
            ...afterStop,
            times: 60,
            output: instances({ State: { Name: 'stopping' } }),
          },
          { call: 'ec2:DescribeInstances', ...afterStop, output: instances({ State: { Name: 'stopped' } }) },
        ],
        happenings: [{ when: { call: 'ec2:StopInstances' }, after: '60s', ...happeningIn(rehearsal) }],
      });
      const outcome = await stage.play(alarm, () => false);
      expect(changesAsked(outcome.asked), stage.complaints()).toEqual(['ec2:StopInstances', 'ec2:StartInstances']);
      expect(
        stage.stack.sandbox.systems
          .automationExecutions()
          .map(({ document, status }) => [document.name, status])
          .slice(-2),
      ).toEqual([
        ['AWS-RestartEC2Instance', 'Cancelled'],
        ['handsoff-ec2-status-check-failed-start-again', 'Success'],
      ]);
      expect(outcome.kinds.filter((kind) => kind !== 'escalated')).toEqual([
        'triggered',
        'diagnosed',
        'automation-started',
        'cleared',
        'automation-failed',
        'needs-human',
        'given-up',
        'closed',
      ]);
      const page = outcome.published.find(({ subject }) => subject.includes('PERSON NEEDED'));
      expect(page?.urgency).toBe('high');
      for (const words of ['did not end in its time', 'started again', 'nothing reports any more'])
        expect(page?.message).toContain(words);
      expect(await stage.leases()).toBe(0);
      expect(stage.faults()).toEqual([]);
    });

    it('leaves the instance stopped and it cannot be started again, says that it may be stopped', async () => {
      const afterStop = { after: 'ec2:StopInstances' };
      const error = { code: 'InsufficientInstanceCapacity', message: 'no capacity', statusCode: 500 };
      await stage.scene(rehearsal, {
        answers: [
          { call: 'ec2:StartInstances', error },
          { call: 'ec2:DescribeInstances', ...afterStop, output: instances({ State: { Name: 'stopped' } }) },
        ],
        happenings: [],
      });
      const outcome = await stage.play(alarm);
      expect(outcome.kinds.slice(2, 5)).toEqual(['automation-started', 'automation-failed', 'needs-human']);
      const page = outcome.published.find(({ subject }) => subject.includes('PERSON NEEDED'));
      expect(page?.message).toContain('what state it left behind is not known');
      expect(page?.message).toContain('no capacity');
      expect(await stage.leases()).toBe(0);
    });

    it('is not allowed to use the key of a volume, calls a person with the reason', async () => {
      const key = 'arn:aws:kms:eu-central-1:210987654321:key/of-others';
      const arn = `arn:aws:ec2:eu-central-1:123456789012:instance/${id}`;
      await stage.scene(rehearsal, { resources: [{ arn, tags: { handsoff: 'act' }, keys: [key] }] });
      const outcome = await stage.play(alarm);
      expect(outcome.incident.remediation).toBe('failed');
      expect(outcome.published.find(({ urgency }) => urgency === 'high')?.message).toContain('kms:CreateGrant');
    });

    it('is held back by IAM from an instance that lost its tag meanwhile', async () => {
      await stage.scene(rehearsal, { resources: [], happenings: [] });
      const outcome = await stage.play(alarm);
      expect(changesAsked(outcome.asked)).toEqual([]);
      expect(outcome.published.find(({ urgency }) => urgency === 'high')?.message).toContain('ec2:StopInstances');
      expect(await stage.leases()).toBe(0);
    });

    it('is held to the tag twice: by its own role, and by the boundary of all', () => {
      const conditions = (type: string, effect: string) =>
        stage.stack.sandbox.assembly
          .ofType(type)
          .flatMap(({ properties }) => JSON.parse(JSON.stringify(properties['PolicyDocument'])).Statement)
          .filter(({ Effect, Action }) => Effect === effect && [Action].flat().includes('ec2:StopInstances'))
          .map(({ Action, Condition }) => [[Action].flat().includes('ec2:StartInstances'), Condition]);
      const tag = { 'aws:ResourceTag/handsoff': 'act' };
      expect(conditions('AWS::IAM::Policy', 'Allow')).toEqual([[true, { StringEquals: tag }]]);
      expect(conditions('AWS::IAM::ManagedPolicy', 'Deny')).toEqual([[true, { StringNotEquals: tag }]]);
    });

    it('is throttled, starts when SSM has room again', async () => {
      await stage.scene(rehearsal);
      let refusals = 2;
      const restore = stage.failing('ssm:StartAutomationExecution', () =>
        refusals-- > 0 ? new AwsError('AutomationExecutionLimitExceededException', 'The limit is reached.') : undefined,
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
      expect(outcome.kinds.slice(2, 5)).toEqual(['automation-started', 'remediation-refused', 'needs-human']);
      expect(await stage.leases()).toBe(0);
    });
  });
});

describe('ec2-status-check-failed between the permission and the start', () => {
  const full = () => new AwsError('AutomationExecutionLimitExceededException', 'The limit is reached.');
  const start = 'ssm:StartAutomationExecution';

  /** Plays until SSM has refused a start for want of room. */
  async function playUntilFull() {
    let refusals = 0;
    const restore = stage.failing(start, () => {
      refusals += 1;
      return full();
    });
    await stage.play(alarm, () => refusals > 0);
    return restore;
  }

  it('starts nothing when the kill switch is turned on meanwhile, calls a person and frees the lease', async () => {
    await stage.scene(rehearsal);
    const restore = await playUntilFull();
    stage.stack.sandbox.systems.setParameter('/handsoff/kill-switch/global', 'on');
    restore();
    const outcome = await stage.goOn();
    stage.stack.sandbox.systems.setParameter('/handsoff/kill-switch/global', 'off');
    expect(outcome.asked).not.toContain('ec2:StopInstances');
    expect(outcome.kinds.slice(2, 5)).toEqual(['automation-started', 'remediation-refused', 'needs-human']);
    expect(outcome.published.find(({ urgency }) => urgency === 'high')?.message).toContain('kill switch is on');
    expect(await stage.leases()).toBe(0);
  });

  it('starts nothing when the alarm recovers meanwhile, and says so', async () => {
    await stage.scene(rehearsal);
    const restore = await playUntilFull();
    stage.stack.sandbox.deliver(stage.event('ec2-status-check-ok'));
    await stage.goOn(0.1);
    restore();
    const outcome = await stage.goOn();
    expect(outcome.asked).not.toContain('ec2:StopInstances');
    expect(outcome.incident.status).toBe('resolved');
    expect(outcome.timeline.find(({ kind }) => kind === 'remediation-refused')?.text).toContain('recovered before');
    expect(await stage.leases()).toBe(0);
  });

  it.each([
    [
      'does not fire, as one that somebody made up',
      { output: { MetricAlarms: [{ AlarmArn: alarmArn, StateValue: 'OK' }] } },
      'CloudWatch says that the alarm does not fire (OK)',
    ],
    ['is unknown', { output: { MetricAlarms: [] } }, 'could not be read from CloudWatch'],
    [
      'cannot be read',
      { error: { code: 'InternalServiceFault', message: 'down' } },
      'could not be read from CloudWatch',
    ],
  ])('starts nothing for an alarm of which CloudWatch says that it %s', async (_what, answer, why) => {
    const answers = [{ call: 'cloudwatch:DescribeAlarms', ...answer }];
    await stage.scene(rehearsal, { answers });
    const outcome = await stage.play(alarm, () => stage.isTelling('PERSON NEEDED'));
    expect(changesAsked(outcome.asked)).toEqual([]);
    expect(outcome.timeline.find(({ kind }) => kind === 'needs-human')?.text).toContain(why);
    expect([await stage.leases(), await stage.slots()]).toEqual([0, 0]);
  });

  it('runs the document of the catalog, whatever an event names', async () => {
    await stage.scene(rehearsal);
    const { systems } = stage.stack.sandbox;
    const before = systems.automationExecutions().length;
    await stage.play(
      alarm,
      () => systems.automationExecutions().length > before,
      (detail) => {
        const named = { DocumentName: 'AWS-RunShellScript', document: 'AWS-RunShellScript', commands: ['reboot'] };
        const dimensions = { InstanceId: id };
        const [metric] = detail.configuration.metrics;
        if (metric?.metricStat)
          metric.metricStat.metric.dimensions = { ...dimensions, DocumentName: named.DocumentName };
        Object.assign(detail, named, { parameters: named });
      },
    );
    const [execution] = systems.automationExecutions().slice(before);
    expect(execution?.document.name).toBe('AWS-RestartEC2Instance');
    expect(Object.keys(execution?.parameters ?? {}).toSorted()).toEqual(['AutomationAssumeRole', 'InstanceId']);
    await stage.goOn();
  });

  it('says that it may have been started when SSM never answers, keeps the target locked and calls a person', async () => {
    await stage.scene(rehearsal);
    const restore = stage.failing(start, () => new AwsError('InternalServerError', 'no answer', 500));
    const outcome = await stage.play(alarm, () => stage.isTelling('PERSON NEEDED'));
    restore();
    const page = outcome.published.find(({ urgency }) => urgency === 'high')?.message ?? '';
    expect(page).toContain('may have been started');
    expect(page).toMatch(/locked for other repairs until \d\d:\d\d:\d\d UTC/);
    expect(page).not.toContain('nothing was changed');
    expect(await stage.leases()).toBe(1);
  });

  it('leaves the repair and its lease alone when somebody starts a second one for another instance', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const restore = await playUntilFull();
    const { machines } = stage.stack.sandbox;
    const { incident } = await stage.outcome();
    await machines.answer({
      service: 'sfn',
      operation: 'StartExecution',
      principal: { kind: 'role', arn: 'arn:aws:iam::123456789012:role/somebody' },
      input: {
        stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:handsoff-remediate',
        name: 'by-hand',
        input: JSON.stringify({
          incident_id: incident.id,
          runbook: 'ec2-status-check-failed',
          target: 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0ffffffffffffffff',
          parameters: { InstanceId: 'i-0ffffffffffffffff' },
        }),
      },
    });
    await stage.goOn(0.01);
    expect((await stage.outcome()).incident.remediation).toBe('running');
    expect(await stage.leases()).toBe(1);
    restore();
    await stage.goOn();
  });
});

describe('ec2-status-check-failed while the repair is under way', () => {
  const stuck = [
    {
      call: 'ec2:DescribeInstanceStatus',
      after: 'ec2:StopInstances',
      output: {
        InstanceStatuses: [{ InstanceId: 'i-0a1b2c3d4e5f60718', InstanceState: { Code: 64, Name: 'stopping' } }],
      },
    },
    {
      call: 'ec2:DescribeInstances',
      after: 'ec2:StopInstances',
      output: {
        Reservations: [{ Instances: [{ InstanceId: 'i-0a1b2c3d4e5f60718', State: { Code: 64, Name: 'stopping' } }] }],
      },
    },
  ];
  const isStopping = () => stage.stack.sandbox.world.calls().some(({ operation }) => operation === 'StopInstances');

  it('does not page that nobody has acknowledged before it has come to its end', async () => {
    await stage.scene(rehearsal, { answers: stuck, happenings: [] });
    const outcome = await stage.play(alarm);
    const end = outcome.kinds.indexOf('automation-failed');
    expect(end).toBeGreaterThan(0);
    expect(outcome.kinds.slice(0, end)).not.toContain('escalated');
    expect(outcome.kinds.slice(end)).toContain('escalated');
    expect(stage.pages(outcome)[0]).toContain('PERSON NEEDED');
  });

  it('calls a person when it fails after somebody resolved the incident', async () => {
    await stage.scene(rehearsal, { answers: stuck, happenings: [] });
    const { incident } = await stage.play(alarm, isStopping);
    await stage.stack.click('resolve', incident.id, 'U0HANDSOFF1');
    const outcome = await stage.goOn();
    const pages = outcome.published.filter(({ urgency }) => urgency === 'high');
    expect(pages.map(({ subject }) => subject)).toEqual([expect.stringContaining('PERSON NEEDED')]);
    expect(pages[0]?.message).toContain('was resolved meanwhile');
    expect(pages[0]?.message).not.toContain('Nothing is left to do');
    expect(await stage.leases()).toBe(0);
  });

  it('stops the automation and says until when the target is locked when it is aborted itself', async () => {
    await stage.scene(rehearsal, { answers: stuck, happenings: [] });
    await stage.play(alarm, isStopping);
    const { machines, systems } = stage.stack.sandbox;
    const remediate = machines
      .executions()
      .findLast(({ machineArn, status }) => machineArn.endsWith('remediate') && status === 'RUNNING');
    const principal = { kind: 'role', arn: 'arn:aws:iam::123456789012:role/operator' } as const;
    const input = { executionArn: remediate?.arn };
    await machines.answer({ service: 'sfn', operation: 'StopExecution', input, principal });
    stage.stack.sandbox.deliver(stage.event('ec2-status-check-ok'));
    const outcome = await stage.goOn(5);
    expect(systems.automationExecutions().filter(({ status }) => status === 'InProgress')).toEqual([]);
    const line = outcome.timeline.find(({ kind }) => kind === 'handsoff-failed')?.text ?? '';
    expect(line).toContain('was stopped half way');
    expect(line).toMatch(/locked for other repairs until \d\d:\d\d:\d\d UTC/);
    expect(outcome.incident.remediation).toBe('failed');
    expect(stage.pages(outcome).filter((page) => page.includes('PERSON NEEDED'))).toHaveLength(1);
    await stage.goOn();
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
