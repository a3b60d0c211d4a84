import { describe, expect, it } from 'vitest';
import { anAuthority, aDocument, aWorker, isAllowed, QUEUE_ARN, TRUST, WORKER } from './an-authority.ts';

const SEND = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };

describe('an identity policy', () => {
  it.each<[string, object]>([
    ['without a version', { Statement: [SEND] }],
    ['with a single statement', { Version: '2012-10-17', Statement: SEND }],
    [
      'with everything it can have',
      aDocument({ ...SEND, Sid: 'One', Condition: { Bool: { 'aws:SecureTransport': true } } }),
    ],
  ])('%s is taken', async (_what, document) => {
    const role = aWorker([], { Policies: [{ PolicyName: 'P', PolicyDocument: document }] });
    const authority = await anAuthority({ Role: role });
    expect(isAllowed(authority, WORKER, { action: 'sqs:SendMessage', resource: QUEUE_ARN })).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['that is no object', 'x', 'the policy document is not an object'],
    ['of an unknown version', { Version: '2020-01-01', Statement: [SEND] }, 'there is no policy version "2020-01-01"'],
    ['without statements', { Version: '2012-10-17', Statement: [] }, 'the policy has no statements'],
    ['with an unknown element', { Statements: [] }, 'a policy has no element Statements'],
    ['with an unknown statement element', aDocument({ ...SEND, Actions: [] }), 'a policy has no element Actions'],
    ['with an unknown effect', aDocument({ ...SEND, Effect: 'allow' }), 'Effect is neither Allow nor Deny'],
    [
      'without an action',
      aDocument({ Effect: 'Allow', Resource: '*' }),
      'exactly one of Action and NotAction is needed',
    ],
    [
      'with both kinds of action',
      aDocument({ ...SEND, NotAction: 'sqs:*' }),
      'exactly one of Action and NotAction is needed',
    ],
    ['with no actions', aDocument({ ...SEND, Action: [] }), 'Policy statement must contain actions'],
    [
      'with an action without a service',
      aDocument({ ...SEND, Action: 'SendMessage' }),
      '"SendMessage" is no action such as',
    ],
    ['with an action of any service', aDocument({ ...SEND, Action: '*:Send' }), '"*:Send" is no action such as'],
    [
      'without a resource',
      aDocument({ Effect: 'Allow', Action: 'sqs:*' }),
      'exactly one of Resource and NotResource is needed',
    ],
    ['with no resources', aDocument({ ...SEND, Resource: [] }), 'Policy statement must contain resources'],
    [
      'with a resource that is no ARN',
      aDocument({ ...SEND, Resource: 'orders' }),
      'Resource orders must be in ARN format or "*"',
    ],
    [
      'with a resource of any service',
      aDocument({ ...SEND, Resource: 'arn:aws:*:::x' }),
      'must be in ARN format or "*"',
    ],
    ['with a principal', aDocument({ ...SEND, Principal: '*' }), 'should not specify a principal'],
    [
      'with the same Sid twice',
      aDocument({ ...SEND, Sid: 'A' }, { ...SEND, Sid: 'A' }),
      'Statement IDs (SID) must be unique: A',
    ],
    ['with a Sid of two words', aDocument({ ...SEND, Sid: 'A b' }), 'Statement IDs (SID) must be alpha-numeric: A b'],
    ['with a condition that is no object', aDocument({ ...SEND, Condition: [] }), 'Condition is not an object'],
    [
      'with a condition without values',
      aDocument({ ...SEND, Condition: { StringEquals: { 'aws:SourceArn': [] } } }),
      'the condition key has no values',
    ],
    [
      'with a condition key that is none',
      aDocument({ ...SEND, Condition: { StringEquals: { x: 'y' } } }),
      '"x" is no condition key',
    ],
    [
      'with a number that is none',
      aDocument({ ...SEND, Condition: { NumericEquals: { 'a:b': 'y' } } }),
      '"y" is no value for a Numeric operator',
    ],
    [
      'longer than the quota',
      aDocument(...Array.from({ length: 200 }, () => SEND)),
      'are more than the quota of 10240 for inlineOfRole',
    ],
  ])('%s is refused', async (_what, document, message) => {
    const role = aWorker([], { Policies: [{ PolicyName: 'P', PolicyDocument: document }] });
    await expect(anAuthority({ Role: role })).rejects.toMatchObject({
      name: 'MalformedPolicyError',
      message: expect.stringContaining(message),
    });
  });

  it.each<[string, object, string]>([
    ['an operator', { IpAddress: { 'aws:SourceArn': '10.0.0.0/8' } }, 'the condition operator IpAddress'],
    [
      'an operator with a prefix',
      { 'ForSomeValues:StringEquals': { 'a:b': 'c' } },
      'the condition operator ForSomeValues:StringEquals',
    ],
    ['Null with IfExists', { NullIfExists: { 'a:b': 'true' } }, 'the condition operator NullIfExists'],
    ['a global key', { StringEquals: { 'aws:SourceVpce': 'x' } }, 'the condition key aws:SourceVpce'],
    [
      'a variable',
      { StringEquals: { 'a:b': '${aws:PrincipalTag/team}' } },
      'the policy variable ${aws:PrincipalTag/team}',
    ],
  ])('with %s that the sandbox does not know is an error', async (_what, condition, message) => {
    await expect(anAuthority({ Role: aWorker([{ ...SEND, Condition: condition }]) })).rejects.toThrow(
      `The sandbox does not support ${message} (App/Role Properties.Policies[0].PolicyDocument.Statement[0].Condition`,
    );
  });
});

describe('a trust policy', () => {
  const trusting = (statement: object) =>
    aWorker([], { AssumeRolePolicyDocument: aDocument({ ...TRUST.Statement[0], ...statement }) });

  it.each<[string, object, string]>([
    ['a resource', { Resource: '*' }, 'Has prohibited field Resource'],
    [
      'a principal with a wildcard',
      { Principal: { AWS: 'arn:aws:iam::123456789012:role/*' } },
      'Invalid principal in policy',
    ],
    ['a principal of an unknown kind', { Principal: { Services: 'x.amazonaws.com' } }, 'a Principal has no Services'],
    ['a service that is none', { Principal: { Service: 'lambda' } }, 'lambda is no service principal'],
    ['nobody', { Principal: {} }, 'Principal names nobody'],
    [
      'NotPrincipal',
      { Principal: undefined, NotPrincipal: { Service: 'x.amazonaws.com' } },
      'a trust policy cannot have NotPrincipal',
    ],
  ])('with %s is refused', async (_what, statement, message) => {
    await expect(anAuthority({ Role: trusting(statement) })).rejects.toThrow(message);
  });

  it('longer than the quota is refused', async () => {
    const Condition = { StringEquals: { 'aws:SourceAccount': Array.from({ length: 200 }, () => '123456789012') } };
    await expect(anAuthority({ Role: trusting({ Condition }) })).rejects.toThrow('the quota of 2048 for trust');
  });
});

describe('a policy of a queue', () => {
  const ofQueue = (...statements: readonly object[]) => ({
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
    P: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: aDocument(...statements) },
    },
  });
  const service = { ...SEND, Principal: { Service: 'events.amazonaws.com' } };

  it('with 20 statements is taken, and with one more refused', async () => {
    const statements = (length: number) => Array.from({ length }, () => service);
    await expect(anAuthority(ofQueue(...statements(20)))).resolves.toBeDefined();
    await expect(anAuthority(ofQueue(...statements(21)))).rejects.toThrow(
      'App/P: 21 statements were found in the submitted policy, max allowed is 20',
    );
  });

  it('longer than the quota is refused', async () => {
    const Condition = { StringEquals: { 'aws:SourceAccount': Array.from({ length: 700 }, () => '123456789012') } };
    await expect(anAuthority(ofQueue({ ...service, Condition }))).rejects.toThrow('the quota of 8192 for queue');
  });
});

describe('a managed policy', () => {
  it('longer than the quota is refused', async () => {
    const PolicyDocument = aDocument(...Array.from({ length: 110 }, () => SEND));
    await expect(
      anAuthority({ P: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument } } }),
    ).rejects.toThrow('the quota of 6144 for managed');
  });

  it('of AWS that the sandbox does not have is an error', async () => {
    const role = aWorker([], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
    await expect(anAuthority({ Role: role })).rejects.toThrow(
      'does not support the AWS managed policy arn:aws:iam::aws:policy/ReadOnlyAccess (App/Role Properties.ManagedPolicyArns[0])',
    );
  });

  it('that no template creates is an error', async () => {
    const role = aWorker([], { ManagedPolicyArns: ['arn:aws:iam::123456789012:policy/Team'] });
    await expect(anAuthority({ Role: role })).rejects.toThrow(
      'the managed policy arn:aws:iam::123456789012:policy/Team, which no template creates',
    );
  });
});
