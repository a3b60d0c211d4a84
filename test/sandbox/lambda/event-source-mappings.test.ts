import { afterEach, describe, expect, it } from 'vitest';
import { type AwsCall, AwsError, type RequiredGrant } from '../../../sandbox/aws.ts';
import type { MappingDescription } from '../../../sandbox/lambda/event-source-mapping.ts';
import { EventSourceMappings } from '../../../sandbox/lambda/event-source-mappings.ts';
import type { FunctionDescription } from '../../../sandbox/lambda/function-description.ts';
import type { Lambda } from '../../../sandbox/lambda/lambda.ts';
import { ACCOUNT, aFunction, aLambda, REGION, START_MS } from './a-lambda.ts';

const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:work`;
const FAILURES = `arn:aws:sqs:${REGION}:${ACCOUNT}:failures`;
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/incidents`;
const STREAM = `${TABLE}/stream/2026-11-23T07:00:00.000`;
const SEES = 'console.log(JSON.stringify(event.Records.map((r) => r.body ?? r.dynamodb.SequenceNumber)));';

const open: Lambda[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((lambda) => lambda.close()));
});

/** A queue that hides what it gave for 30 seconds, told of only through the SQS API. */
function aQueue(now: () => number) {
  const messages: { id: string; body: string; visibleAt: number }[] = [];
  let listener: () => void = () => undefined;
  const receive = (limit: number) => {
    const visible = messages.filter((message) => message.visibleAt <= now()).slice(0, limit);
    for (const message of visible) message.visibleAt = now() + 30_000;
    return visible.map(({ id, body }) => ({ MessageId: id, ReceiptHandle: id, Body: body, Attributes: {} }));
  };
  return {
    messages,
    source: {
      onMessage: (_arn: string, listen: () => void) => {
        listener = listen;
      },
    },
    send(...bodies: string[]) {
      for (const body of bodies) {
        messages.push({ id: `m${messages.length + 1}`, body, visibleAt: 0 });
        listener();
      }
    },
    answer({ operation, input }: AwsCall): Record<string, unknown> {
      if (operation === 'GetQueueAttributes') return { Attributes: { VisibilityTimeout: '30' } };
      if (operation === 'ReceiveMessage') return { Messages: receive(Number(input['MaxNumberOfMessages'])) };
      const at = messages.findIndex((message) => message.id === input['ReceiptHandle']);
      messages.splice(at, 1);
      return {};
    },
  };
}

async function start(
  described: FunctionDescription,
  mapping: Partial<MappingDescription>,
  authorize: (principal: unknown, grants: readonly RequiredGrant[]) => void = () => undefined,
) {
  const calls: AwsCall[] = [];
  const started = aLambda([described]);
  open.push(started.lambda);
  const queue = aQueue(() => started.clock.now());
  const call = async (made: AwsCall) => {
    calls.push(made);
    return made.input['QueueUrl'] === `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/work` ? queue.answer(made) : {};
  };
  let put: (record: { eventName: string; dynamodb: { SequenceNumber: string; Keys: unknown } }) => void = () =>
    undefined;
  const dynamodb = {
    onStreamRecord: (_arn: string, listener: typeof put) => {
      put = listener;
    },
  };
  const mappings = new EventSourceMappings({
    ...started,
    call,
    authorize,
    sqs: queue.source,
    dynamodb,
    mappings: [{ id: 'map', functionArn: described.arn, eventSourceArn: QUEUE, ...mapping }],
  });
  await mappings.start();
  const change = (...sequence: string[]) => {
    for (const SequenceNumber of sequence)
      put({ eventName: 'INSERT', dynamodb: { SequenceNumber, Keys: { id: { S: SequenceNumber } } } });
  };
  const seen = () =>
    started.lambda
      .logs(described.name)
      .filter((line) => line.message.startsWith('['))
      .map((line) => `${(line.at - START_MS) / 1000}s ${line.message}`);
  return { ...started, mappings, queue, calls, change, seen };
}

describe('a mapping from a queue', () => {
  it('hands messages over in batches and deletes them', async () => {
    const { queue, clock, seen } = await start(aFunction(`export const handler = async (event) => { ${SEES} }`), {
      batchSize: 2,
    });
    queue.send('a', 'b', 'c');
    await clock.run();
    expect(seen()).toEqual(['0s ["a","b"]', '0s ["c"]']);
    expect(queue.messages).toEqual([]);
  });

  it('gives records as Lambda shapes them, with the calls of the role of the function', async () => {
    const { queue, clock, lambda, calls } = await start(
      aFunction('export const handler = async (event) => { console.log(JSON.stringify(event.Records[0])) }'),
      {},
    );
    queue.send('a');
    await clock.run();
    expect(JSON.parse(lambda.logs('greet')[0]?.message ?? '')).toEqual({
      messageId: 'm1',
      receiptHandle: 'm1',
      body: 'a',
      attributes: {},
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: QUEUE,
      awsRegion: REGION,
    });
    expect(new Set(calls.map((call) => call.principal.arn))).toEqual(new Set([`arn:aws:iam::${ACCOUNT}:role/greet`]));
  });

  it('leaves a failed batch to the queue, and reads it again when it is visible', async () => {
    const source = `let n = 0; export const handler = async (event) => { ${SEES} n += 1; if (n === 1) throw new Error('no'); }`;
    const { queue, clock, seen } = await start(aFunction(source), {});
    queue.send('a');
    await clock.run();
    expect(seen()).toEqual(['0s ["a"]', '30s ["a"]']);
    expect(queue.messages).toEqual([]);
  });

  it('tries only the items again that the function reports', async () => {
    const source = `let n = 0; export const handler = async (event) => { ${SEES} n += 1;
      return { batchItemFailures: n === 1 ? [{ itemIdentifier: 'm2' }] : [] }; }`;
    const { queue, clock, seen } = await start(aFunction(source), {
      functionResponseTypes: ['ReportBatchItemFailures'],
    });
    queue.send('a', 'b', 'c');
    await clock.run();
    expect(seen()).toEqual(['0s ["a","b","c"]', '30s ["b"]']);
  });

  it.each([
    ['names an unknown item', "{ batchItemFailures: [{ itemIdentifier: 'm9' }] }"],
    ['names an empty item', "{ batchItemFailures: [{ itemIdentifier: '' }] }"],
    ['is in another form', '{ batchItemFailures: 1 }'],
  ])('fails the whole batch when the report %s', async (_what, report) => {
    const source = `let n = 0; export const handler = async (event) => { ${SEES} n += 1; return n === 1 ? ${report} : null; }`;
    const { queue, clock, seen } = await start(aFunction(source), {
      functionResponseTypes: ['ReportBatchItemFailures'],
    });
    queue.send('a', 'b');
    await clock.run();
    expect(seen()).toEqual(['0s ["a","b"]', '30s ["a","b"]']);
  });

  it('waits for the batching window, or for a full batch', async () => {
    const source = `export const handler = async (event) => { ${SEES} }`;
    const { queue, clock, seen } = await start(aFunction(source), { batchSize: 2, maximumBatchingWindowSeconds: 20 });
    await clock.run();
    queue.send('a');
    await clock.run();
    queue.send('b', 'c', 'd');
    await clock.run();
    expect(seen()).toEqual(['20s ["a"]', '20s ["b","c"]', '20s ["d"]']);
  });

  it('deletes what the filter keeps from the function', async () => {
    const source = `export const handler = async (event) => { ${SEES} }`;
    const filterPatterns = ['{"body":{"kind":["page"]}}'];
    const { queue, clock, seen } = await start(aFunction(source), { filterPatterns });
    queue.send('{"kind":"page"}', '{"kind":"note"}', 'no JSON');
    await clock.run();
    expect(seen()).toEqual(['0s ["{\\"kind\\":\\"page\\"}"]']);
    expect(queue.messages).toEqual([]);
  });
});

describe('a mapping from a stream', () => {
  const stream = { eventSourceArn: STREAM, startingPosition: 'LATEST' } as const;

  it('hands changes over in order, in batches', async () => {
    const source =
      'export const handler = async (event) => { for (const r of event.Records) console.log(JSON.stringify(r)) }';
    const { change, clock, lambda } = await start(aFunction(source), stream);
    change('1', '2');
    await clock.run();
    const records = lambda.logs('greet').map((line): unknown => JSON.parse(line.message));
    expect(records).toMatchObject([{ dynamodb: { SequenceNumber: '1' } }, { dynamodb: { SequenceNumber: '2' } }]);
  });

  it('tries a failing batch again, with the rest waiting behind it', async () => {
    const source = `let n = 0; export const handler = async (event) => { ${SEES} n += 1; if (n <= 2) throw new Error('no'); }`;
    const { change, clock, seen } = await start(aFunction(source), { ...stream, batchSize: 1 });
    change('1', '2');
    await clock.run();
    expect(seen()).toEqual(['0s ["1"]', '1s ["1"]', '3s ["1"]', '3s ["2"]']);
  });

  it('gives a batch up after its retries, tells where it is, and goes on', async () => {
    const source = `export const handler = async (event) => { ${SEES} if (event.Records[0].dynamodb.SequenceNumber === '1') throw new Error('no'); }`;
    const mapping = { ...stream, batchSize: 1, maximumRetryAttempts: 1, onFailureArn: FAILURES };
    const { change, clock, seen, calls } = await start(aFunction(source), mapping);
    change('1', '2');
    await clock.run();
    expect(seen()).toEqual(['0s ["1"]', '1s ["1"]', '1s ["2"]']);
    expect(calls).toMatchObject([{ service: 'sqs', operation: 'SendMessage' }]);
    expect(JSON.parse(String(calls[0]?.input['MessageBody']))).toEqual({
      requestContext: {
        requestId: expect.any(String),
        functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:greet`,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: '2026-11-23T07:00:01.000Z',
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
        startSequenceNumber: '1',
        endSequenceNumber: '1',
        approximateArrivalOfFirstRecord: '2026-11-23T07:00:00Z',
        approximateArrivalOfLastRecord: '2026-11-23T07:00:00Z',
        batchSize: 1,
        streamArn: STREAM,
      },
    });
  });

  it('gives records up that are older than they may be', async () => {
    const source = `export const handler = async (event) => { ${SEES} throw new Error('no'); }`;
    const { change, clock, seen } = await start(aFunction(source), { ...stream, maximumRecordAgeSeconds: 60 });
    change('1');
    await clock.run();
    expect(seen().map((line) => line.split(' ')[0])).toEqual(['0s', '1s', '3s', '7s', '15s', '31s']);
  });

  it('splits a failing batch until only the bad record fails', async () => {
    const source = `export const handler = async (event) => { ${SEES} if (event.Records.some((r) => r.dynamodb.SequenceNumber === '3')) throw new Error('no'); }`;
    const mapping = { ...stream, bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 };
    const { change, clock, seen } = await start(aFunction(source), mapping);
    change('1', '2', '3', '4');
    await clock.run();
    expect(seen().map((line) => line.split(' ')[1])).toEqual([
      '["1","2","3","4"]',
      '["1","2"]',
      '["3","4"]',
      '["3"]',
      '["4"]',
    ]);
  });

  it('goes on from the first record that the function reports', async () => {
    const source = `let n = 0; export const handler = async (event) => { ${SEES} n += 1;
      return { batchItemFailures: n === 1 ? [{ itemIdentifier: '3' }, { itemIdentifier: '2' }] : [] }; }`;
    const mapping = { ...stream, functionResponseTypes: ['ReportBatchItemFailures'] };
    const { change, clock, seen } = await start(aFunction(source), mapping);
    change('1', '2', '3');
    await clock.run();
    expect(seen()).toEqual(['0s ["1","2","3"]', '1s ["2","3"]']);
  });

  it('leaves out what the filter does not let through', async () => {
    const source = `export const handler = async (event) => { ${SEES} }`;
    const filterPatterns = [{ eventName: ['INSERT'], dynamodb: { Keys: { id: { S: ['2'] } } } }];
    const { change, clock, seen } = await start(aFunction(source), { ...stream, filterPatterns });
    change('1', '2');
    await clock.run();
    expect(seen()).toEqual(['0s ["2"]']);
  });
});

describe('EventSourceMappings', () => {
  const works = aFunction('export const handler = async () => null');
  const deny =
    (action: string) =>
    (_principal: unknown, [grant]: readonly RequiredGrant[]) => {
      if (grant?.action === action) throw new AwsError('AccessDeniedException', 'no');
    };

  it.each([
    ['sqs:ReceiveMessage', { eventSourceArn: QUEUE }, QUEUE],
    ['sqs:DeleteMessage', { eventSourceArn: QUEUE }, QUEUE],
    ['sqs:GetQueueAttributes', { eventSourceArn: QUEUE }, QUEUE],
    ['dynamodb:GetRecords', { eventSourceArn: STREAM, startingPosition: 'LATEST' }, STREAM],
    ['dynamodb:GetShardIterator', { eventSourceArn: STREAM, startingPosition: 'LATEST' }, STREAM],
    ['dynamodb:DescribeStream', { eventSourceArn: STREAM, startingPosition: 'LATEST' }, STREAM],
    ['dynamodb:ListStreams', { eventSourceArn: STREAM, startingPosition: 'LATEST' }, '*'],
  ] as const)('refuse to start when the role may not %s', async (action, mapping, resource) => {
    const message = `the role arn:aws:iam::${ACCOUNT}:role/greet may not ${action} on ${resource}`;
    await expect(start(works, mapping, deny(action))).rejects.toThrow(message);
  });

  it.each([
    ['an unknown function', { functionArn: `${works.arn}x` }, 'the function does not exist'],
    [
      'another kind of source',
      { eventSourceArn: 'arn:aws:kinesis:eu-central-1:1:stream/s' },
      'SQS queues and DynamoDB streams',
    ],
    ['a batch over 10 without a window', { batchSize: 11 }, 'batching window of at least 1 s'],
    ['a batch over 10 from a FIFO queue', { eventSourceArn: `${QUEUE}.fifo`, batchSize: 11 }, 'within 1 to 10'],
    ['what only streams have', { bisectBatchOnFunctionError: true }, 'bisectBatchOnFunctionError is for streams'],
    ['a stream without a starting position', { eventSourceArn: STREAM }, 'starting position'],
    ['an unknown response type', { functionResponseTypes: ['Partial'] }, 'Partial does not exist'],
    ['a window over 300 s', { maximumBatchingWindowSeconds: 301 }, 'within 0 to 300'],
  ])('refuse %s', async (_what, mapping, message) => {
    await expect(start(works, mapping)).rejects.toThrow(message);
  });

  it('refuse a queue that hides messages for less time than the function may take', async () => {
    const slow = aFunction('export const handler = async () => null', { timeoutSeconds: 31 });
    await expect(start(slow, {})).rejects.toThrow("the visibility timeout of 30 s is less than the function's 31 s");
  });

  it('leave a mapping alone that is not enabled', async () => {
    const { calls } = await start(works, { enabled: false });
    expect(calls).toEqual([]);
  });
});
