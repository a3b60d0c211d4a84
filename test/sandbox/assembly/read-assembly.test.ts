import { CfnOutput, Duration, Fn, Stack, Stage } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, StreamViewType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Assembly, AssemblyError, readAssembly } from '../../../sandbox/assembly/read-assembly.ts';
import { aDirectory, HERE, readTemplate, synthesize, writeAssembly, writeFile } from './directories.ts';

const QUEUE = { Queue: { Type: 'AWS::SQS::Queue' } };

describe('readAssembly of a CDK application', () => {
  let assembly: Assembly;

  beforeAll(async () => {
    const directory = synthesize((app, sources) => {
      writeFile(sources, 'code/index.mjs', 'export const handler = async () => 1;');
      writeFile(
        sources,
        'machine.asl.json',
        '{"StartAt":"Go","States":{"Go":{"Type":"Task","Resource":"${Handler}","End":true}}}',
      );
      const data = new Stack(app, 'Data');
      const queue = new Queue(data, 'Queue', { visibilityTimeout: Duration.minutes(1) });
      const topic = new Topic(data, 'Topic');
      topic.addSubscription(new SqsSubscription(queue));
      new TableV2(data, 'Global', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
      const table = new Table(data, 'Table', {
        partitionKey: { name: 'pk', type: AttributeType.STRING },
        stream: StreamViewType.NEW_IMAGE,
      });
      const logic = new Stack(app, 'Logic');
      const handler = new LambdaFunction(logic, 'Handler', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromAsset(join(sources, 'code')),
        environment: { QUEUE: queue.queueUrl, STREAM: table.tableStreamArn ?? '' },
      });
      handler.addEventSource(new SqsEventSource(queue));
      const machine = new StateMachine(logic, 'Machine', {
        definitionBody: DefinitionBody.fromFile(join(sources, 'machine.asl.json')),
        definitionSubstitutions: { Handler: handler.functionArn },
      });
      const eventBus = new EventBus(logic, 'Bus', { eventBusName: 'orders' });
      const eventPattern = { source: ['shop'] };
      new Rule(logic, 'Rule', { eventBus, eventPattern, targets: [new SfnStateMachine(machine)] });
      new HttpApi(logic, 'Api', { defaultIntegration: new HttpLambdaIntegration('Invoke', handler) });
    });
    assembly = await readAssembly(directory, HERE);
  });

  const only = (type: string) => {
    const [resource, ...others] = assembly.ofType(type);
    if (!resource || others.length > 0) throw new Error(`${others.length + (resource ? 1 : 0)} of ${type}`);
    return resource;
  };

  it('resolves references to another stack to what that stack exports', () => {
    const { Environment: environment } = only('AWS::Lambda::Function').properties;
    expect(environment).toEqual({
      Variables: {
        QUEUE: only('AWS::SQS::Queue').physicalId,
        STREAM: only('AWS::DynamoDB::Table').attribute('StreamArn'),
      },
    });
  });

  it('leaves no intrinsic function in any property', () => {
    const text = JSON.stringify(assembly.resources.map(({ properties }) => properties));
    expect(text).not.toMatch(/"(Ref|Fn::[A-Za-z]+)":/);
    expect(text).toContain('123456789012');
  });

  it('finds the folder of a function and the definition of a state machine', () => {
    expect(existsSync(join(assembly.assetPath(only('AWS::Lambda::Function')), 'index.mjs'))).toBe(true);
    const definition: unknown = JSON.parse(assembly.definitionOf(only('AWS::StepFunctions::StateMachine')));
    expect(definition).toMatchObject({ States: { Go: { Resource: only('AWS::Lambda::Function').arn } } });
  });

  it('names resources as AWS does', () => {
    expect(only('AWS::SQS::Queue').physicalId).toMatch(
      /^https:\/\/sqs\.eu-central-1\.amazonaws\.com\/123456789012\/Data-Queue[0-9A-F]{8}-[0-9A-Z]{12}$/,
    );
    expect(only('AWS::Events::Rule').arn).toMatch(/^arn:aws:events:eu-central-1:123456789012:rule\/orders\/Logic-Rule/);
    expect(only('AWS::Events::Rule').physicalId).toMatch(/^orders\|Logic-Rule/);
    expect(only('AWS::ApiGatewayV2::Api').attribute('ApiEndpoint')).toMatch(
      /^https:\/\/[a-z0-9]{10}\.execute-api\.eu-central-1\.amazonaws\.com$/,
    );
  });

  it('finds a resource by logical id, physical id and ARN', () => {
    const queue = only('AWS::SQS::Queue');
    expect(assembly.get('Data', queue.logicalId)).toBe(queue);
    expect(assembly.byPhysicalId('AWS::SQS::Queue', queue.physicalId)).toBe(queue);
    expect(assembly.byArn(`${queue.arn}`)).toBe(queue);
    expect(assembly.byArn('arn:aws:sqs:eu-central-1:123456789012:other')).toBeUndefined();
    expect(() => assembly.get('Data', 'Other')).toThrow('Data/Other: the assembly has no such resource.');
  });

  it('keeps the construct path', () => {
    expect(only('AWS::SQS::Queue').path).toBe('Data/Queue/Resource');
  });

  it('lists every resource after those that it depends on', () => {
    const position = new Map(assembly.resources.map(({ stack, logicalId }, index) => [`${stack}/${logicalId}`, index]));
    const late = assembly.resources.filter(({ stack, logicalId, dependsOn }) =>
      dependsOn.some((id) => Number(position.get(`${stack}/${id}`)) >= Number(position.get(`${stack}/${logicalId}`))),
    );
    expect(late).toEqual([]);
    expect(only('AWS::Lambda::Function').dependsOn.length).toBeGreaterThan(0);
  });

  it('names every type that is not supported', () => {
    const types = new Set(assembly.resources.map(({ type }) => type));
    expect(() => assembly.assertSupported(types)).not.toThrow();
    types.delete('AWS::SNS::Topic');
    expect(() => assembly.assertSupported(types)).toThrow(/does not support AWS::SNS::Topic \(such as Data\/Topic/);
  });
});

describe('readAssembly', () => {
  it('gives the same names every time, and others in another account', async () => {
    const read = async (account: string) => {
      const assembly = await readTemplate({ Resources: { Id: { Type: 'AWS::KMS::Key' } } }, { account });
      return assembly.get('App', 'Id').physicalId;
    };
    expect(await read('123456789012')).toBe(await read('123456789012'));
    expect(await read('123456789012')).not.toBe(await read('210987654321'));
  });

  it('reads the stacks of a stage', async () => {
    const directory = synthesize((app) => {
      new Queue(new Stack(new Stage(app, 'Prod'), 'Data'), 'Queue');
    });
    const assembly = await readAssembly(directory, HERE);
    expect(assembly.ofType('AWS::SQS::Queue').map(({ stack }) => stack)).toEqual(['Prod-Data']);
  });

  it('uses the partition and URL suffix of the region', async () => {
    const template = {
      Resources: QUEUE,
      Outputs: { Where: { Value: { 'Fn::Sub': '${AWS::Partition} ${AWS::URLSuffix} ${AWS::Region}' } } },
    };
    const assembly = await readTemplate(template, { region: 'cn-north-1' });
    expect(assembly.output('App', 'Where')).toBe('aws-cn amazonaws.com.cn cn-north-1');
  });

  it('deploys the stacks in the order of their dependencies', async () => {
    const importing = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::ImportValue': 'name' } } } },
    };
    const exporting = { Resources: QUEUE, Outputs: { Name: { Value: 'orders', Export: { Name: 'name' } } } };
    const inOrder = writeAssembly({ B: { template: importing, dependencies: ['A'] }, A: { template: exporting } });
    const assembly = await readAssembly(inOrder, HERE);
    expect(assembly.get('B', 'Topic').attribute('TopicName')).toBe('orders');
    expect(assembly.outputs).toContainEqual({ stack: 'A', name: 'Name', value: 'orders', exportName: 'name' });
    const outOfOrder = writeAssembly({ B: { template: importing }, A: { template: exporting } });
    await expect(readAssembly(outOfOrder, HERE)).rejects.toThrow(
      'B/Topic Properties.TopicName: no export named name found in the stacks that are deployed before this one.',
    );
  });

  it('reads an output of another stack that is not exported', async () => {
    const read = (name: string) => {
      const directory = synthesize((app) => {
        const data = new Stack(app, 'Data');
        const queue = new Queue(data, 'Queue', { queueName: 'orders' });
        new CfnOutput(data, 'Name', { value: queue.queueName });
        const logic = new Stack(app, 'Logic');
        logic.addStackDependency(data);
        new Topic(logic, 'Topic', { topicName: Fn.getStackOutput('Data', name) });
      });
      return readAssembly(directory, HERE);
    };
    const assembly = await read('Name');
    expect(assembly.ofType('AWS::SNS::Topic')[0]?.attribute('TopicName')).toBe('orders');
    await expect(read('Other')).rejects.toThrow(
      /no output Other found in a stack Data that is deployed before this one/,
    );
  });

  it('refuses a circular dependency between stacks', async () => {
    const template = { Resources: QUEUE };
    const directory = writeAssembly({ A: { template, dependencies: ['B'] }, B: { template, dependencies: ['A'] } });
    await expect(readAssembly(directory, HERE)).rejects.toThrow(/circular dependency between stacks: A → B → A/);
  });

  it('refuses two exports of the same name', async () => {
    const template = { Resources: QUEUE, Outputs: { Name: { Value: 'x', Export: { Name: 'name' } } } };
    const directory = writeAssembly({ A: { template }, B: { template } });
    await expect(readAssembly(directory, HERE)).rejects.toThrow('B Outputs.Name: A exports the name name already.');
  });

  it('refuses a stack of another account or region', async () => {
    const directory = writeAssembly({
      A: { template: { Resources: QUEUE }, environment: 'aws://123456789012/us-east-1' },
    });
    await expect(readAssembly(directory, HERE)).rejects.toThrow(
      /does not support the stack A of aws:\/\/123456789012\/us-east-1 in a sandbox for aws:\/\/123456789012\/eu-central-1/,
    );
  });

  it.each([
    ['an account that is none', { account: '123' }, /"123" has not/],
    ['a region that is none', { region: 'Frankfurt' }, /"Frankfurt" is not a region/],
    ['a parameter that no stack takes', { parameters: { Nope: 'x' } }, /No stack takes the parameter Nope/],
  ])('refuses %s', async (_what, options, message) => {
    await expect(readTemplate({ Resources: QUEUE }, options)).rejects.toThrow(message);
  });

  it('refuses a directory without a manifest', async () => {
    await expect(readAssembly(aDirectory(), HERE)).rejects.toThrow(AssemblyError);
  });

  it('reports every resource that cannot be resolved at once', async () => {
    const broken = { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Select': [3, ['a']] } } };
    const failure = readTemplate({ Resources: { A: broken, B: broken } });
    await expect(failure).rejects.toMatchObject({
      problems: [
        'App/A Properties.QueueName: Fn::Select cannot select the item 3 of a list of 1.',
        'App/B Properties.QueueName: Fn::Select cannot select the item 3 of a list of 1.',
      ],
    });
  });

  it('leaves dynamic references as they are, and names them as not supported', async () => {
    const text = '{{resolve:secretsmanager:slack:SecretString:token}}';
    const assembly = await readTemplate({
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Join': ['', ['x', text]] } } } },
    });
    expect(assembly.get('App', 'Topic').properties['DisplayName']).toBe(`x${text}`);
    expect(() => assembly.assertSupported(new Set(['AWS::SNS::Topic']))).toThrow(
      `does not support the dynamic reference ${text} (App/Topic Properties.DisplayName)`,
    );
  });

  it('refuses an assembly that lacks context', async () => {
    const directory = aDirectory();
    writeFile(directory, 'manifest.json', JSON.stringify({ artifacts: {}, missing: [{ key: 'vpc' }] }));
    await expect(readAssembly(directory, HERE)).rejects.toThrow('lacks 1 context values');
  });

  it('refuses a name that only a deployment could look up', async () => {
    const template = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: '{{resolve:ssm:name}}' } } },
    };
    await expect(readTemplate(template)).rejects.toThrow(
      /a dynamic reference as a name: .* \(App\/Topic Properties.TopicName\)/,
    );
  });
});
