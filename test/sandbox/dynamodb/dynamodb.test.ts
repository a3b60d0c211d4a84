import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { DynamoDb, type StreamRecord } from '../../../sandbox/dynamodb/dynamodb.ts';

const ARN = 'arn:aws:dynamodb:us-east-1:123456789012:table/incidents';
const TableName = 'incidents';
const TABLE = {
  name: TableName,
  arn: ARN,
  streamArn: `${ARN}/stream/2026-01-01T00:00:00.000`,
  keySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  attributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'state', AttributeType: 'S' },
  ],
  globalSecondaryIndexes: [
    {
      IndexName: 'by-state',
      KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  ttlAttribute: 'expires',
};
const anItem = (pk: string, rest: Record<string, unknown> = {}) => ({ pk: { S: pk }, ...rest });
const IS_NEW = 'attribute_not_exists(pk)';

let clock: VirtualClock;
let dynamo: DynamoDb;
let records: StreamRecord[];

beforeEach(async () => {
  clock = new VirtualClock(1_000_000);
  records = [];
  dynamo = new DynamoDb({ clock, account: '123456789012', region: 'us-east-1', tables: [TABLE] });
  await dynamo.start();
  dynamo.onStreamRecord(ARN, (record) => records.push(record));
});
afterEach(() => dynamo.close());

const call = (operation: string, input: Record<string, unknown>) =>
  dynamo.answer({ service: 'dynamodb', operation, input, principal: { kind: 'role', arn: 'role' } });
const put = (item: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  call('PutItem', { TableName, Item: item, ...rest });
const transact = (...TransactItems: Record<string, unknown>[]) => call('TransactWriteItems', { TransactItems });

describe('DynamoDb', () => {
  it('leaves what tables that no template creates are like to the world, and not what is in them', () => {
    expect(dynamo.handles('DescribeTable', { TableName })).toBe(true);
    expect(dynamo.handles('DescribeTable', { TableName: 'orders' })).toBe(false);
    expect(dynamo.handles('UpdateTable', { TableName: 'orders' })).toBe(false);
    expect(dynamo.handles('GetItem', { TableName: 'orders' })).toBe(true);
  });

  it('reads what was written, by name and by ARN', async () => {
    await put(anItem('a', { text: { S: '' }, bytes: { B: 'AQI=' } }));
    const Key = { pk: { S: 'a' } };
    const expected = { Item: anItem('a', { text: { S: '' }, bytes: { B: 'AQI=' } }) };
    expect(await call('GetItem', { TableName, Key })).toEqual(expected);
    expect(await call('GetItem', { TableName: ARN, Key })).toEqual(expected);
  });

  it('queries an index', async () => {
    await put(anItem('a', { state: { S: 'open' } }));
    await put(anItem('b', { state: { S: 'closed' } }));
    const answer = await call('Query', {
      TableName,
      IndexName: 'by-state',
      KeyConditionExpression: '#s = :s',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':s': { S: 'open' } },
    });
    expect(answer).toMatchObject({ Count: 1, Items: [{ pk: { S: 'a' } }] });
  });

  it('returns the item with a failed condition when asked', async () => {
    await put(anItem('a', { n: { N: '1' } }));
    const asked = put(anItem('a'), { ConditionExpression: IS_NEW, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    await expect(asked).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      members: { Item: anItem('a', { n: { N: '1' } }) },
    });
    const unasked = put(anItem('a'), { ConditionExpression: IS_NEW });
    await expect(unasked).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', members: {} });
  });

  it.each([
    ['PutItem', { TableName, Item: {} }, 'ValidationException'],
    ['GetItem', { TableName: 'missing', Key: { pk: { S: 'a' } } }, 'ResourceNotFoundException'],
    ['PutItem', { TableName, Item: anItem('a'), ReturnValuesOnConditionCheckFailure: 'NEW' }, 'ValidationException'],
    ['TransactWriteItems', { TransactItems: [] }, 'ValidationException'],
    ['TransactWriteItems', { TransactItems: [{ Put: { TableName } }] }, 'ValidationException'],
    ['BatchGetItem', { RequestItems: { [ARN]: { Keys: [{ pk: { S: 'a' } }] } } }, 'UnsupportedInSandboxError'],
    [
      'UpdateTimeToLive',
      { TableName, TimeToLiveSpecification: { AttributeName: 'x', Enabled: true } },
      'ValidationException',
    ],
    ['ExecuteStatement', { Statement: 'SELECT 1' }, 'UnsupportedInSandboxError'],
  ])('refuses %s that AWS refuses, or the sandbox lacks: %#', async (operation, input, name) => {
    await expect(call(operation, input)).rejects.toMatchObject({ name });
  });

  it('lets exactly one of many concurrent conditional writes win', async () => {
    const tries = Array.from({ length: 50 }, (_, index) =>
      put(anItem('a', { n: { N: String(index) } }), { ConditionExpression: IS_NEW }),
    );
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(records).toHaveLength(1);
  });

  it('describes a table with its own ARNs, stream and time to live', async () => {
    expect(await call('DescribeTable', { TableName })).toMatchObject({
      Table: {
        TableArn: ARN,
        CreationDateTime: 1000,
        TableStatus: 'ACTIVE',
        LatestStreamArn: TABLE.streamArn,
        GlobalSecondaryIndexes: [{ IndexArn: `${ARN}/index/by-state` }],
      },
    });
    const described = { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' } };
    expect(await call('DescribeTimeToLive', { TableName })).toEqual(described);
  });
});

describe('a stream', () => {
  it('tells of every change in order, with images, and of nothing when nothing changed', async () => {
    await put(anItem('a', { n: { N: '1' } }));
    await put(anItem('a', { n: { N: '1' } }));
    await put(anItem('a', { n: { N: '2' } }));
    await call('DeleteItem', { TableName, Key: { pk: { S: 'a' } } });
    await call('DeleteItem', { TableName, Key: { pk: { S: 'a' } } });
    expect(records.map((record) => record.eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    expect(records[1]).toMatchObject({
      eventVersion: '1.1',
      eventSourceARN: TABLE.streamArn,
      dynamodb: {
        ApproximateCreationDateTime: 1000,
        Keys: { pk: { S: 'a' } },
        OldImage: anItem('a', { n: { N: '1' } }),
        NewImage: anItem('a', { n: { N: '2' } }),
      },
    });
    const numbers = records.map((record) => record.dynamodb.SequenceNumber);
    expect(numbers.toSorted()).toEqual(numbers);
  });

  it('tells of batches and transactions', async () => {
    const requests = [{ PutRequest: { Item: anItem('a') } }, { PutRequest: { Item: anItem('b') } }];
    await call('BatchWriteItem', { RequestItems: { [TableName]: requests } });
    await transact({ Put: { TableName, Item: anItem('c') } }, { Delete: { TableName, Key: { pk: { S: 'a' } } } });
    const told = records.map(({ eventName, dynamodb }) => `${eventName} ${JSON.stringify(dynamodb.Keys)}`);
    expect(told).toEqual(['a', 'b', 'c', 'a'].map((pk, at) => `${at < 3 ? 'INSERT' : 'REMOVE'} {"pk":{"S":"${pk}"}}`));
  });

  it('is refused for a table without one', () => {
    expect(() => dynamo.onStreamRecord(`${ARN}-2`, () => undefined)).toThrow('is no table with a stream');
  });
});

describe('a transaction', () => {
  it('writes nothing when one condition fails, and says which', async () => {
    await put(anItem('old', { n: { N: '1' } }));
    const failing = transact(
      { Put: { TableName, Item: anItem('new') } },
      {
        ConditionCheck: {
          TableName,
          Key: { pk: { S: 'old' } },
          ConditionExpression: IS_NEW,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    );
    await expect(failing).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
      cancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: anItem('old', { n: { N: '1' } }) },
      ],
    });
    expect(await dynamo.items(TableName)).toHaveLength(1);
    expect(records).toHaveLength(1);
  });

  it('puts back what it wrote when a later update meets a wrong type', async () => {
    await put(anItem('old', { text: { S: 'x' } }));
    const add = {
      TableName,
      Key: { pk: { S: 'old' } },
      UpdateExpression: 'ADD #t :one',
      ExpressionAttributeNames: { '#t': 'text' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    const failing = transact({ Put: { TableName, Item: anItem('new') } }, { Update: add });
    await expect(failing).rejects.toMatchObject({
      cancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
    });
    expect(await dynamo.items(TableName)).toEqual([anItem('old', { text: { S: 'x' } })]);
    expect(records).toHaveLength(1);
  });

  it('takes a repeated token once, and refuses it for another request', async () => {
    const update = (by: string) => ({
      ClientRequestToken: 'token',
      TransactItems: [
        {
          Update: {
            TableName,
            Key: { pk: { S: 'a' } },
            UpdateExpression: 'ADD n :by',
            ExpressionAttributeValues: { ':by': { N: by } },
          },
        },
      ],
    });
    await call('TransactWriteItems', update('1'));
    await call('TransactWriteItems', update('1'));
    expect(await dynamo.items(TableName)).toEqual([anItem('a', { n: { N: '1' } })]);
    const other = call('TransactWriteItems', update('2'));
    await expect(other).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });

  it('refuses two writes of one item', async () => {
    const twice = transact(
      { Put: { TableName, Item: anItem('a') } },
      { Delete: { TableName, Key: { pk: { S: 'a' } } } },
    );
    await expect(twice).rejects.toThrow('cannot include multiple operations on one item');
  });

  it('reads several items, and an empty answer for one that is not there', async () => {
    await put(anItem('a'));
    const get = (pk: string) => ({ Get: { TableName, Key: { pk: { S: pk } } } });
    const answer = await call('TransactGetItems', { TransactItems: [get('a'), get('b')] });
    expect(answer).toEqual({ Responses: [{ Item: anItem('a') }, {}] });
  });

  it('wants the grant of each item on its table', () => {
    const TransactItems = [{ Put: { TableName } }, { ConditionCheck: { TableName: ARN } }];
    expect(dynamo.grantsFor('TransactWriteItems', { TransactItems })).toEqual([
      { action: 'dynamodb:PutItem', resource: ARN },
      { action: 'dynamodb:ConditionCheckItem', resource: ARN },
    ]);
    expect(dynamo.grantsFor('Query', { TableName, IndexName: 'by-state' })).toEqual([
      { action: 'dynamodb:Query', resource: `${ARN}/index/by-state` },
    ]);
  });
});
