import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../../infra/config/load-config.ts';
import { problemText } from '../../../infra/config/source-file.ts';
import { AProject } from '../a-project.ts';

let project: AProject;
beforeEach(() => {
  project = new AProject(['ec2-status-check-failed', 'disk-space-low', 'default']);
});

const folder = 'statemachines/runbooks/ec2-status-check-failed';
const manifest = `${folder}/runbook.yaml`;
const document = `${folder}/start-again.automation.yaml`;
const disk = 'statemachines/runbooks/disk-space-low';

function problems(): readonly string[] {
  try {
    loadConfig(project.root);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(problemText);
    throw error;
  }
}

/** Puts a step before the one called Start. */
function addStep(action: string, inputs: string): void {
  project.edit(
    document,
    '  - name: Start\n',
    `  - name: Added\n    action: ${action}\n    inputs: ${inputs}\n  - name: Start\n`,
  );
}

describe('checkMutations', () => {
  it('is content with the runbooks as they are', () => {
    expect(problems()).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'an API that changes something',
      'aws:executeAwsApi',
      "{ Service: ec2, Api: TerminateInstances, InstanceIds: ['{{ InstanceId }}'] }",
      /start-again\.automation\.yaml:\d+:5: the step Added calls ec2:TerminateInstances, which mutations in runbook\.yaml does not list/,
    ],
    [
      'an API under another name than IAM has for it',
      'aws:executeAwsApi',
      '{ Service: elbv2, Api: deregister_targets }',
      /calls elasticloadbalancing:DeregisterTargets, which/,
    ],
    ['a function', 'aws:invokeLambdaFunction', '{ FunctionName: anything }', /calls lambda:InvokeFunction, which/],
    [
      'a command',
      'aws:runCommand',
      "{ DocumentName: AWS-RunShellScript, InstanceIds: ['{{ InstanceId }}'] }",
      /calls ssm:SendCommand, which/,
    ],
    [
      'a further automation',
      'aws:executeAutomation',
      '{ DocumentName: AWS-StopEC2Instance }',
      /calls ssm:StartAutomationExecution, which/,
    ],
    [
      'an end of the instance',
      'aws:changeInstanceState',
      "{ InstanceIds: ['{{ InstanceId }}'], DesiredState: terminated }",
      /calls ec2:TerminateInstances, which/,
    ],
    [
      'a read that hands out a secret',
      'aws:executeAwsApi',
      '{ Service: secretsmanager, Api: GetSecretValue, SecretId: x }',
      /calls secretsmanager:GetSecretValue, which/,
    ],
    [
      'a read of a secret in other capitals, which IAM takes for the same',
      'aws:executeAwsApi',
      '{ Service: secretsmanager, Api: GetSECRETValue, SecretId: x }',
      /calls secretsmanager:GetSECRETValue, which/,
    ],
    [
      'a read that shows a password of a client',
      'aws:executeAwsApi',
      '{ Service: cognito-idp, Api: describe_user_pool_client }',
      /calls cognito-idp:DescribeUserPoolClient, which/,
    ],
    [
      'a change that hides in a step which only waits',
      'aws:waitForAwsResourceProperty',
      "{ Service: ec2, Api: RebootInstances, PropertySelector: $.x, DesiredValues: ['y'] }",
      /calls ec2:RebootInstances, which/,
    ],
  ])('reports %s that is not declared, at its step', (_what, action, inputs, problem) => {
    addStep(action, inputs);
    expect(problems()).toEqual([expect.stringMatching(problem)]);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'an API that comes from a parameter',
      'aws:executeAwsApi',
      "{ Service: ec2, Api: '{{ Api }}' }",
      /must say Api in plain words/,
    ],
    [
      'a script that calls AWS',
      'aws:executeScript',
      '{ Runtime: python3.11, Script: "import json, boto3" }',
      /has a script that imports boto3/,
    ],
    [
      'a script that calls AWS by a name that it puts together',
      'aws:executeScript',
      `{ Runtime: python3.11, Script: "import importlib\\nimportlib.import_module('bo' + 'to3')" }`,
      /imports importlib/,
    ],
    [
      'a script that makes code of a text',
      'aws:executeScript',
      `{ Runtime: python3.11, Script: "x = 1; eval('1')" }`,
      /says eval\(/,
    ],
    [
      'a script of PowerShell',
      'aws:executeScript',
      '{ Runtime: PowerShell 7.0, Script: "Get-SECSecretValue" }',
      /is no Python/,
    ],
    [
      'a script in an attachment',
      'aws:executeScript',
      '{ Runtime: python3.11, Script: "", Attachment: code.zip }',
      /is no Python that stands in the document/,
    ],
    [
      'an API that is spelled as none',
      'aws:executeAwsApi',
      "{ Service: secretsmanager, Api: 'Get_SecretValue' }",
      /calls "secretsmanager:Get_SecretValue", which is no API/,
    ],
    [
      'a service that is spelled as none',
      'aws:executeAwsApi',
      "{ Service: 'secretsmanager ', Api: GetSecretValue }",
      /which is no API/,
    ],
    ['an action that nobody knows', 'aws:createStack', '{ StackName: x }', /has the action aws:createStack/],
  ])('reports %s: nobody could tell what it does', (_what, action, inputs, problem) => {
    addStep(action, inputs);
    expect(problems()).toEqual([expect.stringMatching(problem)]);
  });

  it('sees the steps of an automation that a step starts, and refuses one that is not in the folder', () => {
    const start = (name: string) => `{ DocumentName: handsoff-ec2-status-check-failed-${name} }`;
    addStep('aws:executeAutomation', start('inner'));
    const line =
      '  - { action: ssm:StartAutomationExecution, resource: "ssm:automation-definition/handsoff-ec2-status-check-failed-*" ';
    project.edit(manifest, 'mutations:\n', `mutations:\n${line}, wildcard_because: A test. }\n`);
    expect(problems()).toEqual([
      expect.stringMatching(/start-again\.automation\.yaml:\d+:5: starts inner, which is neither/),
    ]);
    project.write(
      `${folder}/inner.automation.yaml`,
      'mainSteps:\n  - { name: Hidden, action: "aws:executeAwsApi", inputs: { Service: ec2, Api: RebootInstances } }\n',
    );
    expect(problems()).toEqual([
      expect.stringMatching(/inner\.automation\.yaml:2:5: the step Hidden calls ec2:RebootInstances, which/),
    ]);
  });

  it('sees the steps of a loop', () => {
    addStep(
      'aws:loop',
      '{ Steps: [{ name: Inner, action: "aws:executeAwsApi", inputs: { Service: ec2, Api: RebootInstances } }] }',
    );
    expect(problems()).toEqual([expect.stringMatching(/the step Inner calls ec2:RebootInstances/)]);
  });

  it('sees the steps of a loop that an alias stands for', () => {
    const inner = '{ name: Inner, action: "aws:executeAwsApi", inputs: { Service: ec2, Api: RebootInstances } }';
    project.edit(document, 'mainSteps:\n', `inner: &inner [${inner}]\nmainSteps:\n`);
    addStep('aws:loop', '{ Steps: *inner }');
    expect(problems()).toEqual([
      expect.stringMatching(/start-again\.automation\.yaml:\d+:\d+: the step Inner calls ec2:RebootInstances/),
    ]);
  });

  it('reports a mutation that no document makes, where it stands', () => {
    project.edit(
      manifest,
      'mutations:\n',
      'mutations:\n  - { action: ec2:RebootInstances, resource: ec2:instance/i-1 }\n',
    );
    expect(problems()).toEqual([
      expect.stringMatching(
        /runbook\.yaml:\d+:\d+: no step of AWS-RestartEC2Instance and start-again calls ec2:RebootInstances/,
      ),
    ]);
  });

  it('reports a command that is listed and never sent, and one that is sent and not listed', () => {
    project.edit(`${disk}/runbook.yaml`, 'document/restore-logs-command', 'document/measure-disk-command');
    expect(problems()).toEqual([
      expect.stringMatching(
        /restore-logs\.automation\.yaml:\d+:5: the step RestoreLogs calls ssm:SendCommand on ssm:document\/handsoff-disk-space-low-restore-logs-command, and no line/,
      ),
      expect.stringMatching(
        /runbook\.yaml:\d+:\d+: no step of compress-logs and restore-logs calls ssm:SendCommand on .*measure-disk/,
      ),
    ]);
  });

  it('reports a read among the mutations, and reads that are known without being said', () => {
    project.edit(
      manifest,
      'mutations:\n',
      'reads: [ec2:DescribeInstances]\nmutations:\n  - { action: ec2:DescribeInstances, resource: ec2:instance/i-1 }\n',
    );
    expect(problems()).toEqual([
      expect.stringMatching(/ec2:DescribeInstances only reads/),
      expect.stringMatching(/runbook\.yaml:\d+:\d+: what AWS-RestartEC2Instance and start-again reads is known/),
    ]);
  });

  it('takes the word of the manifest for a document of AWS that nobody here knows, but not for a change among its reads', () => {
    project.edit(manifest, 'document: AWS-RestartEC2Instance', 'document: AWS-SomethingNew');
    project.edit(manifest, 'mutations:\n', 'reads: [ec2:DescribeInstances]\nmutations:\n');
    expect(problems()).toEqual([]);
    project.edit(manifest, 'reads: [', 'reads: [ec2:RunInstances, ');
    expect(problems()).toEqual([expect.stringMatching(/ec2:RunInstances does more than look/)]);
  });

  it('takes no declaration for what is denied to every automation: that an instance is ended, or a way in is opened', () => {
    addStep('aws:changeInstanceState', "{ InstanceIds: ['{{ InstanceId }}'], DesiredState: terminated }");
    addStep('aws:executeAwsApi', '{ Service: ec2, Api: AuthorizeSecurityGroupIngress }');
    const line = (action: string) => `  - { action: ec2:${action}, resource: ec2:instance/i-1 }\n`;
    project.edit(
      manifest,
      'mutations:\n',
      `mutations:\n${line('TerminateInstances')}${line('AuthorizeSecurityGroupIngress')}`,
    );
    expect(problems()).toEqual([
      expect.stringMatching(
        /runbook\.yaml:\d+:\d+: ec2:TerminateInstances is denied to every automation, .*: It cannot be/,
      ),
      expect.stringMatching(/ec2:AuthorizeSecurityGroupIngress is denied to every automation, .*: It opens something/),
    ]);
  });

  it.each([
    ['ssm:PutParameter', 'ssm:parameter/handsoff/kill-switch/global'],
    ['dynamodb:UpdateItem', 'dynamodb:table/handsoff-stateful-IncidentTable'],
    ['lambda:InvokeFunction', 'lambda:function:handsoff-start-automation'],
    ['lambda:InvokeFunction', 'lambda:function:handsoff-*'],
    ['events:DisableRule', 'events:rule/handsoff-failed-responses'],
  ])('takes no declaration of %s on %s: that is Handsoff itself', (action, resource) => {
    const [service = '', api = ''] = action.split(':');
    addStep('aws:executeAwsApi', `{ Service: ${service}, Api: ${api.replace('InvokeFunction', 'Invoke')} }`);
    const line = `  - { action: "${action}", resource: "${resource}"`;
    const why = resource.includes('*') ? ', wildcard_because: A test.' : '';
    project.edit(manifest, 'mutations:\n', `mutations:\n${line}${why} }\n`);
    expect(problems()).toEqual([
      expect.stringMatching(/runbook\.yaml:\d+:\d+: .* is denied to every automation, .* is Handsoff itself/),
    ]);
  });

  it('takes no document of another runbook', () => {
    addStep('aws:runCommand', "{ DocumentName: handsoff-disk-space-low-compress-logs-command, InstanceIds: ['x'] }");
    project.edit(
      manifest,
      'mutations:\n',
      `mutations:
  - { action: ssm:SendCommand, resource: ssm:document/handsoff-disk-space-low-compress-logs-command }
  - { action: ssm:SendCommand, resource: ec2:instance/*, wildcard_because: A test. }
`,
    );
    expect(problems()).toEqual([expect.stringMatching(/compress-logs-command belongs to another runbook/)]);
  });

  it('reports a read that the boundary would deny, before it fails at night', () => {
    addStep('aws:executeAwsApi', '{ Service: cloudformation, Api: DescribeStacks }');
    expect(problems()).toEqual([
      expect.stringMatching(/the step Added calls cloudformation:DescribeStacks, which is denied to every automation/),
    ]);
  });

  it('asks whoever writes a wildcard for the tag of an owner, or for a sentence', () => {
    project.edit(manifest, / +wildcard_because: .*\n/, '');
    expect(problems()).toEqual([
      expect.stringMatching(/kms:CreateGrant on kms:key\/\* may hit any of them; .*wildcard_because/),
    ]);
    for (const wide of ['kms:key/????-??', 'kms:key/${aws:username}']) {
      project.edit(manifest, /resource: '?kms:key\/.*\n/, `resource: '${wide}'\n`);
      expect(problems(), wide).toEqual([expect.stringMatching(/kms:CreateGrant on kms:key\/.* may hit any of them/)]);
    }
    project.edit(manifest, /resource: '?kms:key\/.*\n/, 'resource: kms:key/1234\n    wildcard_because: Nothing.\n');
    expect(problems()).toEqual([expect.stringMatching(/which has no wildcard/)]);
  });
});
