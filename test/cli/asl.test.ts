import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aslCommand } from '../../cli/asl.ts';

let directory: string;
let printed: { out: string[]; err: string[] };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'asl-'));
  printed = { out: [], err: [] };
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.out.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void printed.err.push(line));
});

afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function file(name: string, content: unknown): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function asl(...args: readonly string[]) {
  await aslCommand().parseAsync([...args], { from: 'user' });
  const code = process.exitCode;
  return { code, out: printed.out.join('\n'), err: printed.err.join('\n') };
}

async function aslJson(...args: readonly string[]) {
  const { code, out } = await asl(...args, '--json');
  return { code, ...(JSON.parse(out) as Record<string, unknown>) };
}

const machine = (states: object) => ({ QueryLanguage: 'JSONata', StartAt: 'A', States: states });
const pass = machine({ A: { Type: 'Pass', Output: '{% $states.input %}', End: true } });
const invoke = (more: object = {}) =>
  machine({
    A: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
      Output: '{% $states.result.Payload %}',
      End: true,
      ...more,
    },
  });

describe('handsoff asl', () => {
  it('prints status, output, error, cause, transitions and history, and nothing else', async () => {
    const result = await aslJson(await file('m.asl.json', pass), '--now', '2026-03-01T00:00:00Z');
    expect(result).toEqual({
      code: 0,
      status: 'SUCCEEDED',
      output: {},
      error: null,
      cause: null,
      transitions: 1,
      history: [
        expect.objectContaining({
          id: 1,
          type: 'ExecutionStarted',
          timestamp: '2026-03-01T00:00:00.000Z',
          previousEventId: 0,
        }),
        expect.objectContaining({ id: 2, type: 'PassStateEntered' }),
        expect.objectContaining({ id: 3, type: 'PassStateExited' }),
        expect.objectContaining({ id: 4, type: 'ExecutionSucceeded' }),
      ],
    });
  });

  it('reads its input from a file, or from standard input', async () => {
    const definition = await file('m.asl.json', pass);
    expect(await aslJson(definition, '--input', await file('i.json', { n: 1 }))).toMatchObject({ output: { n: 1 } });
    printed.out.length = 0;
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from(['[1', ',2]']) as typeof process.stdin);
    expect(await aslJson(definition, '--input', '-')).toMatchObject({ output: [1, 2] });
  });

  it('exits with 1 when the execution fails, and keeps every key', async () => {
    const definition = machine({ A: { Type: 'Fail', Error: 'Boom', Cause: 'why' } });
    const result = await aslJson(await file('m.asl.json', definition));
    expect(result).toMatchObject({
      code: 1,
      status: 'FAILED',
      output: null,
      error: 'Boom',
      cause: 'why',
      transitions: 1,
    });
  });

  it('tells the states in order with their virtual times', async () => {
    const definition = machine({
      A: { Type: 'Wait', Seconds: 5400, Next: 'B' },
      B: { Type: 'Pass', Output: 1, End: true },
    });
    const { code, out } = await asl(await file('m.asl.json', definition));
    expect({ code, lines: out.split('\n') }).toEqual({
      code: 0,
      lines: [
        '00:00:00.000  A  (Wait)',
        '01:30:00.000  B  (Pass)',
        '',
        'SUCCEEDED after 01:30:00.000, 2 transitions',
        'output: 1',
      ],
    });
  });

  it('gives the name to the execution, and can run as Express', async () => {
    const name = machine({ A: { Type: 'Pass', Output: '{% $states.context.Execution %}', End: true } });
    const definition = await file('my machine.asl.json', name);
    expect(await aslJson(definition, '--name', 'one')).toMatchObject({
      output: { Name: 'one', Id: 'arn:aws:states:us-east-1:123456789012:execution:my-machine:one' },
    });
    printed.out.length = 0;
    expect(await aslJson(definition, '--name', 'one', '--express')).toMatchObject({
      output: { Id: expect.stringContaining(':express:my-machine:one:') },
    });
  });

  it('times out after a year when nobody completes a task', async () => {
    const definition = invoke({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', Output: '{% 1 %}' });
    const world = await file('w.yaml', 'answers: [{ call: lambda:Invoke, output: { Payload: 1 } }]');
    expect(await aslJson(await file('m.asl.json', definition), '--world', world)).toMatchObject({
      code: 1,
      status: 'TIMED_OUT',
    });
  });
});

describe('handsoff asl --world', () => {
  it('answers calls, first match wins, and each as often as it says', async () => {
    const definition = invoke({ Retry: [{ ErrorEquals: ['Boom', 'Lambda.TooManyRequestsException'] }] });
    const world = await file(
      'w.yaml',
      [
        'answers:',
        '  - { call: "lambda:Invoke", times: 1, error: { errorType: Boom, errorMessage: no } }',
        '  - { call: "lambda:Invoke", times: 1, error: { code: TooManyRequestsException, message: slow, statusCode: 429 } }',
        '  - { call: "lambda:Invoke", input: { Payload: { n: [2] } }, output: { Payload: two } }',
        '  - { call: "lambda:Invoke", input: { Payload: { n: [1] } }, output: { Payload: { one: [null] } } }',
      ].join('\n'),
    );
    const result = await aslJson(
      await file('m.asl.json', definition),
      '--world',
      world,
      '--input',
      await file('i.json', { n: 1 }),
    );
    expect(result).toMatchObject({ code: 0, output: { one: [null] }, transitions: 3 });
  });

  it.each<[string, object, string, unknown]>([
    ['aws-sdk:ec2:describeInstances', { InstanceIds: ['i-1'] }, 'ec2:DescribeInstances', { Reservations: [] }],
    [
      'aws-sdk:secretsmanager:getSecretValue',
      { SecretId: 's' },
      'secrets-manager:GetSecretValue',
      { SecretString: 'x' },
    ],
    ['sqs:sendMessage', { QueueUrl: 'q', MessageBody: 'm' }, 'sqs:SendMessage', { MessageId: '1' }],
    [
      'states:startExecution',
      { StateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:other' },
      'sfn:StartExecution',
      { ExecutionArn: 'e' },
    ],
  ])('answers %s', async (resource, Arguments, call, output) => {
    const definition = machine({ A: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, Arguments, End: true } });
    const world = await file('w.json', { answers: [{ call, output }] });
    expect(await aslJson(await file('m.asl.json', definition), '--world', world)).toMatchObject({ code: 0, output });
  });

  it.each<[string, readonly string[]]>([
    ['without a world', []],
    ['that the world does not describe', ['answers: [{ call: ec2:DescribeInstances, output: {} }]']],
  ])('fails loudly for a call %s, and no Catch hides it', async (_, world) => {
    const definition = invoke({
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
    });
    const states = { ...definition.States, B: { Type: 'Succeed' } };
    const args = world[0] === undefined ? [] : ['--world', await file('w.yaml', world[0])];
    const result = await aslJson(await file('m.asl.json', machine(states)), ...args);
    expect(result).toMatchObject({ code: 1, status: 'FAILED', error: 'States.Runtime', transitions: 1 });
    expect(result).toMatchObject({
      cause: expect.stringContaining('The world does not describe lambda:Invoke {"FunctionName":"f"'),
    });
  });

  it('lets the machine start itself, and lets tokens time out', async () => {
    const states = {
      A: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'W',
            States: {
              W: {
                Type: 'Task',
                Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
                Arguments: { QueueUrl: 'q', MessageBody: 'm' },
                TimeoutSeconds: 60,
                End: true,
              },
            },
          },
        ],
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B' }],
        End: true,
      },
      B: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution',
        Arguments: { StateMachineArn: '{% $states.context.StateMachine.Id %}', Name: 'again' },
        Output: '{% $states.result.ExecutionArn %}',
        End: true,
      },
    };
    const world = await file('w.yaml', 'answers: [{ call: sqs:SendMessage, output: { MessageId: "1" } }]');
    const result = await aslJson(await file('m.asl.json', machine(states)), '--world', world);
    expect(result).toMatchObject({ code: 0, output: 'arn:aws:states:us-east-1:123456789012:execution:m:again' });
  });
});

describe('what handsoff asl refuses', () => {
  it('is an invalid definition, with every reason', async () => {
    const definition = await file('m.asl.json', machine({ A: { Type: 'Pass', Next: 'X', Foo: 1 } }));
    const { code, out, err } = await asl(definition);
    expect({ code, out, lines: err.split('\n') }).toEqual({
      code: 2,
      out: '',
      lines: [
        "/States/A/Foo: Field 'Foo' is not supported",
        "/States/A/Next: Missing 'Next' target: X",
        '/: Workflow has no terminal state',
      ],
    });
  });

  it('is told as JSON when asked for', async () => {
    const result = await aslJson(await file('m.asl.json', machine({ A: { Type: 'Pass', End: true, Foo: 1 } })));
    expect(result).toMatchObject({
      code: 2,
      errors: [{ path: '/States/A/Foo', message: "Field 'Foo' is not supported" }],
    });
  });

  it('is what only a Standard machine may do, with --express', async () => {
    const definition = await file(
      'm.asl.json',
      invoke({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }),
    );
    expect(await aslJson(definition, '--express')).toMatchObject({ code: 2, errors: [{ path: '/States/A/Resource' }] });
  });

  it('is what the sandbox lacks', async () => {
    const definition = await file('m.asl.json', invoke({ Resource: 'arn:aws:states:::ecs:runTask' }));
    expect(await aslJson(definition)).toMatchObject({
      code: 2,
      errors: [{ message: expect.stringContaining('does not support') }],
    });
  });

  it.each<[string, (definition: string) => Promise<readonly string[]>, RegExp]>([
    [
      'a definition that is not there',
      async () => [join(directory, 'gone.json')],
      /gone\.json: cannot be read: ENOENT/,
    ],
    ['a definition that is no JSON', async () => [await file('broken.json', '{')], /broken\.json: is not JSON/],
    [
      'an input that is not there',
      async (definition) => [definition, '--input', 'gone.json'],
      /^gone\.json: cannot be read/,
    ],
    [
      'an input that is no JSON',
      async (definition) => [definition, '--input', await file('i.json', '{')],
      /i\.json: is not JSON/,
    ],
    [
      'an input that is too large',
      async (definition) => [definition, '--input', await file('i.json', ['x'.repeat(262_144)])],
      /^--input: .*262144/,
    ],
    [
      'a world that is not there',
      async (definition) => [definition, '--world', 'gone.yaml'],
      /^gone\.yaml: cannot be read/,
    ],
    [
      'a world that is no YAML',
      async (definition) => [definition, '--world', await file('w.yaml', 'a: [')],
      /w\.yaml: /,
    ],
    [
      'a world with an unknown key',
      async (definition) => [definition, '--world', await file('w.yaml', 'foo: 1')],
      /w\.yaml: foo/,
    ],
    ['a name that AWS refuses', async (definition) => [definition, '--name', 'a b'], /^--name: Invalid Name: 'a b'/],
    [
      'a start that is no time',
      async (definition) => [definition, '--now', 'today'],
      /^--now: today is not an RFC 3339 timestamp/,
    ],
  ])('is %s', async (_, makeArgs, reason) => {
    const { code, err } = await asl(...(await makeArgs(await file('m.asl.json', pass))));
    expect(code).toBe(2);
    expect(err).toMatch(reason);
  });
});
