import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfTest, selfTestSeenBy } from '../../functions/domain/self-test.ts';
import { AwsError } from '../../sandbox/aws.ts';
import { Stage } from '../support/stage.ts';

const rehearsal = 'ec2-status-check-failed/rehearsals/restart-recovers';
const alarm = 'ec2-status-check-alarm';
const down = () => new AwsError('InternalServerError', 'down', 500);
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

function told(): string[] {
  return stage.stack.sandbox.topics.published().map(({ subject, message }) => `${subject ?? ''} ${message}`);
}

describe('when Handsoff itself fails, people are still told', () => {
  it('of an alarm that could not be stored, which is kept in quarantine', async () => {
    await stage.scene(rehearsal);
    const restore = stage.failing('dynamodb:GetItem', down);
    stage.stack.sandbox.deliver(stage.event(alarm));
    await stage.stack.sandbox.run();
    restore();
    expect(told().at(-1)).toContain('could not process an event');
    expect(told().at(-1)).toContain('checkout-1 status check');
    const quarantined = stage.stack.sandbox.queues.messages(
      'arn:aws:sqs:eu-central-1:123456789012:handsoff-quarantine',
    );
    expect(quarantined.at(-1)?.body).toContain('checkout-1 status check');
  });

  it('of a poison event, which is kept in quarantine with its reason', async () => {
    await stage.scene(rehearsal);
    const event = stage.event(alarm);
    stage.stack.sandbox.deliver({ ...event, resources: [] });
    await stage.stack.sandbox.run();
    const quarantined = stage.stack.sandbox.queues.messages(
      'arn:aws:sqs:eu-central-1:123456789012:handsoff-quarantine',
    );
    expect(quarantined.at(-1)?.body).toContain('resources.0');
  });

  it('of a response that cannot start', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const restore = stage.failing('sfn:StartExecution', (call) =>
      String(call.input['stateMachineArn']).endsWith('respond') ? down() : undefined,
    );
    stage.stack.sandbox.deliver(stage.event(alarm));
    await stage.stack.sandbox.run();
    restore();
    expect(told().at(-1)).toContain('could not process an event');
  });

  it('of a runbook that fails', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const restore = stage.failing('lambda:Invoke', (call) =>
      /call-person|diagnose/.test(String(call.input['FunctionName'])) && call.principal.arn.includes('Runbooks')
        ? new AwsError('AccessDeniedException', 'no', 403)
        : undefined,
    );
    const outcome = await stage.play(alarm);
    restore();
    expect(outcome.timeline.find(({ kind }) => kind === 'needs-human')?.text).toContain('The runbook itself failed');
    expect(told().some((text) => text.includes('ended FAILED'))).toBe(true);
  });

  it('in chat as before when SNS is down, and by SNS when chat is down', async () => {
    await stage.scene(rehearsal);
    const before = told().length;
    const { slack } = stage.stack;
    slack.failNext('chat.postMessage', 'fatal_error', 50);
    const outcome = await stage.play(alarm);
    expect(outcome.published.map(({ subject }) => subject.split(':')[0])).toEqual([
      '[P1] TRIGGERED',
      '[P1] DIAGNOSED',
      '[P1] RESOLVED',
    ]);
    slack.failNext('chat.postMessage', 'fatal_error', 0);
    await stage.scene(rehearsal);
    const restore = stage.failing('sns:Publish', down);
    const roots = slack.messages().length;
    await stage.play(alarm);
    restore();
    expect(slack.messages().length).toBeGreaterThan(roots);
    expect(told().length).toBe(before + 3);
  });

  it('and nobody is told twice when a batch comes again', async () => {
    await stage.scene(rehearsal);
    let failures = 3;
    const restore = stage.failing('dynamodb:UpdateItem', () => (failures-- > 0 ? down() : undefined));
    const outcome = await stage.play(alarm);
    restore();
    const subjects = outcome.published.map(({ subject }) => subject.split(':')[0]);
    expect(new Set(subjects)).toEqual(new Set(['[P1] TRIGGERED', '[P1] DIAGNOSED', '[P1] RESOLVED']));
    expect(subjects.length).toBeLessThanOrEqual(3 + 3);
  });
});

describe('when nobody ends what waits', () => {
  /** What is written is not heard, for as long as `complete-waits` cannot do its work. */
  const behind = () =>
    stage.failing('sfn:SendTaskSuccess', (call) => (/complete-?waits/i.test(call.principal.arn) ? down() : undefined));

  it('a repair whose alarm fires again has not recovered', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const { sandbox } = stage.stack;
    await stage.play(alarm, () => sandbox.world.calls().some(({ operation }) => operation === 'StartInstances'));
    await stage.goOn(1);
    sandbox.deliver(stage.event('ec2-status-check-ok'));
    await stage.goOn(0.5);
    const restore = behind();
    sandbox.deliver(stage.event(alarm));
    const outcome = await stage.goOn(30);
    restore();
    expect(outcome.kinds.filter((kind) => ['relapsed', 'not-helped', 'resolved'].includes(kind))).toEqual([
      'relapsed',
      'not-helped',
    ]);
    expect(outcome.incident).toMatchObject({ status: 'triggered', symptom: 'firing', remediation: 'not-helped' });
    expect(stage.pages(outcome)[0]).toContain('PERSON NEEDED');
  });

  it('a repair that recovered is not taken back', async () => {
    await stage.scene('disk-space-low/rehearsals/compress-recovers', { happenings: [] }, 49);
    const { sandbox } = stage.stack;
    const question = await stage.playToQuestion('disk-space-low-alarm');
    await stage.stack.click('approve', question, 'U0HANDSOFF1');
    await stage.goOn(2);
    const restore = behind();
    sandbox.deliver(stage.event('disk-space-low-ok'));
    await stage.goOn(18);
    restore();
    const { kinds, incident } = await stage.goOn(60);
    expect(kinds).not.toContain('undone');
    expect(incident).toMatchObject({ status: 'resolved', remediation: 'recovered' });
  });
});

it('a repair that was stopped is told in words, and by what it ended', async () => {
  await stage.scene(rehearsal, { happenings: [] });
  const { sandbox } = stage.stack;
  await stage.play(alarm, () => sandbox.world.calls().some(({ operation }) => operation === 'StartInstances'));
  const running = sandbox.machines
    .executions()
    .find((one) => one.machineArn.endsWith('remediate') && one.status === 'RUNNING');
  await sandbox.machines.answer({
    service: 'sfn',
    operation: 'StopExecution',
    input: { executionArn: running?.arn },
    principal: { kind: 'role', arn: 'arn:aws:iam::123456789012:role/operator' },
  });
  const { timeline } = await stage.goOn(30);
  expect(timeline.find(({ kind, by }) => kind === 'needs-human' && by.startsWith('runbook:'))?.text).toMatch(
    /The remediation did not finish: its execution ended ABORTED\.$/,
  );
});

describe('the alert that Handsoff sends itself', () => {
  /** How often a function counted its metric so far. */
  const countedBy = (name: string, metric: string) =>
    stage.stack.sandbox.functions
      .logs()
      .filter(({ functionName }) => functionName === `handsoff-${name}`)
      .filter(({ message }) => message.includes('"_aws"') && message.includes(`"Name":"${metric}"`)).length;
  const counted = () => countedBy('triage-alert', selfTest.reason);
  const readers = ['tell-people', 'complete-waits'] as const;
  const seen = () => readers.map((reader) => countedBy(reader, selfTestSeenBy(reader)));

  it('is triaged and counted each time, comes to both readers of the table, and is neither told nor an incident, nor a Standard execution', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const { sandbox } = stage.stack;
    const before = {
      told: told().length,
      counted: counted(),
      seen: seen(),
      incidents: (await stage.stack.incidents()).length,
      executions: sandbox.machines.executions().length,
    };
    const endSchedules = sandbox.events.startSchedules();
    await stage.run(undefined, new Date(sandbox.clock.now() + 2 * selfTest.everyMinutes * 60_000 + 1000));
    endSchedules();
    const started = sandbox.machines.executions().slice(before.executions);
    expect(started.map(({ machineArn, status }) => [machineArn.split(':').at(-1), status])).toEqual([
      ['handsoff-intake', 'SUCCEEDED'],
      ['handsoff-intake', 'SUCCEEDED'],
    ]);
    expect(counted() - before.counted).toBe(2);
    expect(seen()).toEqual(before.seen.map((count) => count + 2));
    expect(told().length).toBe(before.told);
    expect(await stage.stack.incidents()).toHaveLength(before.incidents);
  });

  it('is not counted where the table cannot be written', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const { sandbox } = stage.stack;
    const before = counted();
    const restore = stage.failing('dynamodb:TransactWriteItems', down);
    const endSchedules = sandbox.events.startSchedules();
    await stage.run(undefined, new Date(sandbox.clock.now() + (selfTest.everyMinutes + 5) * 60_000));
    endSchedules();
    restore();
    expect(counted()).toBe(before);
    expect(told().at(-1)).toContain('could not process an event');
  });
});
