import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  askedForBy,
  callsOfAwsDocument,
  iamActionOf,
  isRead,
  knownAwsDocuments,
  readResourceOf,
} from '../../../infra/automation/aws-calls.ts';
import { callsOfStep } from '../../../infra/automation/calls-of-step.ts';
import { mutationArn } from '../../../infra/automation/mutation-resource.ts';
import { compileArn } from '../../../sandbox/iam/pattern.ts';
import { grantsForCall, iamPrefixOf } from '../../../sandbox/world/grants.ts';

function read(file: string): unknown {
  return parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'), { maxAliasCount: -1 });
}

const place = { partition: 'aws', region: 'eu-west-1', account: '111122223333' };

describe('iamActionOf', () => {
  it.each([
    ['ec2', 'StopInstances', 'ec2:StopInstances'],
    ['ec2', 'stop_instances', 'ec2:StopInstances'],
    ['elbv2', 'describe_target_health', 'elasticloadbalancing:DescribeTargetHealth'],
    ['elasticloadbalancingv2', 'describeTargetHealth', 'elasticloadbalancing:DescribeTargetHealth'],
    ['autoscaling', 'SuspendProcesses', 'autoscaling:SuspendProcesses'],
    ['application-autoscaling', 'RegisterScalableTarget', 'application-autoscaling:RegisterScalableTarget'],
    ['lambda', 'invoke', 'lambda:InvokeFunction'],
    ['s3', 'PutPublicAccessBlock', 's3:PutBucketPublicAccessBlock'],
    ['s3', 'head_bucket', 's3:ListBucket'],
    ['s3', 'list_object_versions', 's3:ListBucketVersions'],
    ['s3', 'getObjectLockConfiguration', 's3:GetBucketObjectLockConfiguration'],
    ['s3', 'PutBucketLifecycleConfiguration', 's3:PutLifecycleConfiguration'],
    ['s3control', 'getPublicAccessBlock', 's3:GetAccountPublicAccessBlock'],
    ['s3control', 'put_public_access_block', 's3:PutAccountPublicAccessBlock'],
    ['s3control', 'listAccessPoints', 's3:ListAccessPoints'],
    ['bedrockruntime', 'converse', 'bedrock:InvokeModel'],
    ['bedrock-runtime', 'converse_stream', 'bedrock:InvokeModelWithResponseStream'],
    ['sqs', 'sendMessageBatch', 'sqs:SendMessage'],
    ['sns', 'publish_batch', 'sns:Publish'],
    ['efs', 'describe_file_systems', 'elasticfilesystem:DescribeFileSystems'],
    ['config', 'describeConfigRules', 'config:DescribeConfigRules'],
    ['cloudwatchlogs', 'describeLogGroups', 'logs:DescribeLogGroups'],
    ['sfn', 'describeExecution', 'states:DescribeExecution'],
    ['s3', 'PutPUBLICAccessBlock', 's3:PutBucketPublicAccessBlock'],
    ['dynamodbstreams', 'get_records', 'dynamodb:GetRecords'],
  ])('spells %s %s as IAM does: %s', (service, api, action) => {
    expect(iamActionOf(service, api)).toBe(action);
  });
});

it('gives every service that a definition may call the IAM prefix that the sandbox asks for', () => {
  const services = read('sandbox/states/integrations/sdk-services.json') as Record<string, { client: string }>;
  const derived = Object.keys(services).map((name) => [name, iamActionOf(name, 'DescribeAll')]);
  const asked = Object.entries(services).map(([name, { client }]) => [name, `${iamPrefixOf(client)}:DescribeAll`]);
  expect(derived).toEqual(asked);
});

it('gives every call that only looks at a bucket the permission that the sandbox asks for', () => {
  const { actions } = read('infra/automation/aws-calls.yaml') as { actions: Record<string, string> };
  const looks = Object.entries(actions).filter(([call]) => /^s3:(Get|Head|List)/.test(call));
  expect(looks.length).toBeGreaterThan(10);
  for (const [call, action] of looks) {
    const asked = grantsForCall('s3', call.slice('s3:'.length), { Bucket: 'a', Key: 'b' }, place);
    expect([call, asked.map((grant) => grant.action.toLowerCase())]).toEqual([call, [action.toLowerCase()]]);
  }
});

describe('isRead', () => {
  it.each([
    'ec2:DescribeInstances',
    'lambda:GetAlias',
    'lambda:GetFunctionConfiguration',
    'cloudtrail:LookupEvents',
    'sts:GetCallerIdentity',
  ])('lets %s go without a declaration', (action) => {
    expect(isRead(action)).toBe(true);
  });

  it.each([
    'ec2:StopInstances',
    'sqs:ReceiveMessage',
    'secretsmanager:GetSecretValue',
    's3:GetObject',
    'secretsmanager:GetSECRETValue',
    's3:GetOBJECT',
    's3:GetObjectVersion',
    'ssm:GetParameter',
    'ssm:GetPARAMETERSByPath',
    'sts:GetSessionToken',
    'sts:GetFederationToken',
    'codeartifact:GetAuthorizationToken',
    'ecr:GetAuthorizationToken',
    'redshift:GetClusterCredentialsWithIAM',
    'redshift-serverless:GetCredentials',
    'kinesis:GetRecords',
    'dynamodb:GetRecords',
    'logs:GetLogEvents',
    'logs:FilterLogEvents',
    'lambda:GetFunction',
    'cognito-idp:DescribeUserPoolClient',
    'ec2:Describe',
  ])('wants %s declared', (action) => {
    expect(isRead(action)).toBe(false);
  });
});

describe('readResourceOf and askedForBy', () => {
  it('know an action in any case, as IAM does', () => {
    expect(readResourceOf('lambda:GetALIAS')).toBe('lambda:function:*');
    expect(askedForBy('sqs:StartMESSAGEMoveTask').always).toContain('sqs:DeleteMessage');
  });
});

describe('a step that tags', () => {
  const tags = (inputs: object) =>
    callsOfStep({ action: 'aws:createTags', inputs: { ResourceIds: ['x'], Tags: [], ...inputs } });

  it.each([
    [{}, 'ec2:CreateTags'],
    [{ ResourceType: 'EC2' }, 'ec2:CreateTags'],
    [{ ResourceType: 'Parameter' }, 'ssm:AddTagsToResource'],
  ])('calls what goes with its type: %j', (inputs, action) => {
    expect(tags(inputs).map((call) => call.action)).toEqual([action]);
  });
});

describe('the documents of AWS', () => {
  it.each(knownAwsDocuments)('call what their steps say: %s', (name) => {
    const { content } = read(`sandbox/ssm/aws-documents/${name}.yaml`) as {
      content: { mainSteps: { action: string; inputs: Record<string, unknown> }[] };
    };
    const called = content.mainSteps.flatMap((step) => callsOfStep(step).map(({ action }) => action));
    expect([...(callsOfAwsDocument(name) ?? [])].sort()).toEqual([...new Set(called)].sort());
  });
});

describe('the reads that are held to a kind of resource', () => {
  const { operations } = read('sandbox/world/grants.yaml') as { operations: Record<string, unknown> };
  const { readResources } = read('infra/automation/aws-calls.yaml') as { readResources: Record<string, string> };
  /** What a row of the sandbox's table wants, with every member filled in. */
  const wanted = Object.entries(operations).map(([call, row]) => {
    const [service = '', operation = ''] = call.split(':');
    const { action, resources } = {
      action: `${iamPrefixOf(service)}:${operation}`,
      resources: row,
      ...(row as object),
    } as {
      action: string;
      resources: string | string[];
    };
    const filled = [resources]
      .flat()
      .map((text) => text.replace('{queue:QueueUrl}', 'arn:aws:sqs:{region}:{account}:q'))
      .map((text) =>
        text
          .replace('{region}', place.region)
          .replace('{account}', place.account)
          .replaceAll(/\{[^}]*\}/g, 'x'),
      );
    return { action, filled };
  });

  it.each(Object.entries(readResources).filter(([action]) => action !== 'ssm:GetAutomationExecution'))(
    'are enough for the call as the sandbox knows it: %s on %s',
    (action, resource) => {
      const rows = wanted.filter((row) => row.action === action);
      expect(rows.length).toBeGreaterThan(0);
      const covers = compileArn(mutationArn('a-runbook', resource, place));
      for (const arn of rows.flatMap(({ filled }) => filled)) expect(covers(arn), arn).toBe(true);
    },
  );
});
