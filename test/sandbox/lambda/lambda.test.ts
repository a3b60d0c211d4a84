import { afterEach, describe, expect, it } from 'vitest';
import type { FunctionDescription } from '../../../sandbox/lambda/function-description.ts';
import type { Lambda, LambdaOptions } from '../../../sandbox/lambda/lambda.ts';
import { ACCOUNT, aBundle, aFunction, aLambda, invoke, REGION, ROLE, START_MS } from './a-lambda.ts';

const open: Lambda[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((lambda) => lambda.close()));
});

function start(functions: readonly FunctionDescription[], overrides: Partial<LambdaOptions> = {}) {
  const started = aLambda(functions, overrides);
  open.push(started.lambda);
  return started;
}

describe('Lambda, what a function gives', () => {
  it.each([
    ['an async handler', 'export const handler = async (event) => ({ hello: event.name })', { hello: 'Ada' }],
    ['a handler that returns at once', 'export const handler = (event) => event.name', 'Ada'],
    ['a handler that gives nothing', 'export const handler = async () => {}', null],
  ])('gives the caller the result of %s', async (_what, source, expected) => {
    const { lambda } = start([aFunction(source)]);
    const output = await invoke(lambda, 'greet', { name: 'Ada' });
    expect(output).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: expected });
  });

  it('takes CommonJS when the bundle is a .js file without package.json', async () => {
    const codeDirectory = aBundle('exports.handler = async () => require("node:path").sep', 'index.js');
    const { lambda } = start([aFunction('', { codeDirectory })]);
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: '/' });
  });

  it('lets a handler up to Node.js 22 answer through its callback', async () => {
    const source =
      'export const handler = (event, context, callback) => { setTimeout(() => callback(null, event.n + 1), 5) }';
    const { lambda } = start([aFunction(source, { runtime: 'nodejs22.x' })]);
    expect(await invoke(lambda, 'greet', { n: 1 })).toMatchObject({ Payload: 2 });
  });

  it('answers null for a handler up to Node.js 22 that returns without a promise', async () => {
    const { lambda } = start([aFunction('export const handler = () => 5', { runtime: 'nodejs22.x' })]);
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: null });
  });

  it('keeps what a module holds between invocations of one worker', async () => {
    const { lambda } = start([aFunction('let n = 0; export const handler = async () => { n += 1; return n; }')]);
    await invoke(lambda, 'greet');
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: 2 });
    expect(lambda.initMsOf('greet')).toHaveLength(1);
  });

  it('runs invocations of one function side by side in workers of their own', async () => {
    const source =
      'let n = 0; export const handler = async () => { n += 1; await new Promise((r) => setTimeout(r, 150)); return n; }';
    const { lambda } = start([aFunction(source)]);
    const outputs = await Promise.all([invoke(lambda, 'greet'), invoke(lambda, 'greet')]);
    expect(outputs.map((output) => output.Payload)).toEqual([1, 1]);
  });

  it('lets invocations wait when every worker is busy, and takes an idle one of another function', async () => {
    const other = aFunction('export const handler = async () => "b"', { name: 'other' });
    const { lambda } = start([aFunction('export const handler = async () => "a"'), other], { maxWorkers: 1 });
    const outputs = await Promise.all(['greet', 'other', 'greet'].map((name) => invoke(lambda, name)));
    expect(outputs.map((output) => output.Payload)).toEqual(['a', 'b', 'a']);
  });
});

describe('Lambda, what a function sees', () => {
  it('gives a function only its own environment and what Lambda adds', async () => {
    process.env['SANDBOX_TEST_SECRET'] = 'of the host';
    const { lambda } = start([
      aFunction('export const handler = async () => process.env', { environment: { TABLE: 'incidents' } }),
    ]);
    const { Payload } = await invoke(lambda, 'greet');
    expect(Payload).toMatchObject({
      TABLE: 'incidents',
      AWS_REGION: REGION,
      AWS_LAMBDA_FUNCTION_NAME: 'greet',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/greet',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      _HANDLER: 'index.handler',
    });
    expect(Payload).not.toHaveProperty('SANDBOX_TEST_SECRET');
    expect(Payload).not.toHaveProperty('NODE_OPTIONS');
    delete process.env['SANDBOX_TEST_SECRET'];
  });

  it('shows the virtual time, in UTC, and lets it stand still during an invocation', async () => {
    const source = `export const handler = async () => {
      const before = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 30));
      return { before, after: new Date().getTime(), iso: new Date().toISOString(), hour: new Date().getHours(),
        text: String(new Date()), parsed: new Date('2026-01-01T10:00').toISOString(), made: new Date(2026, 0, 1).toISOString(),
        isDate: new Date() instanceof Date, zone: new Intl.DateTimeFormat('en').resolvedOptions().timeZone,
        format: new Intl.DateTimeFormat('en-GB').format(), called: Date() };
    }`;
    const { lambda } = start([aFunction(source)]);
    expect(await invoke(lambda, 'greet')).toMatchObject({
      Payload: {
        before: START_MS,
        after: START_MS,
        iso: '2026-11-23T07:00:00.000Z',
        hour: 7,
        text: 'Mon Nov 23 2026 07:00:00 GMT+0000 (Coordinated Universal Time)',
        parsed: '2026-01-01T10:00:00.000Z',
        made: '2026-01-01T00:00:00.000Z',
        isDate: true,
        zone: 'UTC',
        format: '23/11/2026',
        called: 'Mon Nov 23 2026 07:00:00 GMT+0000 (Coordinated Universal Time)',
      },
    });
  });

  it('shows a warm worker the time of the invocation, not of its start', async () => {
    const { lambda, clock } = start([aFunction('export const handler = async () => Date.now()')]);
    await invoke(lambda, 'greet');
    await clock.run(undefined, START_MS + 3_600_000);
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: START_MS + 3_600_000 });
  });

  it('holds the virtual clock while a function runs', async () => {
    const { lambda, clock } = start([
      aFunction('export const handler = async () => { await new Promise((r) => setTimeout(r, 50)) }'),
    ]);
    const ranAt: number[] = [];
    const finish = async () => {
      await invoke(lambda, 'greet');
      ranAt.push(clock.now());
    };
    const invocation = finish();
    clock.schedule(1000, 'later', () => undefined);
    await clock.run();
    await invocation;
    expect(ranAt).toEqual([START_MS]);
  });

  it('gives the context that Lambda gives', async () => {
    const source =
      'export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() })';
    const { lambda } = start([aFunction(source, { memoryMb: 512 })]);
    const { Payload } = await invoke(lambda, 'greet', {}, { Qualifier: '$LATEST' });
    expect(Payload).toMatchObject({
      functionName: 'greet',
      functionVersion: '$LATEST',
      memoryLimitInMB: '512',
      logGroupName: '/aws/lambda/greet',
      invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:greet:$LATEST`,
      awsRequestId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
    });
    expect(Payload).toHaveProperty('left', expect.any(Number));
  });

  it('gives the same request ids in every run', async () => {
    const ids = [];
    for (let run = 0; run < 2; run += 1) {
      const { lambda } = start([aFunction('export const handler = async (e, context) => context.awsRequestId')]);
      ids.push((await invoke(lambda, 'greet')).Payload);
    }
    expect(ids[0]).toBe(ids[1]);
  });

  it('keeps what a function writes, line by line, under its request and time', async () => {
    const source =
      'export const handler = async () => { console.log("one\\ntwo"); process.stderr.write("three"); return 1; }';
    const { lambda } = start([aFunction(source)]);
    const output = await invoke(lambda, 'greet', {}, { LogType: 'Tail' });
    expect(lambda.logs('greet').map(({ at, stream, message }) => [at, stream, message])).toEqual([
      [START_MS, 'stdout', 'one'],
      [START_MS, 'stdout', 'two'],
      [START_MS, 'stderr', 'three'],
    ]);
    expect(Buffer.from(String(Reflect.get(output, 'LogResult')), 'base64').toString()).toBe('one\ntwo\nthree\n');
  });
});

describe('Lambda, what goes wrong', () => {
  it.each([
    [
      'an error that the handler throws',
      'export const handler = async () => { throw Object.assign(new Error("no"), { name: "NoSuchIncidentError" }) }',
      {
        errorType: 'NoSuchIncidentError',
        errorMessage: 'no',
        trace: expect.arrayContaining(['NoSuchIncidentError: no']),
      },
    ],
    [
      'a string that the handler throws',
      'export const handler = () => { throw "no" }',
      { errorType: 'string', errorMessage: 'no', trace: [] },
    ],
    [
      'a result that is not JSON',
      'export const handler = async () => 10n',
      { errorType: 'Runtime.JSONStringifyError', errorMessage: 'Unable to stringify response body' },
    ],
    [
      'a promise that never settles',
      'export const handler = () => new Promise(() => {})',
      { errorType: 'Runtime.NodeJsExit' },
    ],
    [
      'process.exit',
      'export const handler = async () => process.exit(3)',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/),
      },
    ],
    [
      'an exception that nothing catches',
      'export const handler = () => new Promise(() => { setTimeout(() => { throw new RangeError("late") }, 1) })',
      { errorType: 'RangeError', errorMessage: 'late' },
    ],
    [
      'a rejection that nothing handles',
      'export const handler = () => new Promise((r) => { void Promise.reject(new Error("lost")); setTimeout(r, 50) })',
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
    ],
    [
      'a response over 6 MB',
      'export const handler = async () => "x".repeat(6291556)',
      { errorType: 'Function.ResponseSizeTooLarge' },
    ],
    [
      'a module that fails to load',
      'throw new TypeError("at init")',
      { errorType: 'TypeError', errorMessage: 'at init' },
    ],
    [
      'a package that is not in the bundle',
      'import "zod"; export const handler = async () => 1',
      { errorMessage: expect.stringContaining("Cannot find package 'zod'") },
    ],
    ['a syntax error', 'export const handler = async () => {', { errorType: 'Runtime.UserCodeSyntaxError' }],
    [
      'a handler that is not exported',
      'export const main = async () => 1',
      { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    ],
    [
      'a callback handler on Node.js 24',
      'export const handler = (event, context, callback) => callback(null, 1)',
      { errorType: 'Runtime.CallbackHandlerDeprecated' },
    ],
    [
      'response streaming',
      'export const handler = awslambda.streamifyResponse(async () => 1)',
      { errorType: 'UnsupportedInSandboxError' },
    ],
  ])('reports %s as a function error', async (_what, source, expected) => {
    const { lambda } = start([aFunction(source)]);
    const output = await invoke(lambda, 'greet');
    expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', Payload: expected });
  });

  it('reports a missing module as Runtime.ImportModuleError', async () => {
    const { lambda } = start([aFunction('', { handler: 'main.handler' })]);
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: { errorType: 'Runtime.ImportModuleError' } });
  });

  it('ends a function that takes too long, and starts it anew', async () => {
    const source = 'let n = 0; export const handler = async (e) => { n += 1; if (e.hang) for (;;); return n; }';
    const { lambda } = start([aFunction(source, { timeoutSeconds: 1 })]);
    const output = await invoke(lambda, 'greet', { hang: true });
    expect(output).toMatchObject({
      FunctionError: 'Unhandled',
      Payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
      },
    });
    expect(lambda.logs('greet').map((line) => line.message)).toEqual([
      expect.stringMatching(/^2026-11-23T07:00:00\.000Z [0-9a-f-]{36} Task timed out after 1\.00 seconds$/),
    ]);
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: 1 });
  });

  it('reports a function that needs more memory than it has', async () => {
    const source =
      'export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); }';
    const { lambda } = start([aFunction(source)]);
    const errorMessage = expect.stringMatching(/Runtime exited with error: signal: killed$/);
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: { errorType: 'Runtime.ExitError', errorMessage } });
  });

  it('names the code /var/task in traces and lines, wherever it runs', async () => {
    const { lambda } = start([
      aFunction('export const handler = async () => { console.log(import.meta.url); throw new Error("no") }'),
    ]);
    const { Payload } = await invoke(lambda, 'greet');
    expect(Payload).toHaveProperty(
      'trace',
      expect.arrayContaining([expect.stringContaining('file:///var/task/index.mjs:1')]),
    );
    expect(lambda.logs('greet')[0]?.message).toBe('file:///var/task/index.mjs');
  });

  it('starts a function anew after a crash', async () => {
    const source = 'let n = 0; export const handler = async (e) => { n += 1; if (e.crash) process.exit(1); return n; }';
    const { lambda } = start([aFunction(source)]);
    await invoke(lambda, 'greet', { crash: true });
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: 1 });
  });

  it('keeps the lines that a crashed function wrote', async () => {
    const { lambda } = start([
      aFunction('export const handler = async () => { console.log("last words"); process.exit(1); }'),
    ]);
    await invoke(lambda, 'greet');
    expect(lambda.logs('greet').map((line) => line.message)).toContain('last words');
  });

  it('refuses more invocations at once than the reserved concurrency', async () => {
    const source = 'export const handler = async () => { await new Promise((r) => setTimeout(r, 100)) }';
    const { lambda } = start([aFunction(source, { reservedConcurrency: 1 })]);
    const first = invoke(lambda, 'greet');
    await expect(invoke(lambda, 'greet')).rejects.toMatchObject({ name: 'TooManyRequestsException', statusCode: 429 });
    await first;
  });

  it('refuses to run once it is closed', async () => {
    const { lambda } = start([aFunction('export const handler = async () => 1')]);
    await lambda.close();
    await expect(invoke(lambda, 'greet')).rejects.toThrow('closed');
  });
});

describe('Lambda, the API', () => {
  const source = 'export const handler = async () => 1';

  it.each([
    ['the name', 'greet', ''],
    ['the ARN', `arn:aws:lambda:${REGION}:${ACCOUNT}:function:greet`, ''],
    ['the partial ARN', `${ACCOUNT}:function:greet`, ''],
    ['a version in the name', 'greet:$LATEST', ':$LATEST'],
  ])('needs lambda:InvokeFunction on the function by %s', async (_what, FunctionName, suffix) => {
    const { lambda } = start([aFunction(source)]);
    const resource = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:greet${suffix}`;
    expect(lambda.grantsFor('Invoke', { FunctionName })).toEqual([{ action: 'lambda:InvokeFunction', resource }]);
    expect(await invoke(lambda, FunctionName)).toMatchObject({ Payload: 1 });
  });

  it('leaves the grants of operations that it does not answer to the table', () => {
    const { lambda } = start([aFunction(source)]);
    const resource = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:greet`;
    expect(lambda.handles('UpdateAlias', { FunctionName: 'greet' })).toBe(false);
    expect(lambda.grantsFor('UpdateAlias', { FunctionName: 'greet' })).toEqual([
      { action: 'lambda:UpdateAlias', resource },
    ]);
  });

  it.each([
    ['an unknown function', { FunctionName: 'nobody' }, 'ResourceNotFoundException'],
    ['an unknown alias', { FunctionName: 'greet', Qualifier: 'live' }, 'ResourceNotFoundException'],
    ['a name that is none', { FunctionName: 'a b' }, 'ValidationException'],
    ['two qualifiers', { FunctionName: 'greet:live', Qualifier: 'dev' }, 'InvalidParameterValueException'],
    [
      'an unknown invocation type',
      { FunctionName: 'greet', InvocationType: 'Later' },
      'InvalidParameterValueException',
    ],
    ['a payload that is not JSON', { FunctionName: 'greet', Payload: 'e3s=' }, 'InvalidRequestContentException'],
    [
      'a payload over 6 MB',
      { FunctionName: 'greet', Payload: { x: 'x'.repeat(6_291_456) } },
      'RequestTooLargeException',
    ],
    [
      'an asynchronous payload over 1 MB',
      { FunctionName: 'greet', InvocationType: 'Event', Payload: { x: 'x'.repeat(1_048_576) } },
      'RequestTooLargeException',
    ],
  ])('refuses %s', async (_what, input, name) => {
    const { lambda } = start([aFunction(source)]);
    const call = { service: 'lambda', operation: 'Invoke', principal: ROLE, input };
    await expect(lambda.answer(call)).rejects.toMatchObject({ name });
  });

  it('says of a payload that is too large for which kind of invocation it is', async () => {
    const { lambda } = start([aFunction(source)]);
    const input = { FunctionName: 'greet', InvocationType: 'Event', Payload: { x: 'x'.repeat(1_048_576) } };
    const invoked = lambda.answer({ service: 'lambda', operation: 'Invoke', principal: ROLE, input });
    await expect(invoked).rejects.toThrow('too large for the Event invocation type (limit 1048576 bytes)');
  });

  it('leaves the functions that no template creates to the world', () => {
    const { lambda } = start([aFunction(source)]);
    expect(lambda.handles('GetFunctionConfiguration', { FunctionName: 'greet' })).toBe(true);
    expect(lambda.handles('GetFunctionConfiguration', { FunctionName: 'theirs' })).toBe(false);
    expect(lambda.handles('Invoke', { FunctionName: 'theirs' })).toBe(false);
    expect(lambda.handles('UpdateAlias', { FunctionName: 'greet' })).toBe(false);
  });

  it('answers a dry run without running anything', async () => {
    const { lambda } = start([aFunction(source)]);
    expect(await invoke(lambda, 'greet', {}, { InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
    expect(lambda.initMsOf('greet')).toEqual([]);
  });

  it('tells the configuration of a function', async () => {
    const { lambda } = start([aFunction(source)]);
    const call = { service: 'lambda', principal: ROLE, input: { FunctionName: 'greet' } };
    const output = await lambda.answer({ ...call, operation: 'GetFunction' });
    expect(output['Configuration']).toMatchObject({ FunctionName: 'greet', Runtime: 'nodejs24.x', Timeout: 20 });
    expect(await lambda.answer({ ...call, operation: 'GetFunctionConfiguration' })).toMatchObject({ State: 'Active' });
  });

  it('knows the role behind the access key that a function was given, and behind no other', async () => {
    const { lambda } = start([aFunction('export const handler = async () => process.env.AWS_ACCESS_KEY_ID')]);
    const { Payload } = await invoke(lambda, 'greet');
    expect(lambda.principalFor(String(Payload))).toEqual({ kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/greet` });
    expect(lambda.principalFor('AKIAOTHER')).toBeUndefined();
  });

  it.each([
    ['an environment that sets a reserved name', { environment: { AWS_REGION: 'x' } }, 'AWS_REGION'],
    ['an environment over 4 KB', { environment: { A: 'x'.repeat(4096) } }, '4 KB'],
    ['a timeout over 900 s', { timeoutSeconds: 901 }, '901 s'],
    ['memory under 128 MB', { memoryMb: 64 }, '64 MB'],
    ['another runtime', { runtime: 'python3.13' }, 'python3.13'],
    ['three asynchronous retries', { maximumRetryAttempts: 3 }, 'retries'],
  ])('refuses %s', (_what, overrides, message) => {
    expect(() => start([aFunction(source, overrides)])).toThrow(message);
  });
});
