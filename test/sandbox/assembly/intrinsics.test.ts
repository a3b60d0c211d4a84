import { describe, expect, it } from 'vitest';
import { readTemplate } from './directories.ts';

const SECTIONS = {
  Parameters: {
    Name: { Type: 'String', Default: 'orders' },
    Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
    BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
  },
  Mappings: { Sizes: { 'eu-central-1': { small: 1, list: ['x', 'y'] } } },
  Conditions: {
    Yes: { 'Fn::Equals': [{ Ref: 'Name' }, 'orders'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Both: { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Not': [{ Condition: 'No' }] }] },
    Any: { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Both' }] },
    Left: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
  },
};

const OTHERS = {
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
  Gone: { Type: 'AWS::SQS::Queue', Condition: 'Left' },
};

function resolve(value: unknown) {
  const Subject = { Type: 'AWS::Test::Subject', Properties: { Value: value } };
  return readTemplate({ ...SECTIONS, Resources: { ...OTHERS, Subject } });
}

const ARN = 'arn:aws:sqs:eu-central-1:123456789012:orders';

describe('intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref of a resource', { Ref: 'Queue' }, 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders'],
    ['Ref of a parameter', { Ref: 'Name' }, 'orders'],
    ['Ref of a list parameter', { Ref: 'Zones' }, ['a', 'b']],
    ['Ref of the bootstrap version', { Ref: 'BootstrapVersion' }, '30'],
    ['Ref of AWS::AccountId', { Ref: 'AWS::AccountId' }, '123456789012'],
    ['Ref of AWS::Region', { Ref: 'AWS::Region' }, 'eu-central-1'],
    ['Ref of AWS::Partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['Ref of AWS::URLSuffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['Ref of AWS::StackName', { Ref: 'AWS::StackName' }, 'App'],
    ['Ref of AWS::NotificationARNs', { Ref: 'AWS::NotificationARNs' }, []],
    ['AWS::NoValue in an object', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['AWS::NoValue in a list', ['a', { Ref: 'AWS::NoValue' }, 'b'], ['a', 'b']],
    ['AWS::NoValue as the property', { Ref: 'AWS::NoValue' }, undefined],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, ARN],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Queue.Arn' }, ARN],
    ['Fn::Sub', { 'Fn::Sub': '${Name} ${Queue.Arn} ${AWS::Region}' }, `orders ${ARN} eu-central-1`],
    ['Fn::Sub of a literal', { 'Fn::Sub': '${!Name} $Name $' }, '${Name} $Name $'],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': ['${x}/${Name}', { x: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }] },
      'orders/orders',
    ],
    ['Fn::Join', { 'Fn::Join': [':', ['a', 1, { Ref: 'Name' }, true]] }, 'a:1:orders:true'],
    ['Fn::Join of a function that gives a list', { 'Fn::Join': ['+', { Ref: 'Zones' }] }, 'a+b'],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    [
      'Fn::Select of Fn::Split',
      { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }] },
      'orders',
    ],
    ['Fn::Split', { 'Fn::Split': ['-', 'a-b'] }, ['a', 'b']],
    ['Fn::If that holds', { 'Fn::If': ['Any', 'yes', 'no'] }, 'yes'],
    ['Fn::If that does not', { 'Fn::If': ['No', 'yes', { Ref: 'Name' }] }, 'orders'],
    ['Fn::If around a resource that is left out', { 'Fn::If': ['Left', { Ref: 'Gone' }, 'none'] }, 'none'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, 1],
    ['Fn::FindInMap of a list', { 'Fn::FindInMap': ['Sizes', 'eu-central-1', 'list'] }, ['x', 'y']],
    [
      'Fn::FindInMap with a default',
      { 'Fn::FindInMap': ['Sizes', 'x', 'y', { DefaultValue: { Ref: 'Name' } }] },
      'orders',
    ],
    ['Fn::Base64', { 'Fn::Base64': 'grüß' }, 'Z3LDvMOf'],
    ['Fn::GetAZs', { 'Fn::GetAZs': '' }, ['eu-central-1a', 'eu-central-1b', 'eu-central-1c']],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Name' } } }, '{"a":"orders"}'],
    ['plain data', { Ref: 1, other: [null, 0, false] }, { Ref: 1, other: [null, 0, false] }],
  ])('resolves %s', async (_what, value, expected) => {
    const assembly = await resolve(value);
    expect(assembly.get('App', 'Subject').properties['Value']).toEqual(expected);
  });

  const AT = 'App/Subject Properties.Value';

  it.each<[string, unknown, string]>([
    ['an unknown Ref', { Ref: 'Nope' }, `${AT}: there is no resource or parameter Nope.`],
    ['an unknown pseudo parameter', { Ref: 'AWS::Nope' }, `${AT}: there is no resource or parameter AWS::Nope.`],
    [
      'an unknown Ref in a branch that is not taken',
      { 'Fn::If': ['Yes', 1, { Ref: 'Nope' }] },
      `${AT}.Fn::If[2]: there is no`,
    ],
    [
      'an unknown resource in Fn::GetAtt',
      { a: [{ 'Fn::GetAtt': ['Nope', 'Arn'] }] },
      `${AT}.a[0]: there is no resource Nope.`,
    ],
    ['an unknown variable of Fn::Sub', { 'Fn::Sub': '${Nope}' }, `${AT}: there is no resource or parameter Nope.`],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Queue', 'Nope'] },
      'App/Queue: AWS::SQS::Queue has no attribute Nope, but Arn, QueueName, QueueUrl.',
    ],
    [
      'a resource that is left out',
      { Ref: 'Gone' },
      `${AT}: the resource Gone does not exist: its condition leaves it out.`,
    ],
    ['an unknown condition', { 'Fn::If': ['Nope', 1, 2] }, `${AT}: there is no condition Nope.`],
    ['a Fn::Join of objects', { 'Fn::Join': ['', [{ a: 1 }]] }, `${AT}: Fn::Join needs a text, not {"a":1}.`],
    ['a Fn::Sub of a list', { 'Fn::Sub': '${Zones}' }, `${AT}: Fn::Sub \${Zones} needs a text, not ["a","b"].`],
    ['a Fn::Select outside the list', { 'Fn::Select': [2, ['a', 'b']] }, `${AT}: Fn::Select cannot select the item 2`],
    [
      'a Fn::FindInMap without a value',
      { 'Fn::FindInMap': ['Sizes', 'x', 'y'] },
      `${AT}: Fn::FindInMap finds no Sizes.x.y`,
    ],
    ['an import of nothing', { 'Fn::ImportValue': 'x' }, `${AT}: no export named x found`],
    ['a function beside other members', { 'Fn::Join': ['', []], other: 1 }, `${AT}: Fn::Join must be the only member`],
    ['the wrong number of arguments', { 'Fn::Join': [''] }, `${AT}: Fn::Join takes a list of 2 arguments.`],
    ['Fn::Cidr', { 'Fn::Cidr': ['10.0.0.0/8', 1, 8] }, `The sandbox does not support Fn::Cidr (at ${AT}).`],
    [
      'Fn::Transform',
      { 'Fn::Transform': { Name: 'AWS::Include' } },
      `The sandbox does not support Fn::Transform (at ${AT}).`,
    ],
    ['the zones of another region', { 'Fn::GetAZs': 'us-east-1' }, `${AT}: Fn::GetAZs asks for us-east-1`],
  ])('refuses %s', async (_what, value, message) => {
    await expect(resolve(value)).rejects.toThrow(message);
  });
});

describe('resources that depend on each other', () => {
  const topic = (name: unknown, more: object = {}) => ({
    Type: 'AWS::SNS::Topic',
    Properties: { DisplayName: name },
    ...more,
  });

  it('refuses a circle of references', async () => {
    const Resources = { A: topic({ Ref: 'B' }), B: topic({ 'Fn::GetAtt': ['A', 'TopicName'] }) };
    await expect(readTemplate({ Resources })).rejects.toThrow('App: circular dependency between resources: A → B → A.');
  });

  it('refuses a circle through DependsOn', async () => {
    const Resources = {
      A: topic('x', { DependsOn: 'B' }),
      B: topic('y', { DependsOn: ['C'] }),
      C: topic({ Ref: 'A' }),
    };
    await expect(readTemplate({ Resources })).rejects.toThrow('circular dependency between resources: A → B → C → A.');
  });

  it('refuses names that are made from each other', async () => {
    const named = (id: string) => ({
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: { 'Fn::GetAtt': [id, 'QueueName'] } },
    });
    await expect(readTemplate({ Resources: { A: named('B'), B: named('A') } })).rejects.toThrow(
      'App/A Properties.QueueName: the property refers to itself in a circle.',
    );
  });

  it('refuses a DependsOn that names nothing', async () => {
    await expect(readTemplate({ Resources: { A: topic('x', { DependsOn: 'Nope' }) } })).rejects.toThrow(
      'App/A: DependsOn names Nope, which is no resource.',
    );
  });

  it('takes a DependsOn of a resource that a condition leaves out', async () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    const Resources = { A: topic('x', { DependsOn: 'B' }), B: topic('y', { Condition: 'Never' }) };
    const assembly = await readTemplate({ Conditions, Resources });
    expect(assembly.resources.map(({ logicalId }) => logicalId)).toEqual(['A']);
    expect(assembly.get('App', 'A').dependsOn).toEqual([]);
  });
});
