import { describe, expect, it } from 'vitest';
import type { AwsCall } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { parseWorld, World, type WorldEvent, type WorldOptions } from '../../../sandbox/world/world.ts';

const START_MS = Date.parse('2026-11-23T07:00:00.000Z');
const PRINCIPAL = { kind: 'role', arn: 'arn:aws:iam::123456789012:role/runbook' } as const;

function aCall(name: string, input: Record<string, unknown> = {}): AwsCall {
  const [service = '', operation = ''] = name.split(':');
  return { service, operation, input, principal: PRINCIPAL };
}

function aWorld(description: unknown, options: WorldOptions = {}) {
  const clock = new VirtualClock(START_MS);
  const events: WorldEvent[] = [];
  const deliver = (event: WorldEvent) => {
    events.push({ ...event, deliveredAtS: (clock.now() - START_MS) / 1000 });
  };
  const faults: Error[] = [];
  const onFault = (fault: Error) => faults.push(fault);
  return { world: new World(parseWorld(description), { clock, deliver, onFault, ...options }), clock, events, faults };
}

describe('World, resources', () => {
  it('knows the tags and keys of the resources it describes, in its own account and Region, and none of others', () => {
    const arn = 'arn:aws:ec2:{{region}}:{{account}}:instance/i-1';
    const key = 'arn:aws:kms:{{region}}:{{account}}:key/a';
    const { world } = aWorld({ resources: [{ arn, tags: { a: 'b' }, keys: [key] }] }, { region: 'eu-central-1' });
    const own = 'arn:aws:ec2:eu-central-1:123456789012:instance/i-1';
    expect([world.tagsOf(own), world.keysOf(own)]).toEqual([
      { a: 'b' },
      ['arn:aws:kms:eu-central-1:123456789012:key/a'],
    ]);
    expect([world.tagsOf(`${own}2`), world.keysOf(`${own}2`)]).toEqual([{}, []]);
  });

  it('knows an Auto Scaling group by its name, whatever id AWS gave it', () => {
    const place = 'arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup';
    const { world } = aWorld({
      resources: [{ arn: `${place}:1b2c:autoScalingGroupName/web`, tags: { handsoff: 'act' } }],
    });
    expect(world.tagsOf(`${place}:*:autoScalingGroupName/web`)).toEqual({ handsoff: 'act' });
    expect(world.tagsOf(`${place}:*:autoScalingGroupName/we`)).toEqual({});
  });
});

describe('World, answers', () => {
  it('gives the first answer whose call and input match', async () => {
    const { world } = aWorld({
      answers: [
        { call: 'ec2:DescribeInstances', input: { InstanceIds: ['i-1'] }, output: { Reservations: [1] } },
        { call: 'ec2:DescribeInstances', output: { Reservations: [] } },
      ],
    });
    expect(await world.answer(aCall('ec2:DescribeInstances', { InstanceIds: ['i-0', 'i-1'] }))).toEqual({
      Reservations: [1],
    });
    expect(await world.answer(aCall('ec2:DescribeInstances', { InstanceIds: ['i-2'] }))).toEqual({ Reservations: [] });
  });

  it('uses an answer up after its times, then gives the next', async () => {
    const call = 'cloudwatch:DescribeAlarms';
    const { world } = aWorld({
      answers: [
        { call, times: 2, output: { state: 'ALARM' } },
        { call, output: { state: 'OK' } },
      ],
    });
    const states = [];
    for (let n = 0; n < 3; n += 1) states.push((await world.answer(aCall(call)))['state']);
    expect(states).toEqual(['ALARM', 'ALARM', 'OK']);
  });

  it('gives an answer only after the calls it waits for have succeeded', async () => {
    const { world } = aWorld({
      answers: [
        {
          call: 'ec2:DescribeInstances',
          after: ['ec2:StopInstances', 'ec2:StartInstances'],
          output: { state: 'running' },
        },
        { call: 'ec2:DescribeInstances', output: { state: 'impaired' } },
        { call: 'ec2:StopInstances', times: 1, error: { code: 'IncorrectInstanceState', message: 'not now' } },
        { call: 'ec2:StopInstances', output: {} },
      ],
    });
    const stateOf = async () => (await world.answer(aCall('ec2:DescribeInstances')))['state'];
    world.observe(aCall('ec2:StartInstances'), true);
    await expect(world.answer(aCall('ec2:StopInstances'))).rejects.toThrow('not now');
    expect(await stateOf()).toBe('impaired');
    await world.answer(aCall('ec2:StopInstances'));
    expect(await stateOf()).toBe('running');
  });

  it('throws the AWS error that an answer describes', async () => {
    const { world } = aWorld({
      answers: [
        {
          call: 'ec2:StopInstances',
          error: { code: 'ThrottlingException', message: 'Rate {{region}}', statusCode: 429 },
        },
      ],
    });
    await expect(world.answer(aCall('ec2:StopInstances'))).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate us-east-1',
      statusCode: 429,
    });
    expect(world.calls()[0]?.outcome).toEqual({
      kind: 'error',
      name: 'ThrottlingException',
      message: 'Rate us-east-1',
    });
  });

  it('gives a function error of a function outside, and payloads as base64', async () => {
    const { world } = aWorld({
      answers: [
        {
          call: 'lambda:Invoke',
          input: { FunctionName: ['a'] },
          error: { errorType: 'TypeError', errorMessage: 'no' },
        },
        { call: 'lambda:Invoke', output: { Payload: { n: 1 } } },
      ],
    });
    const failed = await world.answer(aCall('lambda:Invoke', { FunctionName: 'a' }));
    expect(failed).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(Buffer.from(String(failed['Payload']), 'base64').toString()).toBe(
      '{"errorType":"TypeError","errorMessage":"no"}',
    );
    const output = await world.answer(aCall('lambda:Invoke', { FunctionName: 'b' }));
    expect(output).toEqual({ StatusCode: 200, Payload: Buffer.from('{"n":1}').toString('base64') });
  });

  it('matches the payload of an invocation as JSON', async () => {
    const { world } = aWorld({
      answers: [{ call: 'lambda:Invoke', input: { Payload: { n: [1] } }, output: { Payload: '{{input.Payload.n}}' } }],
    });
    const Payload = Buffer.from('{"n":1}').toString('base64');
    const output = await world.answer(aCall('lambda:Invoke', { FunctionName: 'a', Payload }));
    expect(Buffer.from(String(output['Payload']), 'base64').toString()).toBe('1');
    await expect(world.answer(aCall('lambda:Invoke', { Payload: 'e3s=' }))).rejects.toMatchObject({
      name: 'UndescribedCallError',
    });
  });

  it('fails loudly for a call that it does not describe, tells of it and remembers it', async () => {
    const { world, faults } = aWorld({ answers: [] });
    const message = 'The world does not describe ec2:DescribeInstances {"InstanceIds":["i-1"]}; add an answer for it.';
    await expect(world.answer(aCall('ec2:DescribeInstances', { InstanceIds: ['i-1'] }))).rejects.toMatchObject({
      name: 'UndescribedCallError',
      message,
    });
    expect(faults).toMatchObject([{ message }]);
    expect(world.calls()).toEqual([
      {
        at: START_MS,
        service: 'ec2',
        operation: 'DescribeInstances',
        input: { InstanceIds: ['i-1'] },
        principal: PRINCIPAL,
        outcome: { kind: 'undescribed' },
      },
    ]);
  });

  it('fills templates from the call, the time and the place', async () => {
    const output = {
      ids: '{{input.InstanceIds}}',
      first: '{{ input.InstanceIds[0] }}',
      text: '{{input.InstanceIds[1]}} in {{region}} of {{account}}',
      count: '{{input.MaxResults}}',
      times: ['{{now}}', '{{now-5m}}', '{{now+90s}}'],
    };
    const { world } = aWorld({ answers: [{ call: 'ec2:DescribeInstances', output }] }, { region: 'eu-central-1' });
    const input = { InstanceIds: ['i-1', 'i-2'], MaxResults: 5 };
    expect(await world.answer(aCall('ec2:DescribeInstances', input))).toEqual({
      ids: ['i-1', 'i-2'],
      first: 'i-1',
      text: 'i-2 in eu-central-1 of 123456789012',
      count: 5,
      times: ['2026-11-23T07:00:00.000Z', '2026-11-23T06:55:00.000Z', '2026-11-23T07:01:30.000Z'],
    });
  });

  it('fails when a template asks for something the input does not have', async () => {
    const { world } = aWorld({
      answers: [{ call: 'ec2:DescribeInstances', output: { id: '{{input.InstanceIds[0]}}' } }],
    });
    await expect(world.answer(aCall('ec2:DescribeInstances'))).rejects.toMatchObject({ name: 'WorldTemplateError' });
  });
});

describe('World, commands', () => {
  const description = {
    commands: [
      { document: 'AWS-Run*', instance: 'i-1', times: 1, stdout: '91% /var', lasts: '4s' },
      { instance: 'i-1', parameters: { commands: [{ prefix: 'df' }] }, stdout: '40% /var' },
      { instance: 'i-2', exitCode: 3, stderr: 'no disk on {{input.instanceId}}' },
      { instance: 'i-3', status: 'TimedOut' },
    ],
  };

  it('gives what the described shell gives, in order', async () => {
    const { world } = aWorld(description);
    const request = { documentName: 'AWS-RunShellScript', instanceId: 'i-1', parameters: { commands: ['df -h'] } };
    expect(await world.commandResult(request)).toEqual({
      status: 'Success',
      exitCode: 0,
      stdout: '91% /var',
      stderr: '',
      lastsMs: 4000,
    });
    expect(await world.commandResult(request)).toMatchObject({ stdout: '40% /var', lastsMs: 0 });
    expect(world.commands()).toHaveLength(2);
  });

  it.each([
    ['i-2', { status: 'Failed', exitCode: 3, stderr: 'no disk on i-2' }],
    ['i-3', { status: 'TimedOut', exitCode: -1 }],
  ])('gives %s the status that goes with its exit code', async (instanceId, expected) => {
    const { world } = aWorld(description);
    expect(await world.commandResult({ documentName: 'x', instanceId })).toMatchObject(expected);
  });

  it('fails loudly for a command that it does not describe, and tells of it', async () => {
    const { world, faults } = aWorld(description);
    await expect(world.commandResult({ documentName: 'x', instanceId: 'i-9' })).rejects.toThrow(
      /^The world does not describe the command x on i-9/,
    );
    expect(faults).toMatchObject([{ message: expect.stringContaining('the command x on i-9') }]);
  });
});

describe('World, recall', () => {
  const event = { source: 'a', 'detail-type': 'b' };
  const description = {
    answers: [
      { call: 'a:One', times: 1, output: { first: true } },
      { call: 'a:One', after: 'sfn:StartExecution', output: { started: true } },
      { call: 'a:One', output: { first: false } },
    ],
    happenings: [
      { at: '30s', event: { ...event, detail: { is: 'over' } } },
      { at: '90s', event: { ...event, detail: { is: 'to come' } } },
      { when: { call: 'a:One' }, after: '60s', event: { ...event, detail: { is: 'on its way' } } },
    ],
  };

  it('gives what another would give after the same calls, and lets happen what has not happened since', async () => {
    const one = aWorld(description);
    one.world.start();
    await one.clock.run(undefined, START_MS + 20_000);
    expect(await one.world.answer(aCall('a:One'))).toEqual({ first: true });
    one.world.observe(aCall('sfn:StartExecution'), true);
    await one.clock.run(undefined, START_MS + 40_000);
    const other = aWorld(description);
    other.world.start(40_000);
    other.world.recall(one.world.remembered(), one.clock.now());
    expect(await other.world.answer(aCall('a:One'))).toEqual({ started: true });
    await Promise.all([one.clock.run(), other.clock.run()]);
    const soon = (events: readonly WorldEvent[], sinceS: number) =>
      events.map(({ detail, deliveredAtS }) => [Object(detail).is, Number(deliveredAtS) - sinceS]);
    expect(soon(one.events, 40)).toEqual([['over', -10], ...soon(other.events, 0)]);
    expect(soon(other.events, 0)).toEqual([
      ['on its way', 40],
      ['to come', 50],
    ]);
  });
});

describe('World, happenings', () => {
  const event = { source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', detail: { at: '{{now}}' } };

  it('emits events some time after the start, complete as AWS emits them', async () => {
    const { world, clock, events } = aWorld({ happenings: [{ when: 'start', after: '60s', event }] });
    world.start();
    world.start();
    await clock.run();
    expect(events).toEqual([
      {
        version: '0',
        id: '00000000-0000-4000-8000-000000000001',
        account: '123456789012',
        region: 'us-east-1',
        time: '2026-11-23T07:01:00Z',
        resources: [],
        ...event,
        detail: { at: '2026-11-23T07:01:00.000Z' },
        deliveredAtS: 60,
      },
    ]);
  });

  it.each([
    ['at a time', { at: '5m' }, [300]],
    [
      'when a call is made, whatever its answer',
      { when: { call: 'ec2:StartInstances' }, after: '10s', times: 2 },
      [10, 10],
    ],
    ['when a call is answered', { when: { answered: 'ec2:StartInstances' }, after: '10s' }, [10]],
    ['once unless told otherwise', { when: { call: 'ec2:StartInstances' } }, [0]],
  ])('emits events %s', async (_what, moment, deliveredAtS) => {
    const { world, clock, events } = aWorld({
      answers: [
        { call: 'ec2:StartInstances', times: 1, error: { code: 'Throttled', message: 'slow' } },
        { call: 'ec2:StartInstances', output: {} },
      ],
      happenings: [{ ...moment, event }],
    });
    world.start();
    await expect(world.answer(aCall('ec2:StartInstances'))).rejects.toThrow('slow');
    await world.answer(aCall('ec2:StartInstances'));
    await clock.run();
    expect(events.map((delivered) => delivered['deliveredAtS'])).toEqual(deliveredAtS);
  });

  it('keeps an event for later that may not come about when its call is made, and drops one that may not at its time', async () => {
    let mayHappen = false;
    const { world, clock, events } = aWorld(
      {
        answers: [{ call: 'ec2:StartInstances', output: {} }],
        happenings: [
          { when: { call: 'ec2:StartInstances' }, after: '10s', event },
          { at: '5s', event },
        ],
      },
      { mayHappen: () => mayHappen },
    );
    world.start();
    await world.answer(aCall('ec2:StartInstances'));
    await clock.run();
    expect(events).toEqual([]);
    mayHappen = true;
    await world.answer(aCall('ec2:StartInstances'));
    await clock.run();
    expect(events.map((delivered) => delivered['deliveredAtS'])).toEqual([15]);
  });

  it('reads an event from a file beside the world', async () => {
    const { world, clock, events } = aWorld(
      { happenings: [{ at: '1s', eventFile: 'an-event.json' }] },
      { directory: import.meta.dirname },
    );
    world.start();
    await clock.run();
    expect(events).toMatchObject([{ source: 'aws.health', detail: { service: 'EC2' } }]);
  });

  it('tells of the fault when an event cannot be delivered', async () => {
    const deliver = () => Promise.reject(new Error('bus is gone'));
    const { world, clock, faults } = aWorld({ happenings: [{ at: '1s', event }] }, { deliver });
    world.start();
    await clock.run();
    expect(faults.map((fault) => fault.message)).toEqual([expect.stringContaining('bus is gone')]);
  });

  it('refuses to be without a clock', () => {
    expect(() => new World(parseWorld({ happenings: [{ at: '1s', event }] }))).toThrow('clock');
  });
});
