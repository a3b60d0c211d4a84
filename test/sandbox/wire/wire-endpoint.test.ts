import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstanceStatusCommand, EC2Client, StartInstancesCommand } from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsCall, AwsError, UnsupportedInSandboxError } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { WireEndpoint } from '../../../sandbox/wire/wire-endpoint.ts';

const principal = { kind: 'role', arn: 'arn:aws:iam::123456789012:role/reader' } as const;
let answer: (call: AwsCall) => Record<string, unknown>;
let calls: AwsCall[];
let endpoint: WireEndpoint;
let options: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
};

beforeEach(async () => {
  calls = [];
  endpoint = new WireEndpoint({
    clock: new VirtualClock(Date.parse('2026-11-02T03:00:00Z')),
    principalFor: (key) => (key === 'AKIAKNOWN' ? principal : undefined),
    call: async (call) => {
      calls.push(call);
      return answer(call);
    },
  });
  const { url } = await endpoint.listen();
  options = {
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAKNOWN', secretAccessKey: 'x' },
    maxAttempts: 1,
  };
});

afterEach(() => endpoint.close());

describe('WireEndpoint, spoken to by real SDK clients', () => {
  it('reads EC2 query parameters and writes nested lists, times and booleans', async () => {
    answer = () => ({
      InstanceStatuses: [
        {
          InstanceId: 'i-1',
          InstanceState: { Code: 16, Name: 'running' },
          Events: [{ Code: 'system-reboot', NotBefore: '2026-11-03T00:00:00Z', Description: '<maintenance> & more' }],
          InstanceStatus: { Status: 'impaired', Details: [{ Name: 'reachability', Status: 'failed' }] },
        },
      ],
    });
    const command = new DescribeInstanceStatusCommand({
      InstanceIds: ['i-1', 'i-2'],
      IncludeAllInstances: true,
      Filters: [{ Name: 'a', Values: ['b', 'c'] }],
    });
    const result = await new EC2Client(options).send(command);
    expect(calls[0]).toMatchObject({
      service: 'ec2',
      operation: 'DescribeInstanceStatus',
      input: { InstanceIds: ['i-1', 'i-2'], IncludeAllInstances: true, Filters: [{ Name: 'a', Values: ['b', 'c'] }] },
      principal,
    });
    expect(result.InstanceStatuses?.[0]).toMatchObject({
      InstanceId: 'i-1',
      InstanceState: { Code: 16, Name: 'running' },
      Events: [
        { Code: 'system-reboot', NotBefore: new Date('2026-11-03T00:00:00Z'), Description: '<maintenance> & more' },
      ],
      InstanceStatus: { Status: 'impaired', Details: [{ Name: 'reachability', Status: 'failed' }] },
    });
  });

  it('reads and writes AWS Query with maps', async () => {
    answer = () => ({ MessageId: 'm-1' });
    const attributes = {
      urgency: { DataType: 'String', StringValue: 'high' },
      kind: { DataType: 'String', StringValue: 'x' },
    };
    const result = await new SNSClient(options).send(
      new PublishCommand({ TopicArn: 't', Message: 'a & b', MessageAttributes: attributes }),
    );
    expect(calls[0]?.input).toEqual({ TopicArn: 't', Message: 'a & b', MessageAttributes: attributes });
    expect(result.MessageId).toBe('m-1');
  });

  it('writes times of JSON services as they read them', async () => {
    answer = ({ operation }) =>
      operation === 'LookupEvents'
        ? { Events: [{ EventName: 'StopInstances', EventTime: '2026-11-02T02:59:00Z', ReadOnly: 'false' }] }
        : { MetricDataResults: [{ Id: 'm1', Timestamps: ['2026-11-02T02:55:00Z', 1_793_588_100], Values: [1.5, 2] }] };
    const events = await new CloudTrailClient(options).send(
      new LookupEventsCommand({ StartTime: new Date('2026-11-02T02:00:00Z') }),
    );
    expect(events.Events?.[0]?.EventTime).toEqual(new Date('2026-11-02T02:59:00Z'));
    const data = await new CloudWatchClient(options).send(
      new GetMetricDataCommand({ MetricDataQueries: [], StartTime: new Date(), EndTime: new Date() }),
    );
    expect(data.MetricDataResults?.[0]?.Timestamps?.[0]).toEqual(new Date('2026-11-02T02:55:00Z'));
    expect(data.MetricDataResults?.[0]?.Values).toEqual([1.5, 2]);
  });

  it.each([
    [
      'sfn',
      'SendTaskSuccess',
      () => new SFNClient(options).send(new SendTaskSuccessCommand({ taskToken: 't', output: '{}' })),
    ],
    ['ssm', 'GetParameters', () => new SSMClient(options).send(new GetParametersCommand({ Names: ['a'] }))],
    [
      'secrets-manager',
      'GetSecretValue',
      () => new SecretsManagerClient(options).send(new GetSecretValueCommand({ SecretId: 's' })),
    ],
    ['eventbridge', 'PutEvents', () => new EventBridgeClient(options).send(new PutEventsCommand({ Entries: [] }))],
    [
      'sqs',
      'ReceiveMessage',
      () => new SQSClient(options).send(new ReceiveMessageCommand({ QueueUrl: `${options.endpoint}/1/q` })),
    ],
    [
      'dynamodb',
      'GetItem',
      () => new DynamoDBClient(options).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })),
    ],
  ])('names %s:%s as the router knows it', async (service, operation, send) => {
    answer = () => ({});
    await send();
    expect(calls[0]).toMatchObject({ service, operation });
  });

  it('gives every protocol its error by name, with what it carries', async () => {
    class Canceled extends AwsError {
      readonly members = { CancellationReasons: [{ Code: 'ConditionalCheckFailed' }] };
    }
    answer = ({ service }) => {
      throw service === 'dynamodb'
        ? new Canceled('TransactionCanceledException', 'no')
        : new AwsError('Denied', 'not <you>', 403);
    };
    const canceled = new DynamoDBClient(options).send(new TransactWriteItemsCommand({ TransactItems: [] }));
    await expect(canceled).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    });
    await expect(new EC2Client(options).send(new StartInstancesCommand({ InstanceIds: ['i'] }))).rejects.toMatchObject({
      name: 'Denied',
      message: 'not <you>',
    });
    await expect(new SNSClient(options).send(new PublishCommand({ Message: 'm' }))).rejects.toMatchObject({
      name: 'Denied',
    });
    await expect(new SSMClient(options).send(new GetParametersCommand({ Names: ['a'] }))).rejects.toMatchObject({
      name: 'Denied',
    });
  });

  it('fails loudly for an answer with a member that the operation does not have', async () => {
    answer = () => ({ InstanceStatusses: [] });
    await expect(new EC2Client(options).send(new DescribeInstanceStatusCommand({}))).rejects.toMatchObject({
      name: 'UnknownMemberError',
    });
    expect(endpoint.faults()[0]?.message).toContain('ec2:DescribeInstanceStatus has no member InstanceStatusses');
  });

  it.each([
    ['an object where a list belongs', { InstanceStatuses: {} }],
    ['a list where an object belongs', { InstanceStatuses: [[]] }],
  ])('fails loudly for %s', async (_what, output) => {
    answer = () => output;
    await expect(new EC2Client(options).send(new DescribeInstanceStatusCommand({}))).rejects.toMatchObject({
      name: 'WrongKindError',
    });
  });

  it('reads what a client compresses', async () => {
    answer = () => ({});
    const MetricData = Array.from({ length: 500 }, (_, index) => ({
      MetricName: `a-long-name-of-a-metric-${index}`,
      Value: index,
    }));
    await new CloudWatchClient(options).send(new PutMetricDataCommand({ Namespace: 'n', MetricData }));
    expect(calls[0]?.input['MetricData']).toHaveLength(500);
  });

  it('says what it does not support by its name', async () => {
    answer = () => {
      throw new UnsupportedInSandboxError('the moon');
    };
    await expect(new SSMClient(options).send(new GetParametersCommand({ Names: ['a'] }))).rejects.toMatchObject({
      name: 'UnsupportedInSandboxError',
      message: 'The sandbox does not support the moon.',
    });
  });

  it('refuses a key that nobody was given', async () => {
    const stranger = new SSMClient({ ...options, credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' } });
    await expect(stranger.send(new GetParametersCommand({ Names: ['a'] }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    expect(calls).toEqual([]);
  });
});
