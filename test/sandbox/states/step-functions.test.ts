import { describe as group, expect, it } from 'vitest';
import { AwsError } from '../../../sandbox/aws.ts';
import type { EventEnvelope } from '../../../sandbox/events/bus-event.ts';
import { aService, describe, jsonata, machineArn, ROLE, typesOf } from './machines.ts';

const end = { Type: 'Pass', End: true };
const pass = jsonata({ A: { ...end, Output: '{% {"got": $states.input} %}' } });
const sleeps = (Seconds: number) => jsonata({ A: { Type: 'Wait', Seconds, End: true } });
const waits = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: { QueueUrl: 'q', MessageBody: { token: '{% $states.context.Task.Token %}' } },
  End: true,
  ...more,
});
const executionArn = (name: string, machine = 'machine') =>
  `${machineArn(machine).replace(':stateMachine:', ':execution:')}:${name}`;

/** A service whose machine waits for a token, and the tokens it was given. */
function waitingService(task: object, more: object = {}) {
  const tokens: string[] = [];
  const states = 'Catch' in task ? { A: task, B: end } : { A: task };
  const given = aService([{ definition: jsonata(states, 'A', more) }], async ({ input }) => {
    const body: unknown = JSON.parse(String(input['MessageBody']));
    if (typeof body === 'object' && body !== null && 'token' in body) tokens.push(String(body.token));
    return { MessageId: '1' };
  });
  return { ...given, tokens };
}

group('abandon', () => {
  it('forgets every execution, and lets the next story wait as long between its tries', async () => {
    const retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 100, MaxAttempts: 3, JitterStrategy: 'FULL' }];
    const { start, clock, service } = aService([{ definition: jsonata({ A: waits({ Retry: retry }) }) }], async () => {
      throw new AwsError('Boom', 'It does not work.');
    });
    const secondsOf = async () => {
      const began = clock.now();
      await start({}, 'one');
      await clock.run();
      service.abandon();
      return (clock.now() - began) / 1000;
    };
    const first = await secondsOf();
    expect(first).toBeGreaterThan(0);
    expect(await secondsOf()).toBe(first);
    expect(service.executions()).toEqual([]);
  });
});

group('beginAt', () => {
  const task = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage' };
  const states = {
    A: { Type: 'Pass', Assign: { seen: '{% $states.input.n %}' }, Output: { b: 1 }, Next: 'B' },
    B: { ...task, Arguments: { QueueUrl: 'q', MessageBody: '{% $states.input %}' }, Output: '{% $seen %}', End: true },
  };

  it('begins the next execution of a machine where another stood, with its input and variables, and no other', async () => {
    const { start, clock, service, calls } = aService([{ definition: jsonata(states) }], async () => ({}));
    await start({ n: 1 }, 'one');
    await clock.run();
    const { position } = service.executions()[0] ?? {};
    expect(position).toEqual({ state: 'B', input: { b: 1 }, variables: { seen: 1 } });
    if (!position) throw new Error('It stands nowhere.');
    service.beginAt(new Map([[machineArn(), { ...position, input: { b: 2 } }]]));
    await start({ n: 2 }, 'two');
    await start({ n: 3 }, 'three');
    await clock.run();
    expect(service.executions().map(({ output }) => output)).toEqual(['1', '1', '3']);
    expect(calls.map(({ input }) => input['MessageBody'])).toEqual(['{"b":1}', '{"b":2}', '{"b":1}']);
    expect(service.executions().map(({ transitions }) => transitions)).toEqual([2, 1, 2]);
  });

  it('names of the states in a branch none: the execution stands where all of its branches begin', async () => {
    const branches = [{ StartAt: 'C', States: { C: waits() } }];
    const definition = jsonata({ A: { Type: 'Parallel', Branches: branches, End: true } });
    const { start, service } = aService([{ definition }], async () => ({ MessageId: '1' }));
    await start({}, 'one');
    await new Promise(setImmediate);
    expect(service.executions()[0]?.position?.state).toBe('A');
  });

  it('is forgotten with the story that it belongs to', async () => {
    const { start, clock, service } = aService([{ definition: jsonata(states) }], async () => ({}));
    service.beginAt(new Map([[machineArn(), { state: 'B', input: {}, variables: { seen: 9 } }]]));
    service.abandon();
    await start({ n: 1 }, 'one');
    await clock.run();
    expect(service.executions()[0]?.output).toBe('1');
  });
});

group('StartExecution', () => {
  it('runs a Standard machine, and DescribeExecution tells how it went', async () => {
    const { ask, start, clock } = aService([{ definition: pass }]);
    const started = await start({ n: 1 }, 'one');
    expect(started).toEqual({ executionArn: executionArn('one'), startDate: '2026-03-01T00:00:00.000Z' });
    await clock.run();
    expect(await ask('DescribeExecution', { executionArn: executionArn('one') })).toEqual({
      executionArn: executionArn('one'),
      stateMachineArn: machineArn(),
      name: 'one',
      status: 'SUCCEEDED',
      startDate: '2026-03-01T00:00:00.000Z',
      stopDate: '2026-03-01T00:00:00.000Z',
      redriveCount: 0,
      input: '{"n":1}',
      inputDetails: { included: true },
      output: '{"got":{"n":1}}',
      outputDetails: { included: true },
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
  });

  it('finds the running execution of the same name and input, and refuses the name otherwise', async () => {
    const { start, clock, service } = aService([{ definition: sleeps(60) }]);
    const first = await start({ n: 1 }, 'one');
    expect(await start({ n: 1 }, 'one')).toEqual(first);
    await expect(start({ n: 2 }, 'one')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await clock.run();
    await expect(start({ n: 1 }, 'one')).rejects.toThrow(`Execution Already Exists: '${executionArn('one')}'`);
    expect(service.executions()).toHaveLength(1);
  });

  it('starts an Express machine again under the same name', async () => {
    const { start, service, clock } = aService([{ definition: pass, type: 'EXPRESS' }]);
    await start({}, 'one');
    await start({}, 'one');
    await clock.run();
    const arns = service.executions().map((view) => view.arn);
    expect(new Set(arns).size).toBe(2);
    expect(arns[0]).toMatch(/:express:machine:one:[0-9a-f-]{36}$/);
  });

  it.each(['a b', 'a/b', 'a:b', 'a*', 'n'.repeat(81), 'a\u0007', ''])('refuses the name %j', async (name) => {
    await expect(aService([{ definition: pass }]).start({}, name)).rejects.toMatchObject({ name: 'InvalidName' });
  });

  it.each(['n'.repeat(80), 'a-b_c.d', 'ünï', "it's(1)+@=!"])('takes the name %j', async (name) => {
    expect(await aService([{ definition: pass }]).start({}, name)).toMatchObject({ executionArn: executionArn(name) });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ stateMachineArn: machineArn('gone') }, 'StateMachineDoesNotExist'],
    [{ stateMachineArn: 'gone' }, 'InvalidArn'],
    [{}, 'ValidationException'],
    [{ stateMachineArn: machineArn(), input: 'not json' }, 'InvalidExecutionInput'],
    [{ stateMachineArn: machineArn(), input: '' }, 'InvalidExecutionInput'],
    [{ stateMachineArn: machineArn(), input: JSON.stringify('x'.repeat(262_143)) }, 'ValidationException'],
  ])('answers %j with %s', async (input, name) => {
    await expect(aService([{ definition: pass }]).ask('StartExecution', input)).rejects.toMatchObject({ name });
  });
});

group('StartSyncExecution', () => {
  it('answers when the Express execution has ended', async () => {
    const { ask, clock } = aService([{ definition: sleeps(2), type: 'EXPRESS' }]);
    const answer = ask('StartSyncExecution', { stateMachineArn: machineArn(), input: '{"n":1}', name: 'one' });
    await clock.run();
    expect(await answer).toMatchObject({
      name: 'one',
      status: 'SUCCEEDED',
      output: '{"n":1}',
      stopDate: '2026-03-01T00:00:02.000Z',
      billingDetails: { billedDurationInMilliseconds: 2000, billedMemoryUsedInMB: 64 },
    });
  });

  it('is refused for a Standard machine', async () => {
    const answer = aService([{ definition: pass }]).ask('StartSyncExecution', { stateMachineArn: machineArn() });
    await expect(answer).rejects.toMatchObject({ name: 'StateMachineTypeNotSupported' });
  });
});

group('StopExecution', () => {
  it('ends an execution where it stands', async () => {
    const { ask, start, clock, service } = aService([{ definition: sleeps(60) }]);
    await start({}, 'one');
    await clock.run(() => false, clock.now() + 5000);
    const stopped = await ask('StopExecution', { executionArn: executionArn('one'), error: 'E', cause: 'C' });
    expect(stopped).toEqual({ stopDate: '2026-03-01T00:00:05.000Z' });
    await clock.run();
    const [view] = service.executions();
    expect(view).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'C' });
    expect(view && typesOf(view)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
  });

  it('changes nothing of one that has ended', async () => {
    const { ask, start, clock, service } = aService([{ definition: pass }]);
    await start({}, 'one');
    await clock.run();
    await ask('StopExecution', { executionArn: executionArn('one') });
    expect(service.executions()[0]?.status).toBe('SUCCEEDED');
  });
});

group('the other operations', () => {
  it('list executions, the latest first, by status and in pages', async () => {
    const { ask, start, clock } = aService([{ definition: sleeps(60) }]);
    for (const name of ['one', 'two', 'three']) await start({}, name);
    await ask('StopExecution', { executionArn: executionArn('two') });
    const list = async (input: object) => {
      const answer = await ask('ListExecutions', { stateMachineArn: machineArn(), ...input });
      return {
        names: (answer['executions'] as { name: string }[]).map(({ name }) => name),
        nextToken: answer['nextToken'],
      };
    };
    expect((await list({})).names).toEqual(['three', 'two', 'one']);
    expect((await list({ statusFilter: 'ABORTED' })).names).toEqual(['two']);
    const page = await list({ maxResults: 2 });
    expect(page.names).toEqual(['three', 'two']);
    expect(await list({ maxResults: 2, nextToken: page.nextToken })).toEqual({ names: ['one'], nextToken: undefined });
    await expect(list({ maxResults: 1001 })).rejects.toMatchObject({ name: 'ValidationException' });
    await clock.run();
  });

  it('give the history, backwards and without data if asked to', async () => {
    const { ask, start, clock } = aService([{ definition: pass }]);
    await start({}, 'one');
    await clock.run();
    const get = async (input: object) =>
      (await ask('GetExecutionHistory', { executionArn: executionArn('one'), ...input }))['events'];
    expect(await get({ maxResults: 1 })).toMatchObject([{ id: 1, type: 'ExecutionStarted' }]);
    expect(await get({ reverseOrder: true, maxResults: 1 })).toMatchObject([{ type: 'ExecutionSucceeded' }]);
    const [started] = (await get({ includeExecutionData: false })) as Record<string, unknown>[];
    expect(started?.['executionStartedEventDetails']).toEqual({ inputDetails: { truncated: false }, roleArn: ROLE });
  });

  it('describe the machine, also for an execution', async () => {
    const { ask, start } = aService([{ definition: pass }]);
    await start({}, 'one');
    const definition = JSON.stringify(pass);
    const common = { stateMachineArn: machineArn(), name: 'machine', definition, roleArn: ROLE };
    expect(await ask('DescribeStateMachine', { stateMachineArn: machineArn() })).toMatchObject({
      ...common,
      status: 'ACTIVE',
      type: 'STANDARD',
    });
    expect(await ask('DescribeStateMachineForExecution', { executionArn: executionArn('one') })).toMatchObject(common);
  });

  it.each(['DescribeExecution', 'GetExecutionHistory', 'StopExecution', 'DescribeStateMachineForExecution'])(
    '%s refuses what names no Standard execution',
    async (operation) => {
      const { ask } = aService([{ definition: pass }]);
      await expect(ask(operation, { executionArn: executionArn('gone') })).rejects.toMatchObject({
        name: 'ExecutionDoesNotExist',
      });
      await expect(ask(operation, { executionArn: 'gone' })).rejects.toMatchObject({ name: 'InvalidArn' });
      const express = executionArn('one').replace(':execution:', ':express:');
      await expect(ask(operation, { executionArn: express })).rejects.toMatchObject({ name: 'InvalidArn' });
    },
  );

  it('leave to the world what the service does not answer', () => {
    const { service } = aService([{ definition: pass }]);
    expect(service.handles('StartExecution')).toBe(true);
    expect(service.handles('CreateActivity')).toBe(false);
  });
});

group('task tokens', () => {
  it('complete the task with an output', async () => {
    const { start, clock, tokens, ask, service } = waitingService(waits());
    await start({}, 'one');
    await clock.run(() => tokens.length > 0);
    await ask('SendTaskSuccess', { taskToken: tokens[0], output: '{"ok":true}' });
    await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
    const [view] = service.executions();
    expect(view && describe(view)).toMatchObject({ status: 'SUCCEEDED', output: { ok: true } });
    expect(view && typesOf(view)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('fail the task with an error and a cause', async () => {
    const { start, clock, tokens, ask, service } = waitingService(waits());
    await start();
    await clock.run(() => tokens.length > 0);
    await ask('SendTaskFailure', { taskToken: tokens[0], error: 'Refused', cause: 'by a person' });
    await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
    expect(service.executions()[0]).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'by a person' });
  });

  it('are fresh for every attempt and dead after it', async () => {
    const task = waits({ TimeoutSeconds: 10, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }] });
    const { start, clock, tokens, ask, service } = waitingService(task);
    await start();
    await clock.run(() => tokens.length > 1);
    expect(tokens[0]).not.toBe(tokens[1]);
    const late = ask('SendTaskSuccess', { taskToken: tokens[0], output: '1' });
    await expect(late).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await ask('SendTaskSuccess', { taskToken: tokens[1], output: '2' });
    const again = ask('SendTaskSuccess', { taskToken: tokens[1], output: '3' });
    await expect(again).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
    expect(service.executions()[0]?.output).toBe('2');
  });

  it('die with their execution', async () => {
    const { start, clock, tokens, ask } = waitingService(waits());
    await start({}, 'one');
    await clock.run(() => tokens.length > 0);
    await ask('StopExecution', { executionArn: executionArn('one') });
    await clock.run(() => true);
    await expect(ask('SendTaskHeartbeat', { taskToken: tokens[0] })).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('keep the task alive with heartbeats, until one is missed', async () => {
    const { start, clock, tokens, ask, service } = waitingService(waits({ HeartbeatSeconds: 10 }));
    await start();
    await clock.run(() => tokens.length > 0);
    const begin = clock.now();
    await clock.run(() => false, begin + 9000);
    await ask('SendTaskHeartbeat', { taskToken: tokens[0] });
    await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
    expect(service.executions()[0]).toMatchObject({
      status: 'FAILED',
      error: 'States.Timeout',
      stopDate: begin + 19_000,
    });
  });

  it.each<[string[], unknown]>([
    [['States.HeartbeatTimeout'], { Error: 'States.HeartbeatTimeout', Cause: '' }],
    [['States.Timeout'], { Error: 'States.Timeout', Cause: '' }],
    [['States.ALL'], { Error: 'States.Timeout', Cause: '' }],
  ])('let %j catch a missed heartbeat', async (ErrorEquals, output) => {
    const task = waits({ HeartbeatSeconds: 10, Catch: [{ ErrorEquals, Next: 'B' }] });
    const { start, clock, service } = waitingService(task);
    await start();
    await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
    const [view] = service.executions();
    expect(view && describe(view)).toMatchObject({ status: 'SUCCEEDED', output });
  });

  it('time out after a year when nobody completes them', async () => {
    const { start, clock, service } = waitingService(waits());
    await start();
    await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
    expect(service.executions()[0]?.status).toBe('TIMED_OUT');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['SendTaskSuccess', { taskToken: 'nonsense', output: '{}' }, 'InvalidToken'],
    ['SendTaskFailure', { taskToken: 'nonsense' }, 'InvalidToken'],
    ['SendTaskHeartbeat', { taskToken: 'AAAAKgAAAAIAAAAAffff' }, 'TaskDoesNotExist'],
    ['SendTaskHeartbeat', {}, 'ValidationException'],
  ])('%s refuses %j', async (operation, input, name) => {
    await expect(aService([{ definition: pass }]).ask(operation, input)).rejects.toMatchObject({ name });
  });

  it('refuse an output that is no JSON or too large, and live on', async () => {
    const { start, clock, tokens, ask, service } = waitingService(waits());
    await start();
    await clock.run(() => tokens.length > 0);
    for (const output of ['{', JSON.stringify('x'.repeat(262_143))]) {
      await expect(ask('SendTaskSuccess', { taskToken: tokens[0], output })).rejects.toMatchObject({
        name: 'InvalidOutput',
      });
    }
    await ask('SendTaskSuccess', { taskToken: tokens[0], output: '1' });
    await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
    expect(service.executions()[0]?.status).toBe('SUCCEEDED');
  });
});

group('grants', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['StartExecution', { stateMachineArn: machineArn() }, machineArn()],
    ['StartSyncExecution', { stateMachineArn: machineArn() }, machineArn()],
    ['ListExecutions', { stateMachineArn: machineArn() }, machineArn()],
    ['DescribeExecution', { executionArn: executionArn('one') }, executionArn('one')],
    ['StopExecution', { executionArn: executionArn('one') }, executionArn('one')],
    ['GetExecutionHistory', { executionArn: executionArn('one') }, executionArn('one')],
  ])('%s of %j asks for %s', (operation, input, resource) => {
    const { service } = aService([{ definition: pass }]);
    expect(service.grantsFor(operation, input)).toEqual([{ action: `states:${operation}`, resource }]);
  });

  it('SendTaskSuccess asks for the machine that owns the token', async () => {
    const { start, clock, tokens, service } = waitingService(waits());
    await start();
    await clock.run(() => tokens.length > 0);
    const grants = service.grantsFor('SendTaskSuccess', { taskToken: tokens[0], output: '{}' });
    expect(grants).toEqual([{ action: 'states:SendTaskSuccess', resource: machineArn() }]);
    expect(() => service.grantsFor('SendTaskSuccess', { taskToken: 'x' })).toThrow(
      expect.objectContaining({ name: 'InvalidToken' }),
    );
  });
});

group('status events', () => {
  it('tell of every change of a Standard execution', async () => {
    const events: EventEnvelope[] = [];
    const { start, clock } = aService([{ definition: sleeps(1) }], undefined, {
      emitEvent: (event) => events.push(event),
    });
    await start({ n: 1 }, 'one');
    await clock.run();
    expect(events.map((event) => event.detail['status'])).toEqual(['RUNNING', 'SUCCEEDED']);
    expect(events[1]).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Step Functions Execution Status Change',
      source: 'aws.states',
      account: '111122223333',
      time: '2026-03-01T00:00:01Z',
      region: 'eu-central-1',
      resources: [executionArn('one')],
      detail: {
        executionArn: executionArn('one'),
        stateMachineArn: machineArn(),
        name: 'one',
        status: 'SUCCEEDED',
        startDate: 1_772_323_200_000,
        stopDate: 1_772_323_201_000,
        input: '{"n":1}',
        inputDetails: { included: true },
        output: '{"n":1}',
        outputDetails: { included: true },
        stateMachineVersionArn: null,
        stateMachineAliasArn: null,
        redriveCount: 0,
        redriveDate: null,
        redriveStatus: 'NOT_REDRIVABLE',
        redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
        error: null,
        cause: null,
      },
    });
  });

  it('are silent about Express executions', async () => {
    const events: EventEnvelope[] = [];
    const emitEvent = (event: EventEnvelope) => events.push(event);
    const { start, clock } = aService([{ definition: pass, type: 'EXPRESS' }], undefined, { emitEvent });
    await start();
    await clock.run();
    expect(events).toEqual([]);
  });
});

group('construction', () => {
  it('refuses invalid definitions with every reason', () => {
    const definition = jsonata({ A: { Type: 'Pass', Next: 'X' }, B: { ...end, Foo: 1 } });
    expect(() => aService([{ definition }])).toThrow(
      expect.objectContaining({
        name: 'InvalidDefinitionError',
        message: expect.stringMatching(/Missing 'Next' target: X at \/States\/A\/Next.*|Field 'Foo' is not supported/),
        problems: expect.arrayContaining([
          expect.objectContaining({ path: '/States/A/Next' }),
          expect.objectContaining({ path: '/States/B/Foo' }),
        ]),
      }),
    );
  });

  it('names what only the sandbox lacks', () => {
    const A = { Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync', Arguments: {}, End: true };
    expect(() => aService([{ definition: jsonata({ A }) }])).toThrow(
      expect.objectContaining({
        name: 'UnsupportedInSandboxError',
        message: expect.stringContaining('ecs:runTask.sync'),
      }),
    );
  });

  const sync = jsonata({
    A: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: machineArn('child') },
      End: true,
    },
  });

  it('asks IAM for the managed rule of machines that wait for others', () => {
    const asked: unknown[] = [];
    const authorize = (...args: unknown[]) => void asked.push(args);
    aService([{ definition: sync }, { definition: pass, name: 'other' }], undefined, {
      authorize,
    }).service.verifyRoles();
    const resource =
      'arn:aws:events:eu-central-1:111122223333:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule';
    const grants = ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map((action) => ({
      action,
      resource,
    }));
    expect(asked).toEqual([[{ kind: 'role', arn: ROLE }, grants]]);
  });

  it('refuses such a machine as AWS does when the role lacks it', () => {
    const authorize = () => {
      throw new AwsError('AccessDenied', 'no events:PutRule');
    };
    const { service } = aService([{ definition: sync }], undefined, { authorize });
    const denied = {
      name: 'AccessDeniedException',
      message: expect.stringContaining(`'${ROLE}' is not authorized to create managed-rule.`),
    };
    expect(() => service.verifyRoles()).toThrow(expect.objectContaining(denied));
  });
});
