import { describe, expect, it } from 'vitest';
import { UnsupportedInSandboxError } from '../../../sandbox/aws.ts';
import { InvalidRuleError } from '../../../sandbox/events/descriptions.ts';
import { InvalidEventPatternError } from '../../../event-pattern/pattern.ts';
import {
  ACCOUNT,
  anEventBridge,
  aRule,
  aTarget,
  FUNCTION_ARN,
  HANDSOFF_BUS,
  putEvents,
  QUEUE_ARN,
  REGION,
  ROLE_ARN,
  START,
} from './an-event-bridge.ts';

const EVENTS_FOR_RULE = { kind: 'service', arn: 'events.amazonaws.com', sourceArn: aRule().arn };

describe('PutEvents', () => {
  it('gives each matching rule of the bus the whole envelope', async () => {
    const { bridge, clock, calls } = anEventBridge({ rules: [aRule(), aRule({ name: 'other', busName: 'handsoff' })] });
    expect(await bridge.answer(putEvents({ Resources: ['arn:x'], Detail: '{"n": 9007199254740993}' }))).toEqual({
      FailedEntryCount: 0,
      Entries: [{ EventId: '00000000-0000-4000-9000-000000000001' }],
    });
    await clock.run();
    const head = `{"version":"0","id":"00000000-0000-4000-9000-000000000001","detail-type":"Thing","source":"app"`;
    const tail = `"account":"${ACCOUNT}","time":"2026-01-02T03:04:05Z","region":"${REGION}","resources":["arn:x"]`;
    const Payload = `${head},${tail},"detail":{"n":9007199254740993}}`;
    expect(calls).toEqual([
      {
        service: 'lambda',
        operation: 'Invoke',
        input: { FunctionName: FUNCTION_ARN, InvocationType: 'Event', Payload },
        principal: EVENTS_FOR_RULE,
        afterMs: 0,
      },
    ]);
  });

  it('tells failed entries from those that went through', async () => {
    const { bridge, clock, calls } = anEventBridge({ rules: [aRule()], newId: () => 'id' });
    const answer = await bridge.answer(putEvents({ Source: 'aws.ec2' }, {}, { Detail: 'x' }, { DetailType: '' }));
    expect(answer).toMatchObject({
      FailedEntryCount: 3,
      Entries: [
        { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
        { EventId: 'id' },
        { ErrorCode: 'MalformedDetail' },
        { ErrorCode: 'InvalidArgument' },
      ],
    });
    await clock.run();
    expect(calls).toHaveLength(1);
  });

  it.each(['handsoff', HANDSOFF_BUS.arn])('finds the bus %s', async (EventBusName) => {
    const { bridge, clock, calls } = anEventBridge({ rules: [aRule({ busName: 'handsoff' })] });
    await bridge.answer(putEvents({ EventBusName }));
    await clock.run();
    expect(calls).toHaveLength(1);
  });

  it('accepts an event for a bus that does not exist and drops it, as AWS does', async () => {
    const { bridge, clock, calls } = anEventBridge({ rules: [aRule()] });
    expect(await bridge.answer(putEvents({ EventBusName: 'none' }))).toMatchObject({ FailedEntryCount: 0 });
    await clock.run();
    expect(calls).toEqual([]);
  });

  it('does not let a disabled rule act', async () => {
    const { bridge, clock, calls } = anEventBridge({ rules: [aRule({ state: 'DISABLED' })] });
    await bridge.answer(putEvents({}));
    await clock.run();
    expect(calls).toEqual([]);
  });

  it('needs events:PutEvents on each bus, with the source and type as condition keys', () => {
    const { bridge } = anEventBridge();
    expect(bridge.grantsFor('PutEvents', putEvents({}, { EventBusName: 'handsoff' }).input)).toEqual([
      {
        action: 'events:PutEvents',
        resource: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`,
        context: { 'events:source': 'app', 'events:detail-type': 'Thing', 'events:eventBusInvocation': 'false' },
      },
      expect.objectContaining({ resource: HANDSOFF_BUS.arn }),
    ]);
  });
});

describe('targets', () => {
  const INPUT = { input: '{"x":1}' };

  it.each([
    [
      aTarget({ arn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:intake`, roleArn: ROLE_ARN, ...INPUT }),
      {
        service: 'sfn',
        operation: 'StartExecution',
        input: { stateMachineArn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:intake`, input: '{"x":1}' },
        principal: { kind: 'role', arn: ROLE_ARN },
      },
    ],
    [
      aTarget({ arn: `arn:aws:sns:${REGION}:${ACCOUNT}:people`, ...INPUT }),
      {
        service: 'sns',
        operation: 'Publish',
        input: { TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:people`, Message: '{"x":1}' },
        principal: EVENTS_FOR_RULE,
      },
    ],
    [
      aTarget({ arn: QUEUE_ARN, roleArn: ROLE_ARN, ...INPUT }),
      {
        service: 'sqs',
        operation: 'SendMessage',
        input: { QueueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/alerts`, MessageBody: '{"x":1}' },
        principal: { kind: 'role', arn: ROLE_ARN },
      },
    ],
  ])('calls $arn', async (target, expected) => {
    const { bridge, clock, calls } = anEventBridge({ rules: [aRule({ targets: [target] })] });
    await bridge.answer(putEvents({}));
    await clock.run();
    expect(calls).toEqual([{ ...expected, afterMs: 0 }]);
  });

  it('forwards an event to another bus with its source, account and id', async () => {
    const forward = aRule({
      name: 'forward',
      eventPattern: { source: ['aws.ec2'] },
      targets: [aTarget({ arn: HANDSOFF_BUS.arn, roleArn: ROLE_ARN })],
    });
    const receive = aRule({ busName: 'handsoff', eventPattern: { source: ['aws.ec2'] } });
    const { bridge, clock, calls } = anEventBridge({ rules: [forward, receive] });
    bridge.deliver('default', { source: 'aws.ec2', 'detail-type': 'X', account: '999988887777', detail: { a: 1 } });
    await clock.run();
    expect(calls.map(({ service, principal }) => [service, principal.arn])).toEqual([
      ['eventbridge', ROLE_ARN],
      ['lambda', 'events.amazonaws.com'],
    ]);
    expect(JSON.parse(String(calls[1]?.input['Payload']))).toMatchObject({
      id: '00000000-0000-4000-9000-000000000001',
      source: 'aws.ec2',
      account: '999988887777',
    });
  });

  it('does not take an event for forwarded because it looks like one', async () => {
    const { bridge } = anEventBridge();
    expect(await bridge.answer(putEvents({ Source: 'aws.ec2' }))).toMatchObject({ FailedEntryCount: 1 });
  });
});

describe('deliver', () => {
  it('lets services emit aws. events and fills in the envelope', async () => {
    const rule = aRule({ eventPattern: { source: ['aws.cloudwatch'], detail: { state: { value: ['ALARM'] } } } });
    const { bridge, clock, calls } = anEventBridge({ rules: [rule] });
    const detail = { state: { value: 'ALARM' } };
    const event = { source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', detail };
    expect(bridge.deliver('default', event)).toEqual({
      version: '0',
      id: '00000000-0000-4000-9000-000000000001',
      ...event,
      account: ACCOUNT,
      time: '2026-01-02T03:04:05Z',
      region: REGION,
      resources: [],
    });
    await clock.run();
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['none', { source: 'aws.ec2', 'detail-type': 'X', detail: {} }, 'No event bus none'],
    ['default', { 'detail-type': 'X', detail: {} }, 'a string as its source'],
    ['default', { source: 'aws.ec2', 'detail-type': 'X' }, 'an object as its detail'],
    ['default', { source: 'aws.ec2', 'detail-type': 'X', detail: {}, resources: 'x' }, 'a list as its resources'],
  ])('refuses for the bus %s the event %j', (bus, event, problem) => {
    expect(() => anEventBridge().bridge.deliver(bus, event)).toThrow(problem);
  });
});

describe('archives', () => {
  it('keep what their pattern wants, in order', async () => {
    const archives = [
      { name: 'all', busName: 'handsoff' },
      { name: 'urgent', busName: 'handsoff', eventPattern: '{"detail":{"p":[1]}}' },
    ];
    const { bridge } = anEventBridge({ archives });
    await bridge.answer(putEvents({ EventBusName: 'handsoff', Detail: '{"p":2}' }, { Detail: '{"p":1}' }));
    await bridge.answer(putEvents({ EventBusName: 'handsoff', Detail: '{"p":1.0}' }));
    expect(bridge.archived('all').map(({ detail }) => detail)).toEqual([{ p: 2 }, { p: 1 }]);
    expect(bridge.archived('urgent').map(({ detail }) => detail)).toEqual([{ p: 1 }]);
    expect(() => bridge.archived('none')).toThrow(RangeError);
  });

  it('need a bus that exists', () => {
    expect(() => anEventBridge({ archives: [{ name: 'a', busName: 'none' }] })).toThrow(InvalidRuleError);
  });
});

describe('startSchedules', () => {
  it('fires scheduled rules with the Scheduled Event until it is stopped', async () => {
    const rule = aRule({ scheduleExpression: 'rate(5 minutes)' });
    const { bridge, clock, calls } = anEventBridge({ rules: [rule] });
    const stop = bridge.startSchedules();
    await clock.run(() => false, START + 11 * 60_000);
    stop();
    await clock.run(() => false, START + 60 * 60_000);
    expect(calls.map(({ afterMs }) => afterMs / 60_000)).toEqual([5, 10]);
    expect(JSON.parse(String(calls[0]?.input['Payload']))).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: '2026-01-02T03:09:05Z',
      resources: [rule.arn],
      detail: {},
    });
  });

  it('leaves disabled schedules alone', async () => {
    const { bridge, clock } = anEventBridge({
      rules: [aRule({ scheduleExpression: 'cron(0 8 ? * MON-FRI *)', state: 'DISABLED' })],
    });
    bridge.startSchedules();
    expect(clock.pending()).toEqual([]);
  });
});

describe('TestEventPattern', () => {
  const EVENT =
    '{"id":"1","account":"1","source":"app","time":"t","region":"r","detail-type":"X","resources":[],"detail":{}}';

  function test(input: Readonly<Record<string, unknown>>) {
    const principal = { kind: 'role' as const, arn: ROLE_ARN };
    return anEventBridge().bridge.answer({ service: 'eventbridge', operation: 'TestEventPattern', input, principal });
  }

  it.each([
    ['{"source":["app"]}', true],
    ['{"source":["other"]}', false],
  ])('says whether %s matches', async (EventPattern, Result) => {
    expect(await test({ EventPattern, Event: EVENT })).toEqual({ Result });
  });

  it.each([
    [{ EventPattern: '{"source":"app"}', Event: EVENT }, 'InvalidEventPatternException'],
    [{ EventPattern: '{"source":["app"]}', Event: '{' }, 'ValidationException'],
    [{ EventPattern: '{"source":["app"]}', Event: '{"source":"app"}' }, 'ValidationException'],
    [{ EventPattern: `{"source":["${'x'.repeat(4096)}"]}`, Event: EVENT }, 'ValidationException'],
    [{ Event: EVENT }, 'ValidationException'],
  ])('refuses %.60j', async (input, name) => {
    await expect(test(input)).rejects.toMatchObject({ name, statusCode: 400 });
  });
});

describe('the constructor', () => {
  it.each([
    ['an unknown bus', aRule({ busName: 'none' })],
    ['neither pattern nor schedule', { ...aRule(), eventPattern: undefined }],
    ['a schedule on a custom bus', aRule({ busName: 'handsoff', scheduleExpression: 'rate(1 minute)' })],
    ['a bad schedule', aRule({ scheduleExpression: 'rate(1 minutes)' })],
    ['a bad state', aRule({ state: 'ON' })],
    ['six targets', aRule({ targets: ['1', '2', '3', '4', '5', '6'].map((id) => aTarget({ id })) })],
    ['two targets of one id', aRule({ targets: [aTarget(), aTarget()] })],
    ['a pattern over 2,048 characters', aRule({ eventPattern: { source: ['x'.repeat(2048)] } })],
    ['186 retries', aRule({ targets: [aTarget({ maximumRetryAttempts: 186 })] })],
    ['an event age under a minute', aRule({ targets: [aTarget({ maximumEventAgeSeconds: 59 })] })],
    ['a FIFO dead-letter queue', aRule({ targets: [aTarget({ deadLetterArn: `${QUEUE_ARN}.fifo` })] })],
    [
      'a topic as dead-letter queue',
      aRule({ targets: [aTarget({ deadLetterArn: `arn:aws:sns:${REGION}:${ACCOUNT}:t` })] }),
    ],
    ['a bus without a role', aRule({ targets: [aTarget({ arn: HANDSOFF_BUS.arn })] })],
    ['a bad template', aRule({ targets: [aTarget({ inputTransformer: { inputTemplate: '"<x>"' } })] })],
  ])('refuses a rule with %s', (_, rule) => {
    expect(() => anEventBridge({ rules: [rule] })).toThrow(InvalidRuleError);
  });

  it('refuses a rule whose pattern is not valid', () => {
    expect(() => anEventBridge({ rules: [aRule({ eventPattern: '{"source":"app"}' })] })).toThrow(
      InvalidEventPatternError,
    );
  });

  it.each([`arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/c`, `${QUEUE_ARN}.fifo`])(
    'names a kind of target that the sandbox does not have: %s',
    (arn) => {
      const build = () => anEventBridge({ rules: [aRule({ targets: [aTarget({ arn })] })] });
      expect(build).toThrow(UnsupportedInSandboxError);
      expect(build).toThrow(arn);
    },
  );
});
