import { describe as group, expect, it } from 'vitest';
import { AwsError, type AwsCall } from '../../../sandbox/aws.ts';
import { readPayload } from '../../../sandbox/states/integrations/lambda.ts';
import { aService, describe, invoke, jsonata, machineArn, ROLE, runMachine, typesOf } from './machines.ts';

const end = { Type: 'Pass', End: true };
const task = (resource: string, Arguments: unknown, more: object = {}) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::${resource}`,
  Arguments,
  End: true,
  ...more,
});

/** Runs one task and gives the call it made and what it made of the answer. */
async function callOnce(state: object, answer: Record<string, unknown>) {
  const calls: AwsCall[] = [];
  const run = await runMachine(jsonata({ A: state }), {
    answer: async (call) => {
      calls.push(call);
      return answer;
    },
  });
  return { call: calls[0], ...run };
}

group('request and response', () => {
  it.each<[string, object, string, string, object]>([
    [
      'lambda:invoke',
      { FunctionName: 'f', Payload: { a: 1 } },
      'lambda',
      'Invoke',
      { FunctionName: 'f', Payload: '{"a":1}' },
    ],
    [
      'lambda:invoke',
      { FunctionName: 'f', Payload: 'x', InvocationType: 'Event' },
      'lambda',
      'Invoke',
      { FunctionName: 'f', Payload: '"x"', InvocationType: 'Event' },
    ],
    [
      'sqs:sendMessage',
      { QueueUrl: 'q', MessageBody: { a: 1 } },
      'sqs',
      'SendMessage',
      { QueueUrl: 'q', MessageBody: '{"a":1}' },
    ],
    ['sqs:sendMessage', { QueueUrl: 'q', MessageBody: 'm' }, 'sqs', 'SendMessage', { QueueUrl: 'q', MessageBody: 'm' }],
    ['sns:publish', { TopicArn: 't', Message: { a: 1 } }, 'sns', 'Publish', { TopicArn: 't', Message: '{"a":1}' }],
    [
      'dynamodb:getItem',
      { TableName: 't', Key: { id: { S: '1' } } },
      'dynamodb',
      'GetItem',
      { TableName: 't', Key: { id: { S: '1' } } },
    ],
    ['dynamodb:updateItem', { TableName: 't', Key: {} }, 'dynamodb', 'UpdateItem', { TableName: 't', Key: {} }],
    ['aws-sdk:ec2:describeInstances', { InstanceIds: ['i-1'] }, 'ec2', 'DescribeInstances', { InstanceIds: ['i-1'] }],
    [
      'aws-sdk:ssm:startAutomationExecution',
      { DocumentName: 'd', Parameters: { A: ['1'] } },
      'ssm',
      'StartAutomationExecution',
      { DocumentName: 'd', Parameters: { A: ['1'] } },
    ],
    [
      'aws-sdk:secretsmanager:getSecretValue',
      { SecretId: 's' },
      'secrets-manager',
      'GetSecretValue',
      { SecretId: 's' },
    ],
    [
      'aws-sdk:ecs:updateService',
      { Service: 's', ForceNewDeployment: true },
      'ecs',
      'UpdateService',
      { service: 's', forceNewDeployment: true },
    ],
    [
      'aws-sdk:cloudwatchlogs:tagResource',
      { ResourceArn: 'r', Tags: { Team: 'x' } },
      'cloudwatch-logs',
      'TagResource',
      { resourceArn: 'r', tags: { Team: 'x' } },
    ],
    // As the SDK for Java has it, an acronym at the beginning is a word.
    [
      'aws-sdk:rds:describeDBInstances',
      { DbInstanceIdentifier: 'd' },
      'rds',
      'DescribeDBInstances',
      { DBInstanceIdentifier: 'd' },
    ],
    [
      'aws-sdk:lambda:invoke',
      { FunctionName: 'f', Payload: { a: 1 } },
      'lambda',
      'Invoke',
      { FunctionName: 'f', Payload: '{"a":1}' },
    ],
  ])('%s with %j calls %s:%s', async (resource, Arguments, service, operation, input) => {
    const { call } = await callOnce(task(resource, Arguments), {});
    expect(call).toEqual({ service, operation, input, principal: { kind: 'role', arn: ROLE } });
  });

  it.each<[string, object, Record<string, unknown>, unknown]>([
    [
      'lambda:invoke',
      { FunctionName: 'f' },
      { Payload: '{"a":1}', StatusCode: 200 },
      { ExecutedVersion: '$LATEST', Payload: { a: 1 }, StatusCode: 200 },
    ],
    [
      'lambda:invoke',
      { FunctionName: 'f' },
      { Payload: Buffer.from('[1]').toString('base64'), ExecutedVersion: '3' },
      { ExecutedVersion: '3', Payload: [1], StatusCode: 200 },
    ],
    [
      'lambda:invoke',
      { FunctionName: 'f', InvocationType: 'Event' },
      { StatusCode: 202 },
      { ExecutedVersion: '$LATEST', StatusCode: 202 },
    ],
    [
      'aws-sdk:lambda:invoke',
      { FunctionName: 'f' },
      { Payload: '{"a":1}', StatusCode: 200 },
      { Payload: '{"a":1}', StatusCode: 200 },
    ],
    [
      'aws-sdk:ecs:describeServices',
      {},
      { services: [{ serviceName: 's', runningCount: 1 }] },
      { Services: [{ ServiceName: 's', RunningCount: 1 }] },
    ],
    ['aws-sdk:ec2:describeInstances', {}, { Reservations: [] }, { Reservations: [] }],
    [
      'aws-sdk:rds:describeDBInstances',
      {},
      { DBInstances: [{ DBInstanceStatus: 'available', MultiAZ: true, DBSubnetGroup: { VpcId: 'v' } }] },
      { DbInstances: [{ DbInstanceStatus: 'available', MultiAZ: true, DbSubnetGroup: { VpcId: 'v' } }] },
    ],
    [
      'aws-sdk:s3:getBucketAcl',
      {},
      { Grants: [{ Grantee: { URI: 'u', ID: 'i' }, Permission: 'READ' }] },
      { Grants: [{ Grantee: { Uri: 'u', Id: 'i' }, Permission: 'READ' }] },
    ],
    ['aws-sdk:s3:headObject', {}, { ETag: 'e' }, { ETag: 'e' }],
    ['aws-sdk:lambda:listTags', {}, { Tags: { DBA: 'x' } }, { Tags: { DBA: 'x' } }],
  ])('%s with %j shows %j as %j', async (resource, Arguments, answer, output) => {
    expect((await callOnce(task(resource, Arguments), answer)).output).toEqual(output);
  });

  it('gives an event the execution among its resources, and its detail as text', async () => {
    const Entries = [{ Source: 's', DetailType: 'd', Detail: { a: 1 }, Resources: ['r'] }];
    const { call, view } = await callOnce(task('events:putEvents', { Entries }), {
      FailedEntryCount: 0,
      Entries: [{ EventId: '1' }],
    });
    expect(call?.input).toEqual({
      Entries: [{ Source: 's', DetailType: 'd', Detail: '{"a":1}', Resources: ['r', view.arn] }],
    });
  });

  it('fails when an entry of an event fails', async () => {
    const answer = { FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }] };
    const run = await callOnce(task('events:putEvents', { Entries: [{}] }), answer);
    expect(run).toMatchObject({ error: 'EventBridge.FailedEntry', cause: JSON.stringify(answer) });
  });

  it('fails an optimized task that lacks a parameter when it is made', async () => {
    const run = await callOnce(task('sqs:sendMessage', '{% {"QueueUrl": "q"} %}'), {});
    expect(run.error).toBe('States.Runtime');
    expect(run.cause).toContain(
      "could not be used to start the Task: [The field 'MessageBody' is required but was missing]",
    );
  });

  it.each<[string | undefined, unknown]>([
    ['{"a":1}', { a: 1 }],
    ['1234', 1234],
    ['true', true],
    ['null', null],
    ['"MTIz"', 'MTIz'],
    [Buffer.from('123').toString('base64'), 123],
    [Buffer.from('"é"').toString('base64'), 'é'],
    ['plain text', 'plain text'],
    ['', undefined],
    [undefined, undefined],
  ])('reads the payload %j as %j', (payload, expected) => {
    expect(readPayload(payload)).toEqual(expected);
  });
});

group('a task that waits for its token', () => {
  it('may be completed before its call has answered', async () => {
    const A = {
      ...invoke({}, { token: '{% $states.context.Task.Token %}' }),
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    };
    const { clock, start, service, ask } = aService([{ definition: jsonata({ A }) }], async ({ input }) => {
      const { token } = JSON.parse(String(input['Payload'])) as { token: string };
      await ask('SendTaskSuccess', { taskToken: token, output: '"early"' });
      return { StatusCode: 200, Payload: '{}' };
    });
    await start();
    await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
    expect(service.executions()[0]?.output).toBe('"early"');
  });
});

group('a task that starts an execution', () => {
  const start = (suffix: string, more: object = {}, state: object = {}) =>
    jsonata({
      A: task(
        `states:startExecution${suffix}`,
        { StateMachineArn: machineArn('child'), Input: { n: '{% $states.input.n %}' }, Name: 'c', ...more },
        state,
      ),
      B: end,
    });
  const strip = (states: { States: object }, name: string) => ({
    ...states,
    States: Object.fromEntries(Object.entries(states.States).filter(([key]) => key !== name)),
  });
  const child = jsonata({ C: { ...end, Output: '{% {"twice": $states.input.n * 2} %}' } });
  const run = async (
    parent: { States: object },
    childDefinition: object,
    answer?: (call: AwsCall) => Promise<Record<string, unknown>>,
  ) => {
    const given = aService(
      [
        { definition: parent, name: 'parent' },
        { definition: childDefinition, name: 'child' },
      ],
      answer,
    );
    await given.start({ n: 2 }, 'p', 'parent');
    const parentView = () => given.service.executions().find((view) => view.name === 'p');
    await given.clock.run(() => parentView()?.status !== 'RUNNING');
    await given.clock.run(() => true);
    const view = parentView();
    if (!view) throw new Error('no parent');
    return { ...given, view, child: given.service.executions().find((other) => other.name === 'c'), ...describe(view) };
  };

  it('goes on at once', async () => {
    const { output, child: started, view } = await run(strip(start(''), 'B'), child);
    expect(output).toEqual({ ExecutionArn: started?.arn, StartDate: '2026-03-01T00:00:00.000Z' });
    expect(started).toMatchObject({ input: '{"n":2}', parent: view.arn });
  });

  it.each<[string, unknown]>([
    ['.sync:2', { twice: 4 }],
    ['.sync', '{"twice":4}'],
  ])('with %s waits and gives the output as %j', async (suffix, Output) => {
    const { output, view } = await run(strip(start(suffix), 'B'), child);
    expect(output).toMatchObject({ Status: 'SUCCEEDED', Name: 'c', Output, StateMachineArn: machineArn('child') });
    expect(typesOf(view).slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
  });

  it('fails with States.TaskFailed and the description when the execution fails', async () => {
    const { error, cause, calls } = await run(
      strip(start('.sync:2'), 'B'),
      jsonata({ C: { Type: 'Fail', Error: 'E', Cause: 'why' } }),
    );
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause ?? '')).toMatchObject({
      Status: 'FAILED',
      Error: 'E',
      Cause: 'why',
      Name: 'c',
      Input: '{"n":2}',
    });
    expect(calls.map((call) => call.operation)).toEqual(['StartExecution', 'DescribeExecution']);
  });

  it('asks with the role of its machine', async () => {
    const { calls } = await run(strip(start('.sync'), 'B'), child);
    expect(calls.map(({ service, operation, principal }) => [service, operation, principal.arn])).toEqual([
      ['sfn', 'StartExecution', ROLE],
      ['sfn', 'DescribeExecution', ROLE],
    ]);
  });

  const sleeping = jsonata({ C: { Type: 'Wait', Seconds: 600, End: true } });

  it('stops the execution when it times out, and may go on from there', async () => {
    const state = { TimeoutSeconds: 5, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B' }] };
    const { status, child: started, elapsed } = { ...(await run(start('.sync:2', {}, state), sleeping)), elapsed: 0 };
    expect({ status, child: started?.status, elapsed }).toEqual({ status: 'SUCCEEDED', child: 'ABORTED', elapsed: 0 });
    expect(started?.stopDate).toBe(Date.parse('2026-03-01T00:00:05Z'));
  });

  it('stops the execution when it is stopped itself', async () => {
    const given = aService([
      { definition: strip(start('.sync'), 'B'), name: 'parent' },
      { definition: sleeping, name: 'child' },
    ]);
    const { executionArn } = await given.start({ n: 1 }, 'p', 'parent');
    await given.clock.run(() => false, given.clock.now() + 1000);
    await given.ask('StopExecution', { executionArn });
    await given.clock.run(() => true);
    expect(given.service.executions().map((view) => view.status)).toEqual(['ABORTED', 'ABORTED']);
    await given.clock.run();
    expect(given.calls.map((call) => call.operation)).toEqual(['StartExecution', 'StopExecution']);
  });

  it('waits by asking for an execution that is not of this sandbox', async () => {
    let asked = 0;
    const foreign = start('.sync:2', {
      StateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:elsewhere',
    });
    const given = aService([{ definition: strip(foreign, 'B'), name: 'parent' }], undefined, {
      call: async ({ operation }) => {
        if (operation === 'StartExecution') return { executionArn: 'arn:elsewhere', startDate: '2026-03-01T00:00:00Z' };
        asked += 1;
        return { executionArn: 'arn:elsewhere', status: asked < 3 ? 'RUNNING' : 'SUCCEEDED', output: '{"ok":1}' };
      },
    });
    await given.start({ n: 1 }, 'p', 'parent');
    await given.clock.run(() => given.service.executions()[0]?.status !== 'RUNNING');
    expect(given.service.executions()[0]?.output).toContain('"Output":{"ok":1}');
    expect(given.clock.now()).toBe(Date.parse('2026-03-01T00:02:00Z'));
  });

  it('names a machine that does not exist', async () => {
    const gone = start('', { StateMachineArn: machineArn('gone') });
    const { error, cause } = await run(strip(gone, 'B'), child);
    expect(error).toBe('StepFunctions.StateMachineDoesNotExistException');
    expect(cause).toMatch(
      /^State Machine Does Not Exist: '.*:gone' \(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; /,
    );
  });

  it('starts executions through the AWS SDK, with JSON as input', async () => {
    const A = task('aws-sdk:sfn:startExecution', { StateMachineArn: machineArn('child'), Input: { n: 3 }, Name: 'c' });
    const { output, child: started } = await run(jsonata({ A }), child);
    expect(started?.output).toBe('{"twice":6}');
    expect(output).toEqual({ ExecutionArn: started?.arn, StartDate: '2026-03-01T00:00:00.000Z' });
  });

  it('fails a token of another execution through the AWS SDK', async () => {
    const A = task('aws-sdk:sfn:sendTaskSuccess', { TaskToken: 'x', Output: {} });
    const { error } = await run(jsonata({ A }), child);
    expect(error).toBe('Sfn.InvalidTokenException');
  });

  it('tells a refused call by its action, and Catch sees it', async () => {
    const state = { Catch: [{ ErrorEquals: ['StepFunctions.AWSStepFunctionsException'], Next: 'B' }] };
    const given = aService([{ definition: start('', {}, state), name: 'parent' }], undefined, {
      call: async () => {
        throw new AwsError(
          'AccessDeniedException',
          `User: ${ROLE} is not authorized to perform: states:StartExecution`,
        );
      },
    });
    await given.start({ n: 1 }, 'p', 'parent');
    await given.clock.run(() => given.service.executions()[0]?.status !== 'RUNNING');
    expect(given.service.executions()[0]?.output).toContain('is not authorized to perform: states:StartExecution');
  });
});
