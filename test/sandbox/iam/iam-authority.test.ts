import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../sandbox/aws.ts';
import { AccessDeniedError, spellAccessDenied } from '../../../sandbox/iam/iam-authority.ts';
import { HERE } from '../assembly/directories.ts';
import { anAuthority, aDocument, aWorker, isAllowed, NOW_MS, QUEUE_ARN, ROLE_ARN, WORKER } from './an-authority.ts';

const SEND = { action: 'sqs:SendMessage', resource: QUEUE_ARN };
const ALLOW_SEND = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE_ARN };
const ALLOW_ALL = { Effect: 'Allow', Action: '*', Resource: '*' };
const DENY_SEND = { Effect: 'Deny', Action: 'sqs:*', Resource: '*' };
const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } };
const SESSION = 'arn:aws:sts::123456789012:assumed-role/Worker/sandbox';

function queuePolicy(...statements: readonly object[]) {
  const Properties = { Queues: [{ Ref: 'Queue' }], PolicyDocument: aDocument(...statements) };
  return { Type: 'AWS::SQS::QueuePolicy', Properties };
}

function managedPolicy(name: string, statement: object, more: object = {}) {
  const Properties = { ManagedPolicyName: name, PolicyDocument: aDocument(statement), ...more };
  return { Type: 'AWS::IAM::ManagedPolicy', Properties };
}

function denial(work: () => void): AccessDeniedError {
  try {
    work();
  } catch (error) {
    if (error instanceof AccessDeniedError) return error;
    throw error;
  }
  throw new Error('Access was not denied.');
}

describe('a role', () => {
  it.each<[string, object]>([
    ['an inline policy', { Role: aWorker([ALLOW_SEND]) }],
    [
      'an AWS::IAM::Policy',
      {
        Role: aWorker([]),
        P: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyName: 'P', Roles: [{ Ref: 'Role' }], PolicyDocument: aDocument(ALLOW_SEND) },
        },
      },
    ],
    [
      'a managed policy that names it',
      { Role: aWorker([]), P: managedPolicy('P', ALLOW_SEND, { Roles: [{ Ref: 'Role' }] }) },
    ],
    [
      'a managed policy that it names',
      { Role: aWorker([], { ManagedPolicyArns: [{ Ref: 'P' }] }), P: managedPolicy('P', ALLOW_SEND) },
    ],
    ['a policy of AWS', { Role: aWorker([], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) }],
    [
      'the policy of the resource',
      {
        Role: aWorker([]),
        Queue: QUEUE,
        P: queuePolicy({ ...ALLOW_SEND, Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } } }),
      },
    ],
    [
      'a policy of the resource for everyone',
      { Role: aWorker([]), Queue: QUEUE, P: queuePolicy({ ...ALLOW_SEND, Principal: '*' }) },
    ],
    [
      'a boundary that allows it too',
      { Role: aWorker([ALLOW_SEND], { PermissionsBoundary: { Ref: 'B' } }), B: managedPolicy('B', ALLOW_ALL) },
    ],
  ])('may do what it is allowed by %s', async (_what, resources) => {
    const authority = await anAuthority(resources);
    expect(isAllowed(authority, WORKER, SEND)).toBe(true);
  });

  const NONE = 'because no identity-based policy allows the sqs:SendMessage action';

  it.each<[string, object, string]>([
    ['nothing allows', { Role: aWorker([]) }, NONE],
    [
      'a policy of another role allows',
      {
        Role: aWorker([]),
        Other: { ...aWorker([ALLOW_SEND]), Properties: { ...aWorker([ALLOW_SEND]).Properties, RoleName: 'Other' } },
      },
      NONE,
    ],
    [
      'the resource leaves to its account',
      { Role: aWorker([]), Queue: QUEUE, P: queuePolicy({ ...ALLOW_SEND, Principal: { AWS: '123456789012' } }) },
      NONE,
    ],
    [
      'the resource allows to a service',
      {
        Role: aWorker([]),
        Queue: QUEUE,
        P: queuePolicy({ ...ALLOW_SEND, Principal: { Service: 'sns.amazonaws.com' } }),
      },
      NONE,
    ],
    [
      'its own policy denies',
      { Role: aWorker([ALLOW_SEND, DENY_SEND]) },
      'with an explicit deny in an identity-based policy',
    ],
    [
      'the resource denies',
      { Role: aWorker([ALLOW_SEND]), Queue: QUEUE, P: queuePolicy({ ...DENY_SEND, Principal: { AWS: '*' } }) },
      'with an explicit deny in a resource-based policy',
    ],
    [
      'the resource denies its account',
      {
        Role: aWorker([ALLOW_SEND]),
        Queue: QUEUE,
        P: queuePolicy({ ...DENY_SEND, Principal: { AWS: 'arn:aws:iam::123456789012:root' } }),
      },
      'with an explicit deny in a resource-based policy',
    ],
    [
      'its boundary does not allow',
      {
        Role: aWorker([ALLOW_SEND], { PermissionsBoundary: { Ref: 'B' } }),
        B: managedPolicy('B', { ...ALLOW_ALL, Action: 'ec2:*' }),
      },
      'because no permissions boundary allows the sqs:SendMessage action',
    ],
    [
      'only its boundary allows',
      { Role: aWorker([], { PermissionsBoundary: { Ref: 'B' } }), B: managedPolicy('B', ALLOW_ALL) },
      NONE,
    ],
    [
      'its boundary denies',
      { Role: aWorker([ALLOW_SEND], { PermissionsBoundary: { Ref: 'B' } }), B: managedPolicy('B', DENY_SEND) },
      'with an explicit deny in a permissions boundary',
    ],
  ])('may not do what %s', async (_what, resources, reason) => {
    const authority = await anAuthority(resources);
    const error = denial(() => authority.authorize(WORKER, [SEND], { nowMs: NOW_MS }));
    expect(error.message).toBe(
      `User: ${SESSION} is not authorized to perform: sqs:SendMessage on resource: ${QUEUE_ARN} ${reason}`,
    );
    expect(error).toMatchObject({ name: 'AccessDeniedException', statusCode: 400, principal: SESSION, ...SEND });
  });

  it('needs every one of the grants', async () => {
    const authority = await anAuthority({ Role: aWorker([ALLOW_SEND]) });
    const purge = { action: 'sqs:PurgeQueue', resource: QUEUE_ARN };
    const error = denial(() => authority.authorize(WORKER, [SEND, purge], { nowMs: NOW_MS }));
    expect(error.action).toBe('sqs:PurgeQueue');
    expect(error.principal).toBe(SESSION);
  });

  it('that no template creates is an error', async () => {
    const authority = await anAuthority({ Role: aWorker([]) });
    const stranger = { kind: 'role', arn: 'arn:aws:iam::123456789012:role/Stranger' } as const;
    expect(() => authority.authorize(stranger, [SEND], { nowMs: NOW_MS })).toThrow(
      'does not support the role arn:aws:iam::123456789012:role/Stranger, which no template creates',
    );
  });

  it('is denied, or the sandbox says that it cannot know, on a resource of another account', async () => {
    const resource = 'arn:aws:sqs:eu-central-1:210987654321:theirs';
    const grant = { action: 'sqs:SendMessage', resource };
    const allowed = await anAuthority({ Role: aWorker([ALLOW_ALL]) });
    expect(() => isAllowed(allowed, WORKER, grant)).toThrow(
      `sqs:SendMessage on ${resource}, whose policy no template holds`,
    );
    expect(isAllowed(await anAuthority({ Role: aWorker([ALLOW_SEND]) }), WORKER, grant)).toBe(false);
  });
});

describe('a service', () => {
  const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alerts';
  const SNS = { kind: 'service', arn: 'sns.amazonaws.com', sourceArn: TOPIC } as const;
  const fromTopic = {
    ...ALLOW_SEND,
    Principal: { Service: 'sns.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': TOPIC }, StringEquals: { 'aws:SourceAccount': '123456789012' } },
  };

  it('may do what the policy of the resource allows', async () => {
    const authority = await anAuthority({ Queue: QUEUE, P: queuePolicy(fromTopic) });
    expect(isAllowed(authority, SNS, SEND)).toBe(true);
  });

  it.each<[string, object, Principal]>([
    ['without a policy', { Queue: QUEUE }, SNS],
    ['for another source', { Queue: QUEUE, P: queuePolicy(fromTopic) }, { ...SNS, sourceArn: `${TOPIC}2` }],
    ['for no source', { Queue: QUEUE, P: queuePolicy(fromTopic) }, { kind: 'service', arn: 'sns.amazonaws.com' }],
    ['for another service', { Queue: QUEUE, P: queuePolicy(fromTopic) }, { ...SNS, arn: 'events.amazonaws.com' }],
  ])('may do nothing %s', async (_what, resources, principal) => {
    const authority = await anAuthority(resources);
    const error = denial(() => authority.authorize(principal, [SEND], { nowMs: NOW_MS }));
    expect(error.message).toContain('because no resource-based policy allows the sqs:SendMessage action');
  });

  it('may do nothing that the policy denies', async () => {
    const insecure = { ...DENY_SEND, Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } };
    const authority = await anAuthority({ Queue: QUEUE, P: queuePolicy(fromTopic, insecure) });
    expect(denial(() => authority.authorize(SNS, [SEND], { nowMs: NOW_MS })).reason).toEqual({
      kind: 'explicit',
      policy: 'resource-based policy',
    });
  });

  it.each<[string, object, string, string, string, string | undefined]>([
    [
      'a Lambda permission',
      {
        F: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } },
        P: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            Action: 'lambda:InvokeFunction',
            FunctionName: { Ref: 'F' },
            Principal: 'events.amazonaws.com',
            SourceArn: 'arn:aws:events:*:*:rule/x',
            SourceAccount: { Ref: 'AWS::AccountId' },
          },
        },
      },
      'events.amazonaws.com',
      'lambda:InvokeFunction',
      'arn:aws:lambda:eu-central-1:123456789012:function:f',
      'arn:aws:events:eu-central-1:123456789012:rule/x',
    ],
    [
      'a topic policy',
      {
        T: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } },
        P: {
          Type: 'AWS::SNS::TopicPolicy',
          Properties: {
            Topics: [{ Ref: 'T' }],
            PolicyDocument: aDocument({
              Effect: 'Allow',
              Action: 'sns:Publish',
              Resource: { Ref: 'T' },
              Principal: { Service: 'events.amazonaws.com' },
            }),
          },
        },
      },
      'events.amazonaws.com',
      'sns:Publish',
      TOPIC,
      undefined,
    ],
    [
      'the policy of an event bus',
      {
        B: {
          Type: 'AWS::Events::EventBus',
          Properties: {
            Name: 'b',
            Policy: aDocument({
              Effect: 'Allow',
              Action: 'events:PutEvents',
              Resource: 'arn:aws:events:eu-central-1:123456789012:event-bus/b',
              Principal: { Service: 'x.amazonaws.com' },
            }),
          },
        },
      },
      'x.amazonaws.com',
      'events:PutEvents',
      'arn:aws:events:eu-central-1:123456789012:event-bus/b',
      undefined,
    ],
  ])('is let in by %s, and nobody else is', async (_what, resources, name, action, resource, sourceArn) => {
    const authority = await anAuthority(resources);
    const by = (arn: string) => ({ kind: 'service', arn, ...(sourceArn ? { sourceArn } : {}) }) as const;
    expect(isAllowed(authority, by(name), { action, resource })).toBe(true);
    expect(isAllowed(authority, by('other.amazonaws.com'), { action, resource })).toBe(false);
    expect(authority.neededGrants().size).toBe(1);
  });

  it('is not let in to an alias by the permission of its function', async () => {
    const F = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } };
    const P = {
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', FunctionName: 'f', Principal: 'events.amazonaws.com' },
    };
    const authority = await anAuthority({ F, P });
    const grant = {
      action: 'lambda:InvokeFunction',
      resource: 'arn:aws:lambda:eu-central-1:123456789012:function:f:live',
    };
    expect(isAllowed(authority, { kind: 'service', arn: 'events.amazonaws.com' }, grant)).toBe(false);
  });

  it('for alarms may publish to a topic without a policy, and to one with a policy only if that says so', async () => {
    const T = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } };
    const P = {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [{ Ref: 'T' }],
        PolicyDocument: aDocument({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Resource: '*',
          Principal: { Service: 'events.amazonaws.com' },
        }),
      },
    };
    const publish = { action: 'sns:Publish', resource: TOPIC };
    const alarms = { kind: 'service', arn: 'cloudwatch.amazonaws.com' } as const;
    expect(isAllowed(await anAuthority({ T }), alarms, publish)).toBe(true);
    expect(isAllowed(await anAuthority({ T }), { ...alarms, arn: 'events.amazonaws.com' }, publish)).toBe(false);
    expect(isAllowed(await anAuthority({ T, P }), alarms, publish)).toBe(false);
  });

  it('is refused a policy that is not JSON', async () => {
    const B = { Type: 'AWS::Events::EventBus', Properties: { Name: 'b', Policy: '{' } };
    await expect(anAuthority({ B })).rejects.toThrow('App/B Properties.Policy: the policy is not JSON');
  });

  it('cannot be let in by a policy that a second one replaces', async () => {
    await expect(anAuthority({ Queue: QUEUE, A: queuePolicy(fromTopic), B: queuePolicy(fromTopic) })).rejects.toThrow(
      `App/B: ${QUEUE_ARN} has a policy from App/A already, which this one would replace.`,
    );
  });

  it('is exempt from a denial for all but itself', async () => {
    const others = { ...DENY_SEND, NotPrincipal: { Service: 'sns.amazonaws.com' } };
    const authority = await anAuthority({
      Role: aWorker([ALLOW_SEND]),
      Queue: QUEUE,
      P: queuePolicy(fromTopic, others),
    });
    expect(isAllowed(authority, SNS, SEND)).toBe(true);
    expect(isAllowed(authority, WORKER, SEND)).toBe(false);
    const roles = queuePolicy({ ...DENY_SEND, NotPrincipal: { AWS: ROLE_ARN } });
    await expect(anAuthority({ Queue: QUEUE, P: roles })).rejects.toThrow(
      `does not support NotPrincipal with AWS ${ROLE_ARN}`,
    );
  });
});

describe('canAssume', () => {
  const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:m';
  const trusting = (...statements: readonly object[]) =>
    aWorker([], { AssumeRolePolicyDocument: aDocument(...statements) });
  const forMachines = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: ['states.amazonaws.com', 'scheduler.amazonaws.com'] },
    Condition: {
      ArnLike: { 'aws:SourceArn': 'arn:aws:states:*:*:stateMachine:*' },
      StringEquals: { 'aws:SourceAccount': HERE.account },
    },
  };

  it('lets a service take the role that trusts it', async () => {
    const authority = await anAuthority({ Role: trusting(forMachines) });
    expect(() => authority.canAssume(ROLE_ARN, 'states.amazonaws.com', { sourceArn: MACHINE })).not.toThrow();
  });

  it.each<[string, string, object, object[], string]>([
    [
      'another service',
      'lambda.amazonaws.com',
      { sourceArn: MACHINE },
      [forMachines],
      'because no role trust policy allows the sts:AssumeRole action',
    ],
    [
      'another source',
      'states.amazonaws.com',
      { sourceArn: QUEUE_ARN },
      [forMachines],
      'because no role trust policy allows the sts:AssumeRole action',
    ],
    [
      'another account',
      'states.amazonaws.com',
      { sourceArn: MACHINE.replace(HERE.account, '210987654321') },
      [forMachines],
      'because no role trust policy allows the sts:AssumeRole action',
    ],
    [
      'no source',
      'states.amazonaws.com',
      {},
      [forMachines],
      'because no role trust policy allows the sts:AssumeRole action',
    ],
    [
      'whom it denies',
      'states.amazonaws.com',
      { sourceArn: MACHINE },
      [forMachines, { Effect: 'Deny', Action: '*', Principal: '*' }],
      'with an explicit deny in the role trust policy',
    ],
  ])('does not let %s', async (_what, service, context, statements, reason) => {
    const authority = await anAuthority({ Role: trusting(...statements) });
    const error = denial(() => authority.canAssume(ROLE_ARN, service, context));
    expect(error.message).toBe(
      `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN} ${reason}`,
    );
  });

  it('lets a role take another that names it, or that leaves it to the account when its own policy allows', async () => {
    const assume = { action: 'sts:AssumeRole', resource: 'arn:aws:iam::123456789012:role/Other' };
    const allow = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
    const other = (principal: object) => {
      const document = aDocument({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal });
      return aWorker([], { RoleName: 'Other', AssumeRolePolicyDocument: document });
    };
    const takes = async (statements: readonly object[], principal: object) =>
      isAllowed(await anAuthority({ Role: aWorker(statements), Other: other(principal) }), WORKER, assume);
    expect(await takes([], { AWS: ROLE_ARN })).toBe(true);
    expect(await takes([allow], { AWS: HERE.account })).toBe(true);
    expect(await takes([], { AWS: HERE.account })).toBe(false);
    expect(await takes([allow], { Service: 'lambda.amazonaws.com' })).toBe(false);
  });
});

describe('the grants of an authority', () => {
  const TWICE = {
    Effect: 'Allow',
    Action: ['sqs:SendMessage', 'sqs:DeleteMessage'],
    Resource: [QUEUE_ARN, `${QUEUE_ARN}-dlq`],
  };
  const PATH = 'Properties.Policies[0].PolicyDocument.Statement[0]';

  it('are each action on each resource, with where they stand', async () => {
    const authority = await anAuthority({ Role: aWorker([TWICE, DENY_SEND]) });
    const own = authority.statements().filter(({ principal }) => principal === undefined);
    expect(own.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `sqs:SendMessage ${QUEUE_ARN}`,
      `sqs:SendMessage ${QUEUE_ARN}-dlq`,
      `sqs:DeleteMessage ${QUEUE_ARN}`,
      `sqs:DeleteMessage ${QUEUE_ARN}-dlq`,
    ]);
    expect(own[0]).toMatchObject({ stack: 'App', logicalId: 'Role', path: PATH });
    const trust = authority.statements().find(({ principal }) => principal !== undefined);
    expect(trust).toMatchObject({ action: 'sts:AssumeRole', resource: ROLE_ARN, principal: 'lambda.amazonaws.com' });
  });

  it('can each be taken away alone', async () => {
    const authority = await anAuthority({ Role: aWorker([TWICE]) });
    const requests = ['sqs:SendMessage', 'sqs:DeleteMessage'].flatMap((action) =>
      [QUEUE_ARN, `${QUEUE_ARN}-dlq`].map((resource) => ({ action, resource })),
    );
    for (const { id, action, resource } of authority.statements().filter(({ principal }) => principal === undefined)) {
      const reduced = authority.without(id);
      const denied = requests.filter((request) => !isAllowed(reduced, WORKER, request));
      expect(denied).toEqual([{ action, resource }]);
      expect(reduced.statements().map((grant) => grant.id)).not.toContain(id);
    }
    expect(requests.every((request) => isAllowed(authority, WORKER, request))).toBe(true);
  });

  it('of trust and of resource policies can be taken away too', async () => {
    const fromSns = { ...ALLOW_SEND, Principal: { Service: ['sns.amazonaws.com', 'events.amazonaws.com'] } };
    const authority = await anAuthority({ Role: aWorker([]), Queue: QUEUE, P: queuePolicy(fromSns) });
    const idOf = (principal: string) => `${authority.statements().find((grant) => grant.principal === principal)?.id}`;
    const reduced = authority.without(idOf('sns.amazonaws.com')).without(idOf('lambda.amazonaws.com'));
    expect(isAllowed(reduced, { kind: 'service', arn: 'sns.amazonaws.com' }, SEND)).toBe(false);
    expect(isAllowed(reduced, { kind: 'service', arn: 'events.amazonaws.com' }, SEND)).toBe(true);
    expect(() => reduced.canAssume(ROLE_ARN, 'lambda.amazonaws.com')).toThrow(AccessDeniedError);
    expect(() => authority.canAssume(ROLE_ARN, 'lambda.amazonaws.com')).not.toThrow();
  });

  it('of a policy that AWS owns are one', async () => {
    const arn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    const authority = await anAuthority({ Role: aWorker([], { ManagedPolicyArns: [arn] }) });
    const log = {
      action: 'logs:PutLogEvents',
      resource: 'arn:aws:logs:eu-central-1:123456789012:log-group:x:log-stream:y',
    };
    const attached = authority.statements().filter(({ resource }) => resource === arn);
    expect(attached).toHaveLength(1);
    expect(isAllowed(authority, WORKER, log)).toBe(true);
    expect(isAllowed(authority.without(`${attached[0]?.id}`), WORKER, log)).toBe(false);
  });

  it('count as needed when nothing else would have allowed it', async () => {
    const authority = await anAuthority({ Role: aWorker([TWICE, ALLOW_SEND]) });
    const remove = { action: 'sqs:DeleteMessage', resource: QUEUE_ARN };
    expect(isAllowed(authority, WORKER, { action: 'sqs:PurgeQueue', resource: QUEUE_ARN })).toBe(false);
    expect(isAllowed(authority, WORKER, SEND)).toBe(true);
    expect(authority.neededGrants().size).toBe(0);
    expect(isAllowed(authority, WORKER, remove)).toBe(true);
    const needed = authority.statements().filter(({ id }) => authority.neededGrants().has(id));
    expect(needed.map(({ action, resource }) => ({ action, resource }))).toEqual([remove]);
    expect(isAllowed(authority.without(`${needed[0]?.id}`), WORKER, remove)).toBe(false);
    expect(authority.without(`${needed[0]?.id}`).neededGrants().size).toBe(0);
  });

  it.each([
    ['the role', [ALLOW_SEND], [], ['Role']],
    ['the queue', [], [ALLOW_SEND], ['P']],
    ['the role and the queue', [ALLOW_SEND], [ALLOW_SEND], []],
  ])('of %s are needed where nothing else allows it', async (_, own, ofQueue, needed) => {
    const toWorker = ofQueue.map((statement) => ({ ...statement, Principal: { AWS: ROLE_ARN } }));
    const resources = { Role: aWorker(own), Queue: QUEUE, ...(toWorker.length > 0 && { P: queuePolicy(...toWorker) }) };
    const authority = await anAuthority(resources);
    expect(isAllowed(authority, WORKER, SEND)).toBe(true);
    const ids = authority.neededGrants();
    expect(authority.statements().flatMap(({ id, logicalId }) => (ids.has(id) ? [logicalId] : []))).toEqual(needed);
  });

  it('cannot be taken away when they do not exist', async () => {
    const authority = await anAuthority({ Role: aWorker([]) });
    expect(() => authority.without('nope')).toThrow('There is no grant "nope".');
  });
});

describe('spellAccessDenied', () => {
  it.each([
    ['sns:Publish', 'AuthorizationError', 403],
    ['ec2:StartInstances', 'UnauthorizedOperation', 403],
    ['sts:AssumeRole', 'AccessDenied', 403],
    ['lambda:InvokeFunction', 'AccessDeniedException', 403],
    ['dynamodb:PutItem', 'AccessDeniedException', 400],
  ])('spells the denial of %s as %s %i', async (action, name, statusCode) => {
    const authority = await anAuthority({ Role: aWorker([]) });
    const error = denial(() => authority.authorize(WORKER, [{ action, resource: '*' }], { nowMs: NOW_MS }));
    const spelled = spellAccessDenied(error);
    expect(spelled).toMatchObject({ name, statusCode, action, resource: '*' });
    expect(spelled.message.endsWith(error.message)).toBe(true);
    expect(spelled.message.startsWith('You are not authorized')).toBe(action.startsWith('ec2:'));
  });
});
