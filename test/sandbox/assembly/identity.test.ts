import { describe, expect, it } from 'vitest';
import { readTemplate } from './directories.ts';

const HERE = 'eu-central-1:123456789012';
const FUNCTION = `arn:aws:lambda:${HERE}:function`;
const MACHINE = `arn:aws:states:${HERE}:stateMachine`;
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

async function read(type: string, properties: object) {
  const assembly = await readTemplate({ Resources: { Thing: { Type: type, Properties: properties } } });
  return assembly.get('App', 'Thing');
}

describe('the identity of a resource with a name', () => {
  it.each<[string, object, string, string | undefined, Record<string, string>]>([
    ['AWS::Lambda::Function', { FunctionName: 'f' }, 'f', `${FUNCTION}:f`, { Arn: `${FUNCTION}:f` }],
    ['AWS::Lambda::Version', { FunctionName: 'f' }, `${FUNCTION}:f:1`, `${FUNCTION}:f:1`, { Version: '1' }],
    [
      'AWS::Lambda::Alias',
      { Name: 'live', FunctionName: `${FUNCTION}:f` },
      `${FUNCTION}:f:live`,
      `${FUNCTION}:f:live`,
      {},
    ],
    [
      'AWS::Lambda::LayerVersion',
      { LayerName: 'l' },
      `arn:aws:lambda:${HERE}:layer:l:1`,
      `arn:aws:lambda:${HERE}:layer:l:1`,
      {},
    ],
    [
      'AWS::Lambda::Url',
      { TargetFunctionArn: `${FUNCTION}:f`, Qualifier: 'live' },
      `${FUNCTION}:f:live`,
      undefined,
      {},
    ],
    ['AWS::IAM::Role', { RoleName: 'r' }, 'r', 'arn:aws:iam::123456789012:role/r', {}],
    ['AWS::IAM::Role', { RoleName: 'r', Path: '/team/' }, 'r', 'arn:aws:iam::123456789012:role/team/r', {}],
    [
      'AWS::IAM::ManagedPolicy',
      { ManagedPolicyName: 'p' },
      'arn:aws:iam::123456789012:policy/p',
      'arn:aws:iam::123456789012:policy/p',
      {},
    ],
    ['AWS::StepFunctions::StateMachine', { StateMachineName: 'm' }, `${MACHINE}:m`, `${MACHINE}:m`, { Name: 'm' }],
    [
      'AWS::StepFunctions::StateMachineVersion',
      { StateMachineArn: `${MACHINE}:m` },
      `${MACHINE}:m:1`,
      `${MACHINE}:m:1`,
      {},
    ],
    [
      'AWS::StepFunctions::StateMachineAlias',
      { Name: 'live', RoutingConfiguration: [{ StateMachineVersionArn: `${MACHINE}:m:1` }] },
      `${MACHINE}:m:live`,
      `${MACHINE}:m:live`,
      {},
    ],
    [
      'AWS::DynamoDB::Table',
      { TableName: 'tab', StreamSpecification: {} },
      'tab',
      `arn:aws:dynamodb:${HERE}:table/tab`,
      { StreamArn: `arn:aws:dynamodb:${HERE}:table/tab/stream/2026-01-01T00:00:00.000` },
    ],
    [
      'AWS::DynamoDB::GlobalTable',
      { TableName: 'tab', StreamSpecification: {} },
      'tab',
      `arn:aws:dynamodb:${HERE}:table/tab`,
      { StreamArn: `arn:aws:dynamodb:${HERE}:table/tab/stream/2026-01-01T00:00:00.000` },
    ],
    ['AWS::SNS::Topic', { TopicName: 't' }, `arn:aws:sns:${HERE}:t`, `arn:aws:sns:${HERE}:t`, { TopicName: 't' }],
    [
      'AWS::SQS::Queue',
      { QueueName: 'q.fifo', FifoQueue: true },
      'https://sqs.eu-central-1.amazonaws.com/123456789012/q.fifo',
      `arn:aws:sqs:${HERE}:q.fifo`,
      { QueueName: 'q.fifo' },
    ],
    ['AWS::Events::Rule', { Name: 'r' }, 'r', `arn:aws:events:${HERE}:rule/r`, {}],
    ['AWS::Events::Rule', { Name: 'r', EventBusName: 'default' }, 'r', `arn:aws:events:${HERE}:rule/r`, {}],
    [
      'AWS::Events::Rule',
      { Name: 'r', EventBusName: `arn:aws:events:${HERE}:event-bus/b` },
      'b|r',
      `arn:aws:events:${HERE}:rule/b/r`,
      {},
    ],
    ['AWS::Events::EventBus', { Name: 'b' }, 'b', `arn:aws:events:${HERE}:event-bus/b`, { Name: 'b' }],
    ['AWS::Events::Archive', { ArchiveName: 'a' }, 'a', `arn:aws:events:${HERE}:archive/a`, {}],
    ['AWS::Scheduler::Schedule', { Name: 's' }, 's', `arn:aws:scheduler:${HERE}:schedule/default/s`, {}],
    ['AWS::Scheduler::Schedule', { Name: 's', GroupName: 'g' }, 's', `arn:aws:scheduler:${HERE}:schedule/g/s`, {}],
    ['AWS::Scheduler::ScheduleGroup', { Name: 'g' }, 'g', `arn:aws:scheduler:${HERE}:schedule-group/g`, {}],
    [
      'AWS::SSM::Parameter',
      { Name: '/a/b', Type: 'String', Value: 'v' },
      '/a/b',
      `arn:aws:ssm:${HERE}:parameter/a/b`,
      { Type: 'String', Value: 'v' },
    ],
    ['AWS::SSM::Parameter', { Name: 'a', Type: 'String', Value: 'v' }, 'a', `arn:aws:ssm:${HERE}:parameter/a`, {}],
    ['AWS::SSM::Document', { Name: 'Restart' }, 'Restart', `arn:aws:ssm:${HERE}:document/Restart`, {}],
    [
      'AWS::Logs::LogGroup',
      { LogGroupName: '/aws/x' },
      '/aws/x',
      `arn:aws:logs:${HERE}:log-group:/aws/x:*`,
      { Arn: `arn:aws:logs:${HERE}:log-group:/aws/x:*` },
    ],
    ['AWS::CloudWatch::Alarm', { AlarmName: 'a b' }, 'a b', `arn:aws:cloudwatch:${HERE}:alarm:a b`, {}],
    ['AWS::CloudWatch::Dashboard', { DashboardName: 'd' }, 'd', 'arn:aws:cloudwatch::123456789012:dashboard/d', {}],
    ['AWS::KMS::Alias', { AliasName: 'alias/k' }, 'alias/k', `arn:aws:kms:${HERE}:alias/k`, {}],
    [
      'AWS::ApiGatewayV2::Stage',
      { StageName: '$default', ApiId: 'abc' },
      '$default',
      'arn:aws:apigateway:eu-central-1::/apis/abc/stages/$default',
      {},
    ],
    [
      'AWS::S3::Bucket',
      { BucketName: 'my-bucket' },
      'my-bucket',
      'arn:aws:s3:::my-bucket',
      { DomainName: 'my-bucket.s3.amazonaws.com' },
    ],
  ])('is that of %s %j', async (type, properties, ref, arn, attributes) => {
    const resource = await read(type, properties);
    expect(resource.physicalId).toBe(ref);
    expect(resource.arn).toBe(arn);
    for (const [name, value] of Object.entries(attributes)) expect(resource.attribute(name)).toBe(value);
  });
});

describe('the identity of a resource without a name', () => {
  it.each<[string, object, string]>([
    ['AWS::Lambda::Function', {}, 'App-Thing-[0-9A-Z]{12}'],
    ['AWS::Lambda::EventSourceMapping', {}, UUID],
    ['AWS::StepFunctions::StateMachine', {}, `${MACHINE}:Thing-[0-9A-Z]{12}`],
    ['AWS::SQS::Queue', { FifoQueue: true }, 'https://.+/App-Thing-[0-9A-Z]{12}\\.fifo'],
    ['AWS::SNS::Topic', { FifoTopic: true }, `arn:aws:sns:${HERE}:App-Thing-[0-9A-Z]{12}\\.fifo`],
    ['AWS::SNS::Subscription', { TopicArn: 'arn:aws:sns:x:1:t' }, `arn:aws:sns:x:1:t:${UUID}`],
    ['AWS::SecretsManager::Secret', {}, `arn:aws:secretsmanager:${HERE}:secret:Thing-[0-9A-Z]{12}-[0-9a-z]{6}`],
    ['AWS::SSM::Parameter', { Type: 'String', Value: 'x' }, 'CFN-Thing-[0-9A-Z]{12}'],
    ['AWS::KMS::Key', {}, UUID],
    ['AWS::S3::Bucket', {}, 'app-thing-[0-9a-z]{12}'],
    ['AWS::ApiGatewayV2::Route', { ApiId: 'a' }, '[0-9a-z]{7}'],
  ])('is made up for %s', async (type, properties, pattern) => {
    const resource = await read(type, properties);
    expect(resource.physicalId).toMatch(new RegExp(`^${pattern}$`));
  });

  it('is cut to the limit of the service', async () => {
    const id = 'A'.repeat(100);
    const assembly = await readTemplate({ Resources: { [id]: { Type: 'AWS::IAM::Role' } } });
    expect(assembly.get('App', id).physicalId).toMatch(/^App-A{47}-[0-9A-Z]{12}$/);
    expect(assembly.get('App', id).physicalId).toHaveLength(64);
  });
});

describe('AWS refuses', () => {
  it.each<[string, string, object, string]>([
    ['too long a name', 'AWS::Lambda::Function', { FunctionName: 'f'.repeat(65) }, 'is longer than 64 characters'],
    [
      'a name with a space',
      'AWS::SQS::Queue',
      { QueueName: 'a b' },
      'App/Thing Properties.QueueName: AWS refuses the name a b',
    ],
    [
      'a FIFO queue without its ending',
      'AWS::SQS::Queue',
      { QueueName: 'q', FifoQueue: true },
      'must end in .fifo exactly when FifoQueue is true',
    ],
    [
      'an ordinary queue with that ending',
      'AWS::SQS::Queue',
      { QueueName: 'q.fifo' },
      'must end in .fifo exactly when FifoQueue is true',
    ],
    ['an event bus without a name', 'AWS::Events::EventBus', {}, 'AWS::Events::EventBus needs the property Name.'],
    [
      'a subscription without a topic',
      'AWS::SNS::Subscription',
      {},
      'AWS::SNS::Subscription needs the property TopicArn.',
    ],
    [
      'an alias in the name space of AWS',
      'AWS::KMS::Alias',
      { AliasName: 'alias/aws/x' },
      'AWS refuses the name alias/aws/x',
    ],
  ])('%s', async (_what, type, properties, message) => {
    await expect(read(type, properties)).rejects.toThrow(message);
  });

  it('two resources of the same name', async () => {
    const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } };
    await expect(readTemplate({ Resources: { A: queue, B: queue } })).rejects.toThrow(
      'App/A and App/B are both the AWS::SQS::Queue https://sqs.eu-central-1.amazonaws.com/123456789012/q.',
    );
  });

  it('the stream of a table that has none', async () => {
    const table = await read('AWS::DynamoDB::Table', {});
    expect(() => table.attribute('StreamArn')).toThrow(
      'the attribute StreamArn exists only with the property StreamSpecification',
    );
  });
});

describe('a type without a row', () => {
  it('is taken while nothing asks for its name', async () => {
    const resource = await read('Custom::Thing', { ServiceToken: 'x' });
    expect(resource.properties).toEqual({ ServiceToken: 'x' });
    expect(resource.arn).toBeUndefined();
    expect(() => resource.physicalId).toThrow(
      'The sandbox does not support Ref or Fn::GetAtt of Custom::Thing (App/Thing).',
    );
  });

  it('is refused as soon as a template does', async () => {
    const Resources = {
      A: { Type: 'Custom::Thing' },
      B: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'A' } } },
    };
    await expect(readTemplate({ Resources })).rejects.toThrow(
      'does not support Ref or Fn::GetAtt of Custom::Thing (App/A)',
    );
  });
});
