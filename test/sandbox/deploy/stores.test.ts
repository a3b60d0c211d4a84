import { describe, expect, it } from 'vitest';
import { describeSecrets, describeTables, describeTopics } from '../../../sandbox/deploy/stores.ts';
import { readTemplate } from '../assembly/directories.ts';

const KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' }];

/** The assembly of one resource with these properties. */
function assemblyOf(Type: string, Properties: object) {
  return readTemplate({ Resources: { Made: { Type, Properties } } });
}

describe('describeTables', () => {
  it.each(['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'])('has the %s of a table', async (member) => {
    const index = { IndexName: 'by-pk', KeySchema, Projection: { ProjectionType: 'ALL' } };
    const [table] = describeTables(await assemblyOf('AWS::DynamoDB::Table', { KeySchema, [member]: [index] }));
    expect(Object.values(table ?? {})).toContainEqual([index]);
  });

  it.each([
    [true, 'expires'],
    [false, undefined],
  ])('lets items expire where that is enabled: %s', async (Enabled, ttlAttribute) => {
    const TimeToLiveSpecification = { AttributeName: 'expires', Enabled };
    const [table] = describeTables(await assemblyOf('AWS::DynamoDB::Table', { KeySchema, TimeToLiveSpecification }));
    expect(table?.ttlAttribute).toBe(ttlAttribute);
  });
});

describe('describeTopics', () => {
  it('has the subscriptions that stand in a topic', async () => {
    const Subscription = [{ Protocol: 'sqs', Endpoint: 'a-queue' }];
    const { topics, subscriptions } = describeTopics(await assemblyOf('AWS::SNS::Topic', { Subscription }));
    const [{ arn: topicArn } = { arn: '' }] = topics;
    expect(subscriptions).toEqual([{ topicArn, protocol: 'sqs', endpoint: 'a-queue', rawMessageDelivery: false }]);
  });

  it('has what a subscription says about its messages', async () => {
    const says = {
      RawMessageDelivery: true,
      FilterPolicy: { kind: ['a'] },
      RedrivePolicy: { deadLetterTargetArn: 'q' },
    };
    const to = { TopicArn: 'a-topic', Protocol: 'sqs', Endpoint: 'a-queue' };
    const { subscriptions } = describeTopics(await assemblyOf('AWS::SNS::Subscription', { ...to, ...says }));
    expect(subscriptions).toEqual([
      {
        topicArn: 'a-topic',
        protocol: 'sqs',
        endpoint: 'a-queue',
        rawMessageDelivery: true,
        filterPolicy: says.FilterPolicy,
        redrivePolicy: says.RedrivePolicy,
      },
    ]);
  });
});

describe('describeSecrets', () => {
  it('names a secret as its ARN does, where the template does not', async () => {
    const [secret] = describeSecrets(await assemblyOf('AWS::SecretsManager::Secret', {}), {});
    expect(secret?.name).toMatch(/^Made-[A-Z0-9]{12}$/);
    expect(secret?.arn).toContain(`:secret:${secret?.name}-`);
  });

  it('gives a secret the value that somebody stored by its name', async () => {
    const assembly = await assemblyOf('AWS::SecretsManager::Secret', { Name: 'handsoff/slack' });
    expect(describeSecrets(assembly, { 'handsoff/slack': 'x' })).toMatchObject([
      { name: 'handsoff/slack', value: 'x' },
    ]);
  });
});
