import { integrationKeyOf } from '../../rehearsal/local-stack.ts';
import { selfTest } from '../../functions/domain/self-test.ts';
import { awsEventKinds } from '../../infra/event-patterns.ts';
import { AwsError } from '../../sandbox/aws.ts';
import type { RoutedCall } from '../../sandbox/router.ts';
import { happeningIn, type Stage } from './stage.ts';

/** One whole story on the deployed stack, told for the grants that it needs. */
export interface Play {
  readonly name: string;
  readonly perform: (stage: Stage) => Promise<void>;
}

const ec2 = 'ec2-status-check-failed/rehearsals/restart-recovers';
const disk = 'disk-space-low/rehearsals/compress-recovers';
const approver = 'U0HANDSOFF1';
const instance = 'i-0a1b2c3d4e5f60718';
const nothing = { MetricDataResults: [{ Id: 'm1', Values: [1, 2] }] };
const changed = {
  call: 'cloudtrail:LookupEvents',
  output: { Events: [{ EventName: 'StopInstances', Username: 'kim', ReadOnly: 'false' }] },
};

const down = new AwsError('InternalServerError', 'down', 500);
const gone = new AwsError('ResourceNotFoundException', 'not there', 404);
const busy = new AwsError('TooManyRequestsException', 'busy', 429);

/** Fails a call that `isMeant` by whoever makes it and what it is about, so many times. */
function fail(
  stage: Stage,
  name: string,
  error: AwsError,
  isMeant: (about: string) => boolean,
  times = Number.POSITIVE_INFINITY,
): () => void {
  let left = times;
  return stage.failing(name, (call) =>
    isMeant(`${call.principal.arn} ${JSON.stringify(call.input)}`) && left-- > 0 ? error : undefined,
  );
}

function untilBusy(stage: Stage): () => boolean {
  const { router } = stage.stack.sandbox;
  const before = router.calls().length;
  return () =>
    router
      .calls()
      .slice(before)
      .some(({ error }) => error === 'TooManyRequestsException');
}

/** Stops the newest response as somebody in the console would; what it started has to stop with it. */
async function stopResponse(stage: Stage): Promise<void> {
  const { machines } = stage.stack.sandbox;
  const running = machines
    .executions()
    .findLast(({ machineArn, status }) => machineArn.endsWith('handsoff-respond') && status === 'RUNNING');
  if (!running) return;
  const principal = { kind: 'role', arn: 'arn:aws:iam::123456789012:role/operator' } as const;
  await machines.answer({
    service: 'sfn',
    operation: 'StopExecution',
    input: { executionArn: running.arn },
    principal,
  });
  await stage.run(undefined, new Date(stage.stack.sandbox.clock.now() + 60_000));
}

/** The stories; the cheapest that needs a grant is played without it. */
export const plays: readonly Play[] = [
  {
    name: 'an instance is repaired',
    async perform(stage) {
      await stage.scene(ec2);
      await stage.play('ec2-status-check-alarm');
    },
  },
  {
    name: 'an alarm has no runbook of its own',
    async perform(stage) {
      await stage.scene(ec2, { answers: [{ call: 'cloudwatch:GetMetricData', output: nothing }] });
      await stage.play('ec2-status-check-alarm', undefined, (detail) => {
        for (const { metricStat } of detail.configuration.metrics)
          if (metricStat) Object.assign(metricStat.metric, { name: 'CPUUtilization' });
      });
    },
  },
  {
    name: 'a repair is refused by the runbook, and a person resolves',
    async perform(stage) {
      await stage.scene(ec2, { answers: [changed] });
      await stage.play(
        'ec2-status-check-alarm',
        () => stage.stack.sandbox.topics.published().at(-1)?.subject?.includes('PERSON NEEDED') ?? false,
      );
      const { incident } = await stage.outcome();
      await stage.stack.click('acknowledge', incident.id, approver);
      await stage.goOn(1);
      await stage.stack.click('resolve', incident.id, approver);
      await stage.goOn();
    },
  },
  {
    name: 'logs are compressed, which does not help, and restored',
    async perform(stage) {
      await stage.scene(disk, { happenings: [] });
      await stage.stack.click('approve', await stage.playToQuestion('disk-space-low-alarm'), approver);
      await stage.goOn();
    },
  },
  {
    name: 'an approver refuses',
    async perform(stage) {
      await stage.scene(disk, { happenings: [] });
      await stage.stack.click('refuse', await stage.playToQuestion('disk-space-low-alarm'), approver);
      await stage.goOn();
    },
  },
  {
    name: 'the disk could not be diagnosed',
    async perform(stage) {
      await stage.scene(disk, { happenings: [] });
      const restore = fail(stage, 'lambda:Invoke', gone, (about) => about.includes('handsoff-diagnose'));
      await stage.play('disk-space-low-alarm');
      restore();
    },
  },
  {
    name: 'a person resolves while an approver is being asked',
    async perform(stage) {
      await stage.scene(disk, { happenings: [] });
      const isAsked = (about: string) => about.includes('handsoff-await-signal') && about.includes('approval');
      const restore = fail(stage, 'lambda:Invoke', busy, isAsked, 1);
      await stage.play('disk-space-low-alarm', untilBusy(stage));
      const { incident } = await stage.outcome();
      await stage.stack.click('resolve', incident.id, approver);
      await stage.goOn();
      restore();
    },
  },
  {
    name: 'the alarm recovers before the repair has ended',
    async perform(stage) {
      const stopping = [{ InstanceId: 'i-0a1b2c3d4e5f60718', InstanceState: { Code: 64, Name: 'stopping' } }];
      const slowly = {
        call: 'ec2:DescribeInstanceStatus',
        after: 'ec2:StopInstances',
        times: 3,
        output: { InstanceStatuses: stopping },
      };
      const happenings = [{ when: { call: 'ec2:StopInstances' }, after: '1s', ...happeningIn(ec2) }];
      await stage.scene(ec2, { answers: [slowly], happenings });
      await stage.play('ec2-status-check-alarm');
    },
  },
  {
    name: 'a repair never ends',
    async perform(stage) {
      const stuck = [
        {
          InstanceId: 'i-0a1b2c3d4e5f60718',
          InstanceState: { Code: 16, Name: 'running' },
          InstanceStatus: { Status: 'impaired' },
          SystemStatus: { Status: 'ok' },
        },
      ];
      const answers = [{ call: 'ec2:DescribeInstanceStatus', output: { InstanceStatuses: stuck } }];
      await stage.scene(ec2, { answers, happenings: [] });
      await stage.play('ec2-status-check-alarm');
    },
  },
  {
    name: 'a repair is started, and noted only after it has ended',
    async perform(stage) {
      await stage.scene(ec2);
      const isItsNote = (about: string) => about.includes('startautomation') && about.includes('AUTOMATION#');
      const restore = fail(stage, 'dynamodb:PutItem', down, isItsNote, 14);
      await stage.play('ec2-status-check-alarm');
      restore();
    },
  },
  {
    name: 'a repair is not started, because SSM is at its limit',
    async perform(stage) {
      await stage.scene(ec2);
      const full = new AwsError('AutomationExecutionLimitExceededException', 'The limit is reached.');
      const restore = fail(stage, 'ssm:StartAutomationExecution', full, () => true, 1);
      await stage.play('ec2-status-check-alarm');
      restore();
    },
  },
  {
    name: 'an operator stops a response during its repair',
    async perform(stage) {
      const InstanceState = { Code: 64, Name: 'stopping' };
      const status = { InstanceStatuses: [{ InstanceId: instance, InstanceState }] };
      const described = { Reservations: [{ Instances: [{ InstanceId: instance, State: InstanceState }] }] };
      const answers = [
        { call: 'ec2:DescribeInstanceStatus', after: 'ec2:StopInstances', output: status },
        { call: 'ec2:DescribeInstances', after: 'ec2:StopInstances', output: described },
      ];
      await stage.scene(ec2, { answers, happenings: [] });
      await stage.play('ec2-status-check-alarm', () =>
        stage.stack.sandbox.world.calls().some(({ operation }) => operation === 'StopInstances'),
      );
      await stopResponse(stage);
    },
  },
  {
    name: 'an operator stops a response during its question',
    async perform(stage) {
      await stage.scene(disk, { happenings: [] });
      await stage.playToQuestion('disk-space-low-alarm');
      await stopResponse(stage);
    },
  },
  {
    name: 'an operator stops a response during its diagnosis',
    async perform(stage) {
      await stage.scene(ec2);
      const restore = fail(stage, 'lambda:Invoke', busy, (about) => about.includes('handsoff-diagnose'));
      await stage.play('ec2-status-check-alarm', untilBusy(stage), (detail) => {
        for (const { metricStat } of detail.configuration.metrics)
          if (metricStat) Object.assign(metricStat.metric, { name: 'CPUUtilization' });
      });
      await stopResponse(stage);
      restore();
    },
  },
  {
    name: 'the table is down',
    async perform(stage) {
      await stage.scene(ec2);
      const restore = fail(stage, 'dynamodb:GetItem', down, () => true);
      stage.stack.sandbox.deliver(stage.event('ec2-status-check-alarm'));
      await stage.run();
      restore();
    },
  },
  {
    name: 'the runbook fails, and its failure cannot be recorded',
    async perform(stage) {
      await stage.scene(ec2);
      const restore = fail(stage, 'lambda:Invoke', gone, (about) => /handsoff-(diagnose|call-person)/.test(about));
      await stage.play('ec2-status-check-alarm');
      restore();
    },
  },
  {
    name: 'the runbook fails, which is recorded',
    async perform(stage) {
      await stage.scene(ec2);
      const restore = fail(
        stage,
        'lambda:Invoke',
        gone,
        (about) => about.includes('Runbooks') && /handsoff-(diagnose|call-person)/.test(about),
      );
      await stage.play('ec2-status-check-alarm');
      restore();
    },
  },
  {
    name: 'an aborted response cannot be noted',
    async perform(stage) {
      await stage.scene(disk, { happenings: [] });
      const restore = fail(stage, 'dynamodb:GetItem', down, (about) => about.includes('reportfailed'));
      await stage.playToQuestion('disk-space-low-alarm');
      await stopResponse(stage);
      await stage.goOn(30);
      restore();
    },
  },
  {
    name: 'nothing can be delivered by any rule',
    async perform(stage) {
      await stage.scene(ec2);
      const { sandbox } = stage.stack;
      const restores = [
        fail(stage, 'sfn:StartExecution', gone, (about) => about.includes('StartIntake')),
        fail(stage, 'lambda:Invoke', gone, (about) => about.startsWith('events.amazonaws.com')),
        fail(stage, 'sns:Publish', gone, (about) => about.startsWith('events.amazonaws.com')),
        fail(stage, 'sqs:SendMessage', gone, (about) => about.includes('handsoff-quarantine')),
      ];
      for (const bus of ['default', 'handsoff']) {
        for (const fixture of ['ec2-status-check-alarm', 'alarm-deleted']) sandbox.deliver(stage.event(fixture), bus);
      }
      for (const { pattern } of awsEventKinds) {
        const [source, type] = [pattern.source[0], pattern.detailType[0]];
        sandbox.deliver({ source, 'detail-type': type, resources: [], detail: { lastStatus: 'STOPPED' } });
      }
      const ofHandsoff = [
        { source: 'handsoff.alertmanager', 'detail-type': 'Alert Received' },
        { source: 'handsoff.alertmanager', 'detail-type': 'Alert Quarantined' },
        { source: 'handsoff.hold', 'detail-type': 'Alert Released' },
      ];
      for (const kind of ofHandsoff) sandbox.deliver({ ...kind, resources: [], detail: {} }, 'handsoff');
      const fromSsm = { source: 'aws.ssm', resources: [] };
      sandbox.deliver({
        ...fromSsm,
        'detail-type': 'EC2 Automation Execution Status-change Notification',
        detail: { Status: 'Success', ExecutionId: 'x' },
      });
      const command = { status: 'Success', 'document-name': 'handsoff-x', 'command-id': 'x', 'instance-id': 'i-x' };
      sandbox.deliver({
        ...fromSsm,
        'detail-type': 'EC2 Command Invocation Status-change Notification',
        detail: command,
      });
      for (const machine of ['respond', 'remediate']) {
        const stateMachineArn = `arn:aws:states:eu-central-1:123456789012:stateMachine:handsoff-${machine}`;
        sandbox.deliver({
          source: 'aws.states',
          resources: [],
          'detail-type': 'Step Functions Execution Status Change',
          detail: { status: 'FAILED', stateMachineArn, name: 'x', executionArn: 'x' },
        });
      }
      const endSchedules = sandbox.events.startSchedules();
      await stage.run(undefined, new Date(sandbox.clock.now() + selfTest.everyMinutes * 60_000));
      endSchedules();
      await stage.run();
      for (const restore of restores) restore();
    },
  },
  {
    name: 'the readers of the table fail for more than an hour',
    async perform(stage) {
      await stage.scene(ec2, { answers: [changed] });
      const restores = [
        fail(stage, 'dynamodb:Query', down, (about) => about.includes('tellpeople')),
        fail(stage, 'dynamodb:BatchGetItem', down, (about) => about.includes('completewaits')),
      ];
      const { router } = stage.stack.sandbox;
      const before = router.calls().length;
      const isCalled = ({ input }: RoutedCall) => String(input['FunctionName']).endsWith('call-person');
      await stage.play('ec2-status-check-alarm', () => router.calls().slice(before).some(isCalled));
      stage.stack.sandbox.deliver(stage.event('ec2-status-check-ok'));
      await stage.goOn();
      for (const restore of restores) restore();
    },
  },
  {
    name: 'a storm comes and goes',
    async perform(stage) {
      await stage.scene(ec2, { happenings: [] });
      const names = Array.from({ length: 8 }, (_, number) => `storm-${number}`);
      for (const state of ['alarm', 'ok']) {
        for (const name of names) {
          const event = stage.event(`ec2-status-check-${state}`, (detail) =>
            Object.assign(detail, { alarmName: name }),
          );
          const resources = [`arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`];
          stage.stack.sandbox.deliver({ ...event, resources });
        }
        await stage.goOn(5);
      }
      await stage.goOn();
    },
  },
  {
    name: 'an alarm flaps, and what waits for it waits longer than the queue can hold a message',
    async perform(stage) {
      await stage.scene(ec2, { answers: [changed] });
      for (let flap = 0; flap < 5; flap++) {
        for (const state of ['alarm', 'ok']) {
          stage.stack.sandbox.deliver(stage.event(`ec2-status-check-${state}`));
          await stage.goOn(0.1);
        }
      }
      await stage.goOn(30);
    },
  },
  {
    name: 'tools send alerts over HTTP',
    async perform(stage) {
      await stage.scene(ec2);
      const payload = { summary: 'down', source: 'web-1', severity: 'error' };
      const routing_key = integrationKeyOf('pagerduty');
      await stage.stack.post('/v2/enqueue', { routing_key, event_action: 'trigger', dedup_key: 'k', payload });
      await stage.stack.post('/v2/change/enqueue', { routing_key, payload });
      const authorization = `Bearer ${integrationKeyOf('alertmanager')}`;
      await stage.stack.post('/integrations/alertmanager', 'not JSON', { authorization });
      await stage.stack.postSigned('grafana', { alerts: [] });
      await stage.goOn();
    },
  },
  {
    name: 'a trouble gets worse before anybody has acknowledged it',
    async perform(stage) {
      await stage.scene(ec2);
      const routing_key = integrationKeyOf('pagerduty');
      for (const severity of ['warning', 'critical']) {
        const payload = { summary: 'the disk fills', source: 'db-1', severity };
        await stage.stack.post('/v2/enqueue', { routing_key, event_action: 'trigger', dedup_key: 'disk', payload });
        await stage.goOn(5);
      }
      await stage.goOn();
    },
  },
  {
    name: 'an alarm on Handsoff itself goes off',
    async perform(stage) {
      const { router } = stage.stack.sandbox;
      const sourceArn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:handsoff-dead-letters-received';
      const principal = { kind: 'service', arn: 'cloudwatch.amazonaws.com', sourceArn } as const;
      for (const urgency of ['high', 'low']) {
        const TopicArn = `arn:aws:sns:eu-central-1:123456789012:handsoff-${urgency}-urgency`;
        const input = { TopicArn, Message: 'ALARM' };
        await router.call({ service: 'sns', operation: 'Publish', input, principal }).catch(() => undefined);
      }
    },
  },
];
