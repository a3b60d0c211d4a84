import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../sandbox/aws.ts';
import type { FunctionDescription } from '../../../sandbox/lambda/function-description.ts';
import type { Lambda, LambdaOptions } from '../../../sandbox/lambda/lambda.ts';
import { ACCOUNT, aFunction, aLambda, invoke, readJson, REGION, START_MS } from './a-lambda.ts';

const FAILS = 'export const handler = async () => { console.log("tried"); throw new Error("no"); }';
const WORKS = 'export const handler = async (event) => { console.log("tried"); return event.n; }';
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:failures`;
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:failures`;
const BUS = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/handsoff`;
const OTHER = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:other`;

let lambda: Lambda | undefined;

afterEach(async () => {
  await lambda?.close();
});

async function runAsync(described: FunctionDescription, overrides: Partial<LambdaOptions> = {}) {
  const started = aLambda([described], overrides);
  lambda = started.lambda;
  const output = await invoke(started.lambda, described.name, { n: 1 }, { InvocationType: 'Event' });
  await started.clock.run();
  const attempts = started.lambda.logs(described.name).filter((line) => line.message === 'tried');
  return { ...started, output, attemptsAtS: attempts.map((line) => (line.at - START_MS) / 1000) };
}

describe('asynchronous invocations', () => {
  it('answer 202 at once, and run when time moves', async () => {
    const { output, attemptsAtS } = await runAsync(aFunction(WORKS));
    expect(output).toMatchObject({ StatusCode: 202 });
    expect(attemptsAtS).toEqual([0]);
  });

  it('try again after one and after two minutes', async () => {
    expect((await runAsync(aFunction(FAILS))).attemptsAtS).toEqual([0, 60, 180]);
  });

  it.each([
    ['the retries that the function allows', { maximumRetryAttempts: 0 }, [0]],
    ['the age that the function allows', { maximumEventAgeSeconds: 100 }, [0, 60]],
  ])('keep to %s', async (_what, overrides, expected) => {
    expect((await runAsync(aFunction(FAILS, overrides))).attemptsAtS).toEqual(expected);
  });

  it('send the event of a failure to the dead-letter queue, with the role of the function', async () => {
    const { calls } = await runAsync(aFunction(FAILS, { deadLetterArn: QUEUE }));
    expect(calls).toEqual([
      {
        service: 'sqs',
        operation: 'SendMessage',
        principal: { kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/greet` },
        input: {
          QueueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/failures`,
          MessageBody: '{"n":1}',
          MessageAttributes: {
            RequestID: { DataType: 'String', StringValue: expect.any(String) },
            ErrorCode: { DataType: 'Number', StringValue: '200' },
            ErrorMessage: { DataType: 'String', StringValue: 'no' },
          },
        },
      },
    ]);
  });

  it('send the record of a failure to the failure destination', async () => {
    const { calls } = await runAsync(aFunction(FAILS, { onFailureArn: TOPIC }));
    expect(calls).toMatchObject([{ service: 'sns', operation: 'Publish', input: { TopicArn: TOPIC } }]);
    expect(JSON.parse(String(calls[0]?.input['Message']))).toEqual({
      version: '1.0',
      timestamp: '2026-11-23T07:03:00.000Z',
      requestContext: {
        requestId: expect.any(String),
        functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:greet:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'no', trace: expect.any(Array) },
    });
  });

  it('send the record of a success to an event bus as an event', async () => {
    const { calls } = await runAsync(aFunction(WORKS, { onSuccessArn: BUS }));
    expect(calls).toMatchObject([
      {
        service: 'eventbridge',
        operation: 'PutEvents',
        input: {
          Entries: [{ EventBusName: BUS, Source: 'lambda', DetailType: 'Lambda Function Invocation Result - Success' }],
        },
      },
    ]);
  });

  it('hand the record to another function', async () => {
    const { calls } = await runAsync(aFunction(WORKS, { onSuccessArn: OTHER }));
    expect(calls[0]).toMatchObject({ service: 'lambda', operation: 'Invoke', input: { InvocationType: 'Event' } });
    expect(readJson(calls[0]?.input['Payload'])).toMatchObject({ requestContext: { condition: 'Success' } });
  });

  it('never run a function whose reserved concurrency is zero, and dead-letter its events', async () => {
    const { calls, attemptsAtS } = await runAsync(aFunction(WORKS, { reservedConcurrency: 0, deadLetterArn: QUEUE }));
    expect(attemptsAtS).toEqual([]);
    expect(calls).toMatchObject([{ service: 'sqs', operation: 'SendMessage' }]);
  });

  it('keep the fault when a record cannot be delivered', async () => {
    const call = async () => {
      throw new AwsError('AccessDenied', 'not authorized to perform: sqs:SendMessage');
    };
    const started = await runAsync(aFunction(FAILS, { onFailureArn: QUEUE }), { call });
    expect(started.lambda.faults().map((fault) => fault.message)).toEqual([
      expect.stringContaining(`could not deliver to ${QUEUE}`),
    ]);
  });

  it('wait for their turn when the function is throttled', async () => {
    const described = aFunction(
      'export const handler = async () => { console.log("tried"); await new Promise((r) => setTimeout(r, 60)); }',
      { reservedConcurrency: 1 },
    );
    const started = aLambda([described]);
    lambda = started.lambda;
    for (let n = 0; n < 2; n += 1) await invoke(lambda, 'greet', {}, { InvocationType: 'Event' });
    const busy = invoke(lambda, 'greet');
    await started.clock.run();
    await busy;
    expect(lambda.logs('greet')).toHaveLength(3);
    expect(lambda.faults()).toEqual([]);
  });
});
