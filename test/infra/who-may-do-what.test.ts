import { beforeAll, describe, expect, it } from 'vitest';
import type { Assembly } from '../../sandbox/assembly/assembly.ts';
import { isRecord } from '../../sandbox/members.ts';
import { readAssembly } from '../../sandbox/assembly/read-assembly.ts';
import type { Resource } from '../../sandbox/assembly/resource.ts';
import type { RequiredGrant } from '../../sandbox/aws.ts';
import { IamAuthority } from '../../sandbox/iam/iam-authority.ts';
import { aWorker, anAuthority, isAllowed, WORKER } from '../sandbox/iam/an-authority.ts';
import { testAssembly } from '../support/stage.ts';

const place = { account: '123456789012', region: 'eu-central-1' };
const ssm = `arn:aws:ssm:${place.region}:${place.account}`;

let assembly: Assembly;
let authority: IamAuthority;
let roles: readonly Resource[];
/** The catalog as the guard reads it. */
let catalog: readonly {
  readonly document: string;
  readonly undo: string | null;
  readonly automation_role_arn: string;
}[];

beforeAll(async () => {
  assembly = await readAssembly(testAssembly, { ...place, parameters: { SlackApiUrl: 'http://127.0.0.1/' } });
  authority = IamAuthority.fromAssembly(assembly);
  roles = assembly.ofType('AWS::IAM::Role');
  catalog = assembly
    .ofType('AWS::SSM::Parameter')
    .filter(({ properties }) => String(properties['Name']).startsWith('/handsoff/runbooks/'))
    .map(({ properties }) => JSON.parse(String(properties['Value'])));
  expect(catalog.length).toBeGreaterThan(1);
});

const arnOf = (role: Resource): string => role.arn ?? '';
const named = (start: string) => roles.filter(({ logicalId }) => logicalId.startsWith(start));
const may = (roleArn: string, grant: RequiredGrant) => isAllowed(authority, { kind: 'role', arn: roleArn }, grant);

/** What Automation asks of whoever starts a document: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
function mayStart(
  roleArn: string,
  document: string,
  owner = document.startsWith('AWS-') ? '' : place.account,
): boolean {
  const action = 'ssm:StartAutomationExecution';
  return [`automation-definition/${document}:$DEFAULT`, `document/${document}`].every((name) =>
    may(roleArn, { action, resource: `arn:aws:ssm:${place.region}:${owner}:${name}` }),
  );
}

function mayPass(roleArn: string, passed: string, service: string): boolean {
  return may(roleArn, { action: 'iam:PassRole', resource: passed, context: { 'iam:PassedToService': service } });
}

function statementsOf(document: unknown): readonly Record<string, unknown>[] {
  return (document as { readonly Statement: Record<string, unknown>[] }).Statement;
}

describe('start-automation', () => {
  const starter = () => arnOf(named('startautomationRole')[0] as Resource);

  it('may start every document of the catalog', () => {
    for (const name of catalog.flatMap(({ document, undo }) => [document, undo ?? []].flat()))
      expect(mayStart(starter(), name), name).toBe(true);
  });

  it.each([
    ['a document of AWS that runs anything', 'AWS-RunShellScript', undefined],
    ['a document of AWS that ends an instance', 'AWS-TerminateEC2Instance', undefined],
    ['a document that somebody else shares', 'handsoff-disk-space-low-compress-logs', '999999999999'],
    ['a document of the account that is in no runbook', 'somebody-elses-document', undefined],
    ['a document whose name begins as one of the catalog', 'AWS-RestartEC2InstanceWithApproval', undefined],
  ])('may not start %s', (_what, document, owner) => {
    expect(mayStart(starter(), document, owner)).toBe(false);
  });

  it('may hand every automation role to SSM, and to no other service, and no other role to anybody', () => {
    const passable = catalog.map(({ automation_role_arn: role }) => role);
    for (const role of roles) {
      const isPassable = passable.includes(arnOf(role));
      expect(mayPass(starter(), arnOf(role), 'ssm.amazonaws.com'), role.logicalId).toBe(isPassable);
      for (const service of ['lambda.amazonaws.com', 'ec2.amazonaws.com', 'states.amazonaws.com'])
        expect(mayPass(starter(), arnOf(role), service), `${role.logicalId} to ${service}`).toBe(false);
    }
  });

  it('is the only role that may start an automation, or hand on a role', () => {
    const others = roles.map(arnOf).filter((arn) => arn !== starter());
    const [runbook] = catalog;
    for (const arn of others) {
      expect(mayStart(arn, runbook?.document ?? ''), arn).toBe(false);
      expect(mayPass(arn, runbook?.automation_role_arn ?? '', 'ssm.amazonaws.com'), arn).toBe(false);
    }
  });
});

describe('every role', () => {
  it('has a boundary', () => {
    for (const { logicalId, properties } of roles) expect(properties['PermissionsBoundary'], logicalId).toBeTruthy();
  });

  it('belongs to one runbook at the most', () => {
    const arns = catalog.map(({ automation_role_arn: role }) => role);
    expect(new Set(arns).size).toBe(arns.length);
  });

  // Lambda gives no source when it takes on an execution role; that the role was passed within the account is its lock:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
  it('trusts one service of AWS, on behalf of this account and of one kind of resource, wherever the service says whose', () => {
    for (const { logicalId, properties } of roles) {
      const { Statement: statements } = properties['AssumeRolePolicyDocument'] as {
        Statement: Record<string, unknown>[];
      };
      expect(statements, logicalId).toHaveLength(1);
      const { Principal: principal, Condition: condition } = statements[0] ?? {};
      const service = isRecord(principal) ? String(principal['Service']) : '';
      expect(service, logicalId).toMatch(/^(ssm|states|events|lambda)\.amazonaws\.com$/);
      if (service === 'lambda.amazonaws.com') continue;
      expect(condition, logicalId).toMatchObject({
        StringEquals: { 'aws:SourceAccount': place.account },
        ArnLike: { 'aws:SourceArn': expect.stringContaining(`:${place.region}:${place.account}:`) },
      });
    }
  });

  it('is refused to a service that comes on behalf of somebody else', () => {
    const theirs = (arn: string) => arn.replaceAll(place.account, '999999999999');
    const tries = [
      { start: 'Runbooks', service: 'ssm.amazonaws.com', source: `${ssm}:automation-execution/1` },
      {
        start: 'remediate',
        service: 'states.amazonaws.com',
        source: `arn:aws:states:${place.region}:${place.account}:stateMachine:handsoff-remediate`,
      },
    ];
    for (const { start, service, source } of tries) {
      const [role] = named(start).filter(({ properties }) => JSON.stringify(properties).includes(service));
      const assume = (sourceArn?: string) => () =>
        authority.canAssume(arnOf(role as Resource), service, sourceArn ? { sourceArn } : {});
      expect(assume(source)).not.toThrow();
      expect(assume(theirs(source))).toThrow(/not authorized/);
      expect(assume(`${source.replace(/[^:]*$/, '')}another`)).toThrow(/not authorized/);
      expect(assume()).toThrow(/not authorized/);
      expect(() => authority.canAssume(arnOf(role as Resource), 'ec2.amazonaws.com', { sourceArn: source })).toThrow(
        /not authorized/,
      );
    }
  });
});

describe('what a service may send to a queue or a topic', () => {
  it('it sends on behalf of this account alone, but for EventBridge to a topic, where AWS takes no condition', () => {
    const here = expect.stringMatching(new RegExp(`:${place.account}:|^${place.account}$`));
    const policies = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap((type) => assembly.ofType(type));
    const admitted = policies.flatMap(({ type, properties }) =>
      statementsOf(properties['PolicyDocument']).flatMap(({ Principal: principal, Condition: condition }) =>
        isRecord(principal) && principal['Service'] !== undefined
          ? [{ type, service: principal['Service'], condition }]
          : [],
      ),
    );
    const unconditional = admitted.filter(({ condition }) => condition === undefined);
    expect(unconditional.map(({ type, service }) => [type, service])).toEqual([
      ['AWS::SNS::TopicPolicy', 'events.amazonaws.com'],
      ['AWS::SNS::TopicPolicy', 'events.amazonaws.com'],
    ]);
    const conditional = admitted.filter(({ condition }) => condition !== undefined);
    expect(conditional).toHaveLength(4);
    for (const { condition } of conditional) {
      const [keys] = Object.values(condition as Record<string, Record<string, unknown>>);
      for (const value of Object.values(keys ?? {}).flat()) expect(value).toEqual(here);
    }
  });
});

describe('the boundary of the automations', () => {
  /** A role that may do anything, under the boundary as deployed. */
  let bounded: IamAuthority;
  beforeAll(async () => {
    const boundary = assembly
      .ofType('AWS::IAM::ManagedPolicy')
      .find(({ logicalId }) => logicalId.startsWith('RunbooksBoundary'));
    const PolicyDocument = boundary?.properties['PolicyDocument'];
    bounded = await anAuthority({
      Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument } },
      Worker: aWorker([{ Effect: 'Allow', Action: '*', Resource: '*' }], { PermissionsBoundary: { Ref: 'Boundary' } }),
    });
  });
  const own = (resource: string) => resource.replace(/^(\w+):/, `arn:aws:$1:${place.region}:${place.account}:`);
  const allows = (action: string, context: RequiredGrant['context'] = {}, resource = own('x:y')) =>
    isAllowed(bounded, WORKER, { action, resource, context });

  it.each([
    'account:DisableRegion',
    'acm:DeleteCertificate',
    'autoscaling:TerminateInstanceInAutoScalingGroup',
    'cloudformation:CreateChangeSet',
    'cloudformation:DeleteStack',
    'cloudformation:UpdateStack',
    'cloudfront:DeleteDistribution',
    'cloudtrail:StopLogging',
    'cloudwatch:DeleteAlarms',
    'cloudwatch:DisableAlarmActions',
    'cloudwatch:PutMetricAlarm',
    'codebuild:StartBuild',
    'codebuild:StartBuildBatch',
    'cognito-idp:DeleteUserPool',
    'config:PutConfigurationRecorder',
    'dynamodb:DeleteItem',
    'dynamodb:DeleteTable',
    'dynamodb:PutResourcePolicy',
    'ec2-instance-connect:SendSSHPublicKey',
    'ec2:AuthorizeSecurityGroupEgress',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateRoute',
    'ec2:DeleteSnapshot',
    'ec2:DeleteVolume',
    'ec2:DeregisterImage',
    'ec2:ModifySnapshotAttribute',
    'ec2:ReleaseAddress',
    'ec2:TerminateInstances',
    'ecr:SetRepositoryPolicy',
    'ecs:DeleteService',
    'ecs:ExecuteCommand',
    'eks:AssociateAccessPolicy',
    'eks:CreateAccessEntry',
    'es:DeleteDomain',
    'events:DeleteRule',
    'fsx:DeleteFileSystem',
    'guardduty:UpdateDetector',
    'iam:AttachRolePolicy',
    'iam:CreateAccessKey',
    'iam:DeleteAccessKey',
    'iam:PassRole',
    'iam:PutUserPolicy',
    'iam:UpdateAssumeRolePolicy',
    'iam:UpdateLoginProfile',
    'kafka:DeleteCluster',
    'kinesis:DeleteStream',
    'kms:DisableKey',
    'kms:ScheduleKeyDeletion',
    'lambda:AddLayerVersionPermission',
    'lambda:AddPermission',
    'lambda:DeleteFunction',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionUrlConfig',
    'logs:DeleteLogGroup',
    'logs:PutRetentionPolicy',
    'organizations:LeaveOrganization',
    'ram:CreateResourceShare',
    'rds:DeleteDBCluster',
    'rds:DeleteDBInstance',
    'rds:ModifyDBSnapshotAttribute',
    'redshift-serverless:DeleteNamespace',
    'redshift:DeleteCluster',
    'route53:DeleteHostedZone',
    's3:DeleteBucket',
    's3:DeleteObjectVersion',
    's3:PutAccessPointPolicy',
    's3:PutBucketAcl',
    's3:PutBucketPolicy',
    's3:PutBucketTagging',
    's3:PutBucketVersioning',
    's3:PutBucketWebsite',
    'secretsmanager:DeleteSecret',
    'securityhub:DisableSecurityHub',
    'sns:AddPermission',
    'sns:SetTopicAttributes',
    'sqs:AddPermission',
    'sqs:DeleteQueue',
    'sqs:PurgeQueue',
    'ssm:CreateDocument',
    'ssm:DeleteParameter',
    'ssm:StartSession',
    'ssm:UpdateDocument',
    'ssm:UpdateDocumentDefaultVersion',
    'sso:CreateAccountAssignment',
    'sts:AssumeRole',
    'sts:GetFederationToken',
    'sts:GetServiceBearerToken',
    'sts:GetSessionToken',
  ])('denies %s to a role that may do anything', (action) => {
    expect(allows(action)).toBe(false);
  });

  it.each([
    'autoscaling:SuspendProcesses',
    'dynamodb:UpdateTable',
    'ec2:CreateSnapshot',
    'ec2:ModifyInstanceAttribute',
    'ecs:UpdateService',
    'elasticloadbalancing:DeregisterTargets',
    'iam:ListAccessKeys',
    'iam:UpdateAccessKey',
    'lambda:DeleteFunctionConcurrency',
    'lambda:UpdateAlias',
    'rds:ModifyDBInstance',
    's3:PutBucketPublicAccessBlock',
    'sqs:DeleteMessage',
    'sqs:StartMessageMoveTask',
    'ssm:SendCommand',
  ])('leaves %s to the declared mutations', (action) => {
    expect(allows(action)).toBe(true);
  });

  it.each([
    ['a kill switch', 'ssm:PutParameter', 'ssm:parameter/handsoff/kill-switch/global'],
    ['an incident', 'dynamodb:UpdateItem', 'dynamodb:table/handsoff-stateful-IncidentTable1A2B-3C4D'],
    ['what starts automations', 'lambda:InvokeFunction', 'lambda:function:handsoff-start-automation'],
    ['a rule', 'events:DisableRule', 'events:rule/handsoff-failed-responses'],
    ['the bus', 'events:PutEvents', 'events:event-bus/handsoff'],
    ['a machine', 'states:StartExecution', 'states:stateMachine:handsoff-remediate'],
    ['a queue', 'sqs:SetQueueAttributes', 'sqs:handsoff-held-alerts'],
    ['a topic', 'sns:Publish', 'sns:handsoff-high-urgency'],
    ['a secret', 'secretsmanager:GetSecretValue', 'secretsmanager:secret:handsoff/slack-AbCdEf'],
    ['a setting of a function', 'lambda:UpdateFunctionConfiguration', 'lambda:function:handsoff-guard-remediation'],
    ['the function for Rundeck', 'lambda:PutFunctionConcurrency', 'lambda:function:handsoff-call-rundeck'],
  ])('keeps %s of Handsoff from a role that may do anything', (_what, action, resource) => {
    expect(allows(action, {}, own(resource))).toBe(false);
    expect(allows(action, {}, own(resource.replace('handsoff', 'checkout')))).toBe(true);
  });

  it('knows every service in which something of the stacks is called handsoff, but for IAM, which is closed anyway', () => {
    const arns = assembly.resources.flatMap(({ arn }) => (arn?.includes('handsoff') ? [arn] : []));
    expect(arns.length).toBeGreaterThan(100);
    for (const arn of arns.filter((one) => !one.startsWith('arn:aws:iam:'))) {
      const [, , service = ''] = arn.split(':');
      expect(allows(`${service}:ChangeIt`, {}, arn), arn).toBe(false);
    }
  });

  it('leaves to the declared mutations what runbooks use of Handsoff: Rundeck, commands, and automations inside of others', () => {
    expect(allows('lambda:InvokeFunction', {}, own('lambda:function:handsoff-call-rundeck'))).toBe(true);
    expect(allows('ssm:SendCommand', {}, own('ssm:document/handsoff-disk-space-low-compress-logs-command'))).toBe(true);
    for (const name of ['automation-definition/handsoff-a-runbook-inner:$DEFAULT', 'document/handsoff-a-runbook-inner'])
      expect(allows('ssm:StartAutomationExecution', {}, own(`ssm:${name}`)), name).toBe(true);
  });

  it('lets no automation write or take off the tag by which an owner agrees, in whatever case; its own notes it may', () => {
    const tags = (...keys: string[]) => ({ 'aws:TagKeys': keys });
    for (const action of [
      'ec2:CreateTags',
      'ec2:DeleteTags',
      'ec2:RunInstances',
      'lambda:TagResource',
      'sqs:UntagQueue',
    ]) {
      expect(allows(action, tags('handsoff')), action).toBe(false);
      expect(allows(action, tags('Name', 'HandsOff')), action).toBe(false);
    }
    expect(allows('ec2:CreateTags', tags('handsoff-groups', 'handsoff-protected'))).toBe(true);
  });

  it('lets the settings of a function be changed, and no layer be put into it', () => {
    const update = 'lambda:UpdateFunctionConfiguration';
    expect(allows(update)).toBe(true);
    expect(allows(update, { 'lambda:Layer': 'arn:aws:lambda:eu-central-1:999999999999:layer:a:1' })).toBe(false);
  });

  it('lets an instance be stopped, started and rebooted where its owner has said so', () => {
    for (const action of ['ec2:StopInstances', 'ec2:StartInstances', 'ec2:RebootInstances']) {
      expect(allows(action)).toBe(false);
      expect(allows(action, { 'aws:ResourceTag/handsoff': 'observe' })).toBe(false);
      expect(allows(action, { 'aws:ResourceTag/handsoff': 'act' })).toBe(true);
    }
  });

  it('lets a key be used by a service of AWS alone, and records be pointed elsewhere but not taken out', () => {
    expect(allows('kms:CreateGrant', { 'kms:GrantIsForAWSResource': 'true' })).toBe(true);
    expect(allows('kms:CreateGrant', { 'kms:GrantIsForAWSResource': 'false' })).toBe(false);
    const change = (verb: string) => ({ 'route53:ChangeResourceRecordSetsActions': verb });
    expect(allows('route53:ChangeResourceRecordSets', change('UPSERT'))).toBe(true);
    expect(allows('route53:ChangeResourceRecordSets', change('DELETE'))).toBe(false);
  });
});

describe('the boundary of the platform', () => {
  it.each([
    'sts:AssumeRole',
    'organizations:LeaveOrganization',
    'iam:PutRolePolicy',
    'iam:AttachRolePolicy',
    'account:DisableRegion',
  ])('denies %s to a role that may do anything', async (action) => {
    const boundary = assembly
      .ofType('AWS::IAM::ManagedPolicy')
      .find(({ logicalId }) => logicalId.startsWith('PlatformBoundary'));
    const bounded = await anAuthority({
      Boundary: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: boundary?.properties['PolicyDocument'] },
      },
      Worker: aWorker([{ Effect: 'Allow', Action: '*', Resource: '*' }], { PermissionsBoundary: { Ref: 'Boundary' } }),
    });
    expect(isAllowed(bounded, WORKER, { action, resource: 'arn:aws:x:eu-central-1:123456789012:y' })).toBe(false);
    expect(
      isAllowed(bounded, WORKER, { action: 'sqs:SendMessage', resource: 'arn:aws:x:eu-central-1:123456789012:y' }),
    ).toBe(true);
  });
});
