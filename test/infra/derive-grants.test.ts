import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { deriveGrants, type GrantPlace } from '../../infra/derive-grants.ts';
import { runbookMayName } from '../../infra/runbook-may-name.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'grants-'));
});

const place: GrantPlace = {
  arnOf: (name) => `arn:${name}`,
  machinesOf: (prefix) => [`arn:${prefix}:a`, `arn:${prefix}:b`],
  executionsOf: (machine) => `${machine}:executions`,
  managedRuleArn: 'arn:rule',
  queueArnOf: (name) => `arn:queue:${name}`,
  where: { partition: 'aws', region: 'eu-west-1', account: '111122223333' },
};

function grantsOf(
  Resource: string,
  Arguments: object,
  wrap: (task: object) => object = (task) => ({ States: { Do: task } }),
  where = place,
) {
  const file = join(folder, 'definition.asl.json');
  writeFileSync(file, JSON.stringify(wrap({ Type: 'Task', Resource, Arguments, End: true })));
  return deriveGrants(file, where).map((statement) => [statement.actions, statement.resources]);
}

describe('deriveGrants', () => {
  it.each<[string, string, object, unknown]>([
    [
      'a function',
      'arn:aws:states:::lambda:invoke',
      { FunctionName: '${F}' },
      [[['lambda:InvokeFunction'], ['arn:F']]],
    ],
    ['a topic', 'arn:aws:states:::sns:publish', { TopicArn: '${T}' }, [[['sns:Publish'], ['arn:T']]]],
    ['a queue', 'arn:aws:states:::sqs:sendMessage', { QueueUrl: '${Q}' }, [[['sqs:SendMessage'], ['arn:queue:Q']]]],
    [
      'a machine',
      'arn:aws:states:::states:startExecution',
      { StateMachineArn: '${M}' },
      [[['states:StartExecution'], ['arn:M']]],
    ],
    ['a look at AWS', 'arn:aws:states:::aws-sdk:ec2:describeInstances', {}, [[['ec2:DescribeInstances'], ['*']]]],
    [
      'a look at what IAM knows by its kind',
      'arn:aws:states:::aws-sdk:ecs:describeServices',
      {},
      [[['ecs:DescribeServices'], ['arn:aws:ecs:eu-west-1:111122223333:service/*/*']]],
    ],
    [
      'a service that IAM knows by another name',
      'arn:aws:states:::aws-sdk:elasticloadbalancingv2:describeTargetHealth',
      {},
      [[['elasticloadbalancing:DescribeTargetHealth'], ['*']]],
    ],
  ])('grants what a task needs that names %s', (_what, resource, given, grants) => {
    expect(grantsOf(resource, given)).toEqual(grants);
  });

  it('grants waiting for a child execution what Step Functions wants for it', () => {
    expect(
      grantsOf('arn:aws:states:::states:startExecution.sync:2', { StateMachineArn: "{% '${RunbookPrefix}' & $x %}" }),
    ).toEqual([
      [['states:StartExecution'], ['arn:RunbookPrefix:a', 'arn:RunbookPrefix:b']],
      [
        ['states:DescribeExecution', 'states:StopExecution'],
        ['arn:RunbookPrefix:a:executions', 'arn:RunbookPrefix:b:executions'],
      ],
      [['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], ['arn:rule']],
    ]);
  });

  it('sees tasks inside of Parallel and Map', () => {
    const nested = (task: object) => ({
      States: { P: { Type: 'Parallel', Branches: [{ States: { M: { ItemProcessor: { States: { Do: task } } } } }] } },
    });
    expect(grantsOf('arn:aws:states:::sns:publish', { TopicArn: '${T}' }, nested)).toHaveLength(1);
  });

  it.each([
    'arn:aws:states:::aws-sdk:ec2:terminateInstances',
    'arn:aws:states:::aws-sdk:ssm:startAutomationExecution',
    'arn:aws:states:::aws-sdk:iam:createUser',
    'arn:aws:states:::aws-sdk:secretsmanager:getSecretValue',
    'arn:aws:states:::http:invoke',
    'arn:aws:states:::dynamodb:putItem',
  ])('refuses %s, which would change something past remediate', (resource) => {
    expect(() => grantsOf(resource, {})).toThrow(/may not be called here/);
  });

  const ofRunbook: GrantPlace = { ...place, only: runbookMayName };

  it.each([
    ['arn:aws:states:::lambda:invoke', { FunctionName: '${DiagnoseFunctionArn}' }],
    ['arn:aws:states:::states:startExecution.sync:2', { StateMachineArn: '${RemediateMachineArn}' }],
    ['arn:aws:states:::sns:publish', { TopicArn: '${HighUrgencyTopicArn}' }],
  ])('lets a runbook call %s of %o', (resource, given) => {
    expect(grantsOf(resource, given, undefined, ofRunbook)).not.toEqual([]);
  });

  it.each([
    ['arn:aws:states:::lambda:invoke', { FunctionName: '${CallRundeckFunctionArn}' }],
    ['arn:aws:states:::lambda:invoke', { FunctionName: '${StartAutomationFunctionArn}' }],
    ['arn:aws:states:::lambda:invoke', { FunctionName: '{% $states.input.function %}' }],
    ['arn:aws:states:::states:startExecution', { StateMachineArn: '${RespondMachineArn}' }],
    ['arn:aws:states:::states:startExecution', { StateMachineArn: "{% '${RunbookMachineArnPrefix}' & $x %}" }],
    ['arn:aws:states:::sqs:sendMessage', { QueueUrl: '${QuarantineQueueUrl}' }],
  ])('refuses a runbook that calls %s of %o, and says where and what to do', (resource, given) => {
    expect(() => grantsOf(resource, given, undefined, ofRunbook)).toThrow(
      /definition\.asl\.json:\d+:\d+: Do has the .* may name only .*name it under remediation/,
    );
  });
});
