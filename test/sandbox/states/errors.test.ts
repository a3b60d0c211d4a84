import { describe as group, expect, it } from 'vitest';
import { AwsError } from '../../../sandbox/aws.ts';
import { anError, functionAnswers, invoke, jsonata, runMachine, statesOf, typesOf } from './machines.ts';

const end = { Type: 'Pass', End: true };
const sdk = (service: string, action: string, more: object = {}) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::aws-sdk:${service}:${action}`,
  Arguments: {},
  End: true,
  ...more,
});
const refuse = (error: Error) => async (): Promise<never> => {
  throw error;
};

group('Retry', () => {
  it.each<[string, object, number, number]>([
    ['the defaults', {}, 1 + 2 + 4, 3],
    ['IntervalSeconds', { IntervalSeconds: 10 }, 10 + 20 + 40, 3],
    ['MaxAttempts', { MaxAttempts: 1 }, 1, 1],
    ['no attempts', { MaxAttempts: 0 }, 0, 0],
    ['BackoffRate', { BackoffRate: 1.5, MaxAttempts: 2 }, 1 + 1.5, 2],
    ['MaxDelaySeconds', { IntervalSeconds: 5, MaxDelaySeconds: 6 }, 5 + 6 + 6, 3],
    ['JitterStrategy NONE', { JitterStrategy: 'NONE' }, 7, 3],
  ])('waits by %s', async (_, retrier, seconds, retries) => {
    const A = invoke({ Retry: [{ ErrorEquals: ['Boom'], ...retrier }] });
    const run = await runMachine(jsonata({ A }), { answer: functionAnswers(anError('Boom')) });
    expect(run).toMatchObject({ error: 'Boom', elapsedMs: seconds * 1000, transitions: 1 + retries });
  });

  it('with FULL jitter waits shorter, and the same in every run', async () => {
    const A = invoke({
      Retry: [{ ErrorEquals: ['Boom'], IntervalSeconds: 100, MaxAttempts: 1, JitterStrategy: 'FULL' }],
    });
    const run = () => runMachine(jsonata({ A }), { answer: functionAnswers(anError('Boom')) });
    const [first, second] = [await run(), await run()];
    expect(first.elapsedMs).toBe(second.elapsedMs);
    expect(first.elapsedMs).toBeGreaterThan(0);
    expect(first.elapsedMs).toBeLessThan(100_000);
  });

  it('counts each retrier by itself', async () => {
    const A = invoke({
      Retry: [
        { ErrorEquals: ['One'], MaxAttempts: 1 },
        { ErrorEquals: ['States.ALL'], MaxAttempts: 1, IntervalSeconds: 10 },
      ],
    });
    const answers = functionAnswers(anError('One'), anError('Two'), anError('One'));
    expect(await runMachine(jsonata({ A }), { answer: answers })).toMatchObject({ error: 'One', elapsedMs: 11_000 });
  });

  it('begins anew with every visit of the state', async () => {
    const A = invoke({
      Retry: [{ ErrorEquals: ['Boom'], MaxAttempts: 1 }],
      Assign: { n: '{% $n + 1 %}' },
      End: false,
      Next: 'C',
    });
    const states = {
      S: { Type: 'Pass', Assign: { n: 0 }, Next: 'A' },
      A,
      C: { Type: 'Choice', Choices: [{ Condition: '{% $n < 2 %}', Next: 'A' }], Default: 'D' },
      D: end,
    };
    const answer = functionAnswers(anError('Boom'), 1, anError('Boom'), 1);
    expect(await runMachine(jsonata(states), { answer })).toMatchObject({ status: 'SUCCEEDED', transitions: 8 });
  });

  it('makes a second attempt that can succeed', async () => {
    const A = invoke({ Retry: [{ ErrorEquals: ['States.TaskFailed'] }], Output: '{% $states.result.Payload %}' });
    expect(await runMachine(jsonata({ A }), { answer: functionAnswers(anError('Boom'), 'ok') })).toMatchObject({
      output: 'ok',
    });
  });
});

group('ErrorEquals', () => {
  const caught = async (names: string[], error: Error) => {
    const A = invoke({ Catch: [{ ErrorEquals: names, Next: 'B' }] });
    const { view } = await runMachine(jsonata({ A, B: end }), { answer: functionAnswers(error) });
    return statesOf(view).includes('B');
  };
  const timesOut = async (names: string[]) => {
    const A = {
      ...invoke({ Catch: [{ ErrorEquals: names, Next: 'B' }], TimeoutSeconds: 5 }),
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    };
    return statesOf((await runMachine(jsonata({ A, B: end }), { answer: functionAnswers({}) })).view).includes('B');
  };

  it.each<[string[], string, boolean]>([
    [['Boom'], 'Boom', true],
    [['Other', 'Boom'], 'Boom', true],
    [['boom'], 'Boom', false],
    [['Boo'], 'Boom', false],
    [['States.ALL'], 'Boom', true],
    [['States.TaskFailed'], 'Boom', true],
    [['States.Timeout'], 'Boom', false],
    [['States.TaskFailed'], 'States.Timeout', false],
    [['States.ALL'], 'States.Runtime', false],
    [['States.Runtime'], 'States.Runtime', false],
    [['States.ALL'], 'States.DataLimitExceeded', false],
  ])('%j against %s is %s', async (names, error, expected) => {
    expect(await caught(names, anError(error))).toBe(expected);
  });

  it.each<[string[], boolean]>([
    [['States.Timeout'], true],
    [['States.ALL'], true],
    [['States.TaskFailed'], false],
    [['States.HeartbeatTimeout'], false],
  ])('%j against a timeout is %s', async (names, expected) => {
    expect(await timesOut(names)).toBe(expected);
  });
});

group('Catch', () => {
  it('hands on the error output, without the Assign and Output of the state', async () => {
    const A = invoke({ Assign: { v: 1 }, Output: 'never', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] });
    const run = await runMachine(jsonata({ A, B: { ...end, Output: '{% [$states.input, $exists($v)] %}' } }), {
      answer: functionAnswers(anError('Boom', 'why')),
    });
    expect(run.output).toEqual([{ Error: 'Boom', Cause: '{"errorType":"Boom","errorMessage":"why"}' }, false]);
  });

  it('has its own Output and Assign, which see the input and the error', async () => {
    const catcher = {
      ErrorEquals: ['States.ALL'],
      Output: '{% {"i": $states.input, "e": $states.errorOutput.Error} %}',
      Assign: { c: '{% $parse($states.errorOutput.Cause).errorMessage %}' },
      Next: 'B',
    };
    const states = { A: invoke({ Catch: [catcher] }), B: { ...end, Output: '{% [$states.input, $c] %}' } };
    const run = await runMachine(jsonata(states), { input: { n: 1 }, answer: functionAnswers(anError('Boom', 'why')) });
    expect(run.output).toEqual([{ i: { n: 1 }, e: 'Boom' }, 'why']);
  });

  it('comes after the retries', async () => {
    const A = invoke({
      Retry: [{ ErrorEquals: ['Boom'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['Boom'], Next: 'B' }],
    });
    const run = await runMachine(jsonata({ A, B: end }), { answer: functionAnswers(anError('Boom')) });
    expect(run).toMatchObject({ status: 'SUCCEEDED', transitions: 3 });
  });

  it('catches a query that fails in the state, and one in its Output', async () => {
    for (const fields of [{ Arguments: '{% $states.input.gone %}' }, { Output: '{% $states.input.gone %}' }]) {
      const A = invoke({ ...fields, Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'B' }] });
      const run = await runMachine(jsonata({ A, B: end }), { answer: functionAnswers(1) });
      expect(statesOf(run.view)).toEqual(['A', 'B']);
    }
  });

  it('takes the first catcher that matches, and fails with what its own query fails with', async () => {
    const Catch = [
      { ErrorEquals: ['Boom'], Output: '{% $states.input.gone %}', Next: 'B' },
      { ErrorEquals: ['States.ALL'], Next: 'B' },
    ];
    const run = await runMachine(jsonata({ A: invoke({ Catch }), B: end }), {
      answer: functionAnswers(anError('Boom')),
    });
    expect(run.error).toBe('States.QueryEvaluationError');
    expect(run.cause).toContain("for the field 'Catch[0]/Output' returned nothing");
  });
});

group('the errors of tasks', () => {
  it.each<[string, string, Error, string]>([
    ['ec2', 'startInstances', new AwsError('UnauthorizedOperation', 'no', 403), 'Ec2.Ec2Exception'],
    ['ec2', 'describeInstances', new AwsError('InvalidInstanceID.NotFound', 'no'), 'Ec2.Ec2Exception'],
    ['ssm', 'startAutomationExecution', new AwsError('AccessDeniedException', 'no'), 'Ssm.SsmException'],
    ['ssm', 'getDocument', new AwsError('InvalidDocument', 'no'), 'Ssm.InvalidDocumentException'],
    [
      'dynamodb',
      'putItem',
      new AwsError('ConditionalCheckFailedException', 'no'),
      'DynamoDb.ConditionalCheckFailedException',
    ],
    ['dynamodb', 'putItem', new AwsError('ValidationException', 'no'), 'DynamoDb.DynamoDbException'],
    ['sqs', 'sendMessage', new AwsError('QueueDoesNotExist', 'no'), 'Sqs.QueueDoesNotExistException'],
    ['sns', 'publish', new AwsError('NotFound', 'no'), 'Sns.NotFoundException'],
    ['rds', 'startDBInstance', new AwsError('DBInstanceNotFoundFault', 'no'), 'Rds.DbInstanceNotFoundException'],
    ['rds', 'startDBInstance', new AwsError('AccessDenied', 'no'), 'Rds.RdsException'],
    [
      'secretsmanager',
      'getSecretValue',
      new AwsError('ResourceNotFoundException', 'no'),
      'SecretsManager.ResourceNotFoundException',
    ],
  ])('of aws-sdk:%s:%s: %s is %s', async (service, action, error, expected) => {
    expect((await runMachine(jsonata({ A: sdk(service, action) }), { answer: refuse(error) })).error).toBe(expected);
  });

  it.each<[string, object, Error, string]>([
    [
      'lambda:invoke',
      { FunctionName: 'f' },
      new AwsError('TooManyRequestsException', 'no', 429),
      'Lambda.TooManyRequestsException',
    ],
    ['lambda:invoke', { FunctionName: 'f' }, new AwsError('ServiceException', 'no', 500), 'Lambda.ServiceException'],
    [
      'lambda:invoke',
      { FunctionName: 'f' },
      new AwsError('AccessDeniedException', 'no', 403),
      'Lambda.AWSLambdaException',
    ],
    [
      'dynamodb:putItem',
      { TableName: 't', Item: {} },
      new AwsError('ConditionalCheckFailedException', 'no'),
      'DynamoDB.ConditionalCheckFailedException',
    ],
    [
      'dynamodb:putItem',
      { TableName: 't', Item: {} },
      new AwsError('ValidationException', 'no'),
      'DynamoDB.AmazonDynamoDBException',
    ],
    [
      'sqs:sendMessage',
      { QueueUrl: 'q', MessageBody: 'm' },
      new AwsError('MissingParameter', 'no'),
      'SQS.AmazonSQSException',
    ],
    ['sns:publish', { TopicArn: 't', Message: 'm' }, new AwsError('NotFound', 'no', 404), 'SNS.NotFoundException'],
    [
      'events:putEvents',
      { Entries: [] },
      new AwsError('InternalException', 'no', 500),
      'EventBridge.InternalException',
    ],
  ])('of %s with %j: %s is %s', async (integration, Arguments, error, expected) => {
    const A = { Type: 'Task', Resource: `arn:aws:states:::${integration}`, Arguments, End: true };
    expect((await runMachine(jsonata({ A }), { answer: refuse(error) })).error).toBe(expected);
  });

  it('keep who, what and on what of a refusal in the cause', async () => {
    const message =
      'User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ec2:StartInstances on resource: i-1';
    const run = await runMachine(jsonata({ A: sdk('ec2', 'startInstances') }), {
      answer: refuse(new AwsError('UnauthorizedOperation', message, 403)),
    });
    expect(run.cause).toMatch(
      /^User: .* \(Service: Ec2, Status Code: 403, Request ID: [0-9a-f-]{36}\) \(SDK Attempt Count: 1\)$/,
    );
  });

  it('cannot be caught when the sandbox has no answer', async () => {
    const A = sdk('ec2', 'describeInstances', {
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
    });
    const run = await runMachine(jsonata({ A, B: end }), {
      answer: refuse(new Error('The world does not describe ec2:DescribeInstances {}')),
    });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime', elapsedMs: 0 });
    expect(run.cause).toContain('The world does not describe ec2:DescribeInstances {}');
  });
});

group('the history of a task', () => {
  it('has the events of AWS, in its order', async () => {
    const A = invoke({ TimeoutSeconds: 9, Retry: [{ ErrorEquals: ['Boom'] }] });
    const { view } = await runMachine(jsonata({ A }), { answer: functionAnswers(anError('Boom', 'why'), { ok: 1 }) });
    expect(typesOf(view)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(view.history.map((event) => event.previousEventId)).toEqual([0, 0, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(view.history[2]).toEqual({
      timestamp: '2026-03-01T00:00:00.000Z',
      type: 'TaskScheduled',
      id: 3,
      previousEventId: 2,
      taskScheduledEventDetails: {
        resource: 'invoke',
        resourceType: 'lambda',
        region: 'eu-central-1',
        parameters: '{"FunctionName":"f","Payload":{}}',
        timeoutInSeconds: 9,
      },
    });
    expect(view.history[4]).toMatchObject({
      taskFailedEventDetails: {
        resource: 'invoke',
        resourceType: 'lambda',
        error: 'Boom',
        cause: '{"errorType":"Boom","errorMessage":"why"}',
      },
    });
  });

  it('has events of its own kind for a function called by its ARN', async () => {
    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:f';
    const A = { Type: 'Task', Resource: arn, Arguments: { n: '{% $states.input.n %}' }, End: true };
    const { view, output } = await runMachine(jsonata({ A }), { input: { n: 1 }, answer: functionAnswers({ ok: 1 }) });
    expect(output).toEqual({ ok: 1 });
    expect(view.history.slice(2, 5)).toMatchObject([
      { type: 'LambdaFunctionScheduled', lambdaFunctionScheduledEventDetails: { resource: arn, input: '{"n":1}' } },
      { type: 'LambdaFunctionStarted' },
      { type: 'LambdaFunctionSucceeded', lambdaFunctionSucceededEventDetails: { output: '{"ok":1}' } },
    ]);
  });
});
