import { beforeEach, describe, expect, it } from 'vitest';
import { type AutomationStatement, automationPolicy } from '../../../infra/automation/automation-policy.ts';
import { loadConfig } from '../../../infra/config/load-config.ts';
import { AProject } from '../a-project.ts';

let project: AProject;
beforeEach(() => {
  project = new AProject();
});

const place = { partition: 'aws', region: 'eu-west-1', account: '111122223333' };

function policyOf(id: string): readonly AutomationStatement[] {
  const folder = loadConfig(project.root).runbooks.find(({ manifest }) => manifest.id === id);
  if (!folder) throw new Error(`There is no runbook ${id}.`);
  return automationPolicy(folder, place);
}

describe('automationPolicy', () => {
  it('takes changes from the manifest, with their conditions, and says where', () => {
    const [stop] = policyOf('ec2-status-check-failed');
    expect(stop).toEqual({
      actions: ['ec2:StopInstances'],
      resource: 'arn:aws:ec2:eu-west-1:111122223333:instance/*',
      condition: { StringEquals: { 'aws:ResourceTag/handsoff': 'act' } },
      wildcard: expect.stringContaining('tagged handsoff=act'),
      because: {
        'ec2:StopInstances': [
          expect.stringMatching(/^statemachines\/runbooks\/ec2-status-check-failed\/runbook\.yaml:\d+:\d+: declared/),
          expect.stringMatching(/runbook\.yaml:\d+:\d+: AWS-RestartEC2Instance calls it/),
        ],
      },
    });
  });

  it.each(['ec2:instance/i-?????????????????', 'ec2:instance/${aws:username}'])(
    'says why a resource is no single one where IAM reads more into it: %s',
    (resource) => {
      project.edit(
        'statemachines/runbooks/ec2-status-check-failed/runbook.yaml',
        'resource: ec2:instance/*',
        `resource: '${resource}'`,
      );
      expect(policyOf('ec2-status-check-failed')[0]?.wildcard).toMatch(/tagged handsoff=act/);
    },
  );

  it('takes reads from the steps of every document, and says which', () => {
    const reads = policyOf('ec2-status-check-failed').at(-1);
    expect(reads).toMatchObject({ actions: ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances'], resource: '*' });
    expect(reads?.because['ec2:DescribeInstances']).toEqual([
      expect.stringMatching(/start-again\.automation\.yaml:\d+:\d+: the step AwaitStopped reads it/),
      expect.stringMatching(/start-again\.automation\.yaml:\d+:\d+: the step AssertNotTerminated reads it/),
      expect.stringMatching(/start-again\.automation\.yaml:\d+:\d+: the step AwaitRunning reads it/),
    ]);
    expect(reads?.because['ec2:DescribeInstanceStatus']).toEqual([
      expect.stringMatching(/runbook\.yaml:\d+:\d+: AWS-RestartEC2Instance reads it/),
    ]);
  });

  it('gives a command what Automation needs to follow it', () => {
    expect(policyOf('disk-space-low').at(-1)).toMatchObject({
      actions: ['ssm:GetCommandInvocation', 'ssm:ListCommandInvocations', 'ssm:ListCommands'],
      resource: '*',
    });
  });

  it('holds a read to its kind of resource where IAM can', () => {
    project.edit(
      'statemachines/runbooks/disk-space-low/compress-logs.automation.yaml',
      'mainSteps:\n',
      'mainSteps:\n  - { name: Look, action: "aws:executeAwsApi", inputs: { Service: lambda, Api: GetAlias } }\n',
    );
    expect(policyOf('disk-space-low')).toContainEqual(
      expect.objectContaining({
        actions: ['lambda:GetAlias'],
        resource: 'arn:aws:lambda:eu-west-1:111122223333:function:*',
      }),
    );
  });
});
