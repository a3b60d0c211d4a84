import { describe, expect, it } from 'vitest';
import { anAuthority, aWorker, isAllowed, QUEUE_ARN, ROLE_ARN, WORKER } from './an-authority.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

async function allows(statement: object, action: string, resource: string, context: Context = {}) {
  const authority = await anAuthority({
    Role: aWorker([{ Effect: 'Allow', Action: '*', Resource: '*', ...statement }]),
  });
  return isAllowed(authority, WORKER, { action, resource, context });
}

const without = (key: string) => ({ [key]: undefined });

describe('an action', () => {
  it.each<[unknown, string, boolean]>([
    ['sqs:SendMessage', 'sqs:SendMessage', true],
    ['SQS:sendmessage', 'sqs:SendMessage', true],
    ['sqs:Send*', 'sqs:SendMessageBatch', true],
    ['sqs:Send?essage', 'sqs:SendMessage', true],
    ['sqs:Send?essage', 'sqs:Sendessage', false],
    ['*', 'ec2:RunInstances', true],
    [['sqs:A', 'sqs:B'], 'sqs:B', true],
    ['sqs:*', 'sns:Publish', false],
    ['sqs:SendMessage', 'sqs:SendMessageBatch', false],
  ])('%j fits %s: %s', async (pattern, action, expected) => {
    expect(await allows({ Action: pattern }, action, QUEUE_ARN)).toBe(expected);
  });

  it.each([
    ['sqs:DeleteQueue', false],
    ['sqs:SendMessage', true],
  ])('fits NotAction sqs:Delete* when it is none of them: %s: %s', async (action, expected) => {
    expect(await allows({ ...without('Action'), NotAction: 'sqs:Delete*' }, action, QUEUE_ARN)).toBe(expected);
  });
});

describe('a resource', () => {
  it.each<[unknown, string, boolean]>([
    ['*', '*', true],
    ['*', QUEUE_ARN, true],
    [QUEUE_ARN, QUEUE_ARN, true],
    [QUEUE_ARN, `${QUEUE_ARN}2`, false],
    [QUEUE_ARN, '*', false],
    ['arn:aws:sqs:*:123456789012:ord*', QUEUE_ARN, true],
    ['arn:aws:sqs:eu-central-?:*:orders', QUEUE_ARN, true],
    ['arn:aws:sqs', QUEUE_ARN, true],
    ['arn:aws:sqs:eu-central-1', QUEUE_ARN, true],
    ['arn:aws:sqs:us-east-1', QUEUE_ARN, false],
    ['arn:aws:sqs:*:orders', QUEUE_ARN, false],
    ['arn:aws:logs:*:*:log-group:/aws/*', 'arn:aws:logs:eu-central-1:123456789012:log-group:/aws/x:log-stream:y', true],
    [
      'arn:aws:lambda:eu-central-1:123456789012:function:f',
      'arn:aws:lambda:eu-central-1:123456789012:function:f:live',
      false,
    ],
    ['arn:aws:sqs:eu-central-1:${aws:PrincipalAccount}:orders', QUEUE_ARN, true],
    ['arn:aws:sqs:${aws:RequestedRegion}:*:${*}', QUEUE_ARN, false],
    ['arn:aws:sqs:${aws:RequestedRegion}:*:a${*}b', 'arn:aws:sqs:eu-central-1:123456789012:a*b', true],
    ['arn:aws:sqs:*:*:${aws:SourceAccount}', QUEUE_ARN, false],
    ['arn:aws:sqs:*:*:o.d+s', QUEUE_ARN, false],
  ])('%j fits %s: %s', async (pattern, resource, expected) => {
    expect(await allows({ Resource: pattern }, 'sqs:SendMessage', resource)).toBe(expected);
  });

  it('fits NotResource when it is none of them', async () => {
    const statement = { ...without('Resource'), NotResource: `${QUEUE_ARN}*` };
    expect(await allows(statement, 'sqs:SendMessage', `${QUEUE_ARN}-dlq`)).toBe(false);
    expect(await allows(statement, 'sqs:SendMessage', 'arn:aws:sqs:eu-central-1:123456789012:other')).toBe(true);
  });

  it('is a literal where the policy is of the first version', async () => {
    const document = {
      Statement: [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:sqs:*:*:${aws:PrincipalAccount}' }],
    };
    const role = aWorker([], { Policies: [{ PolicyName: 'P', PolicyDocument: document }] });
    const authority = await anAuthority({ Role: role });
    const named = (name: string) => ({
      action: 'sqs:SendMessage',
      resource: `arn:aws:sqs:eu-central-1:123456789012:${name}`,
    });
    expect(isAllowed(authority, WORKER, named('123456789012'))).toBe(false);
    expect(isAllowed(authority, WORKER, named('${aws:PrincipalAccount}'))).toBe(true);
  });
});

describe('a condition', () => {
  it.each<[object, Context, boolean]>([
    [{ StringEquals: { 'x:k': 'a' } }, { 'x:k': 'a' }, true],
    [{ StringEquals: { 'x:k': ['a', 'b'] } }, { 'X:K': 'b' }, true],
    [{ StringEquals: { 'x:k': 'a' } }, { 'x:k': 'A' }, false],
    [{ StringEquals: { 'x:k': 'a*' } }, { 'x:k': 'ab' }, false],
    [{ StringEquals: { 'x:k': 'a' } }, {}, false],
    [{ StringNotEquals: { 'x:k': ['a', 'b'] } }, { 'x:k': 'b' }, false],
    [{ StringNotEquals: { 'x:k': 'a' } }, {}, true],
    [{ StringEqualsIgnoreCase: { 'x:k': 'a' } }, { 'x:k': 'A' }, true],
    [{ StringNotEqualsIgnoreCase: { 'x:k': 'a' } }, { 'x:k': 'A' }, false],
    [{ StringLike: { 'x:k': 'a*c?' } }, { 'x:k': 'abbcd' }, true],
    [{ StringLike: { 'x:k': 'a*c?' } }, { 'x:k': 'abbc' }, false],
    [{ StringNotLike: { 'x:k': 'a*' } }, { 'x:k': 'b' }, true],
    [{ StringEquals: { 'x:k': '${aws:PrincipalAccount}' } }, { 'x:k': '123456789012' }, true],
    [{ ArnLike: { 'x:k': 'arn:aws:sqs:*:*:o*' } }, { 'x:k': QUEUE_ARN }, true],
    [{ ArnEquals: { 'x:k': 'arn:aws:sqs:*:*:o*' } }, { 'x:k': QUEUE_ARN }, true],
    [{ ArnLike: { 'x:k': 'arn:aws:sqs:*:orders' } }, { 'x:k': QUEUE_ARN }, false],
    [{ ArnNotLike: { 'x:k': 'arn:aws:sqs:*:*:o*' } }, { 'x:k': QUEUE_ARN }, false],
    [{ ArnNotEquals: { 'x:k': 'arn:aws:sqs:*:*:x' } }, { 'x:k': QUEUE_ARN }, true],
    [{ NumericEquals: { 'x:k': 5 } }, { 'x:k': '5.0' }, true],
    [{ NumericNotEquals: { 'x:k': '5' } }, { 'x:k': '5' }, false],
    [{ NumericLessThan: { 'x:k': '5' } }, { 'x:k': '10' }, false],
    [{ NumericLessThanEquals: { 'x:k': '5' } }, { 'x:k': '5' }, true],
    [{ NumericGreaterThan: { 'x:k': '5' } }, { 'x:k': '10' }, true],
    [{ NumericGreaterThanEquals: { 'x:k': '5' } }, { 'x:k': 'x' }, false],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-11-23T07:59:59Z' } }, {}, true],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-11-23T07:59:59Z' } }, {}, false],
    [{ DateLessThanEquals: { 'aws:EpochTime': '1795420800' } }, {}, true],
    [{ DateNotEquals: { 'aws:CurrentTime': '2026-11-23T08:00:00Z' } }, {}, false],
    [{ NumericEquals: { 'aws:EpochTime': '1795420800' } }, {}, true],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, {}, false],
    [{ Bool: { 'aws:SecureTransport': true } }, {}, true],
    [{ Null: { 'x:k': 'true' } }, {}, true],
    [{ Null: { 'x:k': 'true' } }, { 'x:k': 'a' }, false],
    [{ Null: { 'x:k': false } }, { 'x:k': 'a' }, true],
    [{ StringEqualsIfExists: { 'x:k': 'a' } }, {}, true],
    [{ StringEqualsIfExists: { 'x:k': 'a' } }, { 'x:k': 'b' }, false],
    [{ 'ForAllValues:StringEquals': { 'x:k': ['a', 'b'] } }, { 'x:k': ['a', 'b', 'a'] }, true],
    [{ 'ForAllValues:StringEquals': { 'x:k': ['a', 'b'] } }, { 'x:k': ['a', 'c'] }, false],
    [{ 'ForAllValues:StringEquals': { 'x:k': 'a' } }, {}, true],
    [{ 'ForAnyValue:StringEquals': { 'x:k': ['a', 'b'] } }, { 'x:k': ['c', 'b'] }, true],
    [{ 'ForAnyValue:StringEquals': { 'x:k': 'a' } }, { 'x:k': ['c'] }, false],
    [{ 'ForAnyValue:StringEquals': { 'x:k': 'a' } }, {}, false],
    [{ 'ForAnyValue:StringNotEquals': { 'x:k': 'a' } }, { 'x:k': ['a', 'b'] }, true],
    [{ 'ForAllValues:StringNotLike': { 'x:k': 'a*' } }, { 'x:k': ['b', 'ab'] }, false],
    [{ StringEquals: { 'x:k': 'a', 'x:l': 'b' } }, { 'x:k': 'a' }, false],
    [{ StringEquals: { 'x:k': 'a' }, StringLike: { 'x:l': 'b*' } }, { 'x:k': 'a', 'x:l': 'bc' }, true],
    [{ ArnEquals: { 'aws:PrincipalArn': ROLE_ARN } }, {}, true],
    [{ StringEquals: { 'aws:PrincipalAccount': '123456789012', 'aws:ResourceAccount': '123456789012' } }, {}, true],
    [{ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }, {}, false],
    [{ Null: { 'aws:SourceArn': 'false' } }, {}, false],
    [
      { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      { 'iam:PassedToService': 'ssm.amazonaws.com' },
      true,
    ],
  ])('%j with %j holds: %s', async (condition, context, expected) => {
    expect(await allows({ Condition: condition }, 'sqs:SendMessage', QUEUE_ARN, context)).toBe(expected);
  });

  it('sees the tags of the role', async () => {
    const statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'sre' } },
    };
    const tagged = async (team: string) => {
      const authority = await anAuthority({ Role: aWorker([statement], { Tags: [{ Key: 'team', Value: team }] }) });
      return isAllowed(authority, WORKER, { action: 'sqs:SendMessage', resource: QUEUE_ARN });
    };
    expect(await tagged('sre')).toBe(true);
    expect(await tagged('dev')).toBe(false);
  });
});
