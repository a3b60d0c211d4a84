import { describe, expect, it } from 'vitest';
import { needlessGrants } from '../../rehearsal/needless-grants.ts';
import type { RunbookManifest } from '../../infra/config/schemas.ts';
import { aDocument, anAuthority, NOW_MS, ROLE_ARN, TRUST, WORKER } from '../sandbox/iam/an-authority.ts';

const machineRole = 'arn:aws:iam::123456789012:role/Machine';
const instance = 'arn:aws:ec2:eu-central-1:123456789012:instance/i-1';

function aRole(RoleName: string, Action: readonly string[]) {
  const Policies = [{ PolicyName: 'Own', PolicyDocument: aDocument({ Effect: 'Allow', Action, Resource: '*' }) }];
  return { Type: 'AWS::IAM::Role', Properties: { RoleName, AssumeRolePolicyDocument: TRUST, Policies } };
}

const roles = {
  Machine: aRole('Machine', ['ecs:DescribeServices', 'states:StopExecution']),
  Worker: aRole('Worker', ['ec2:StopInstances', 'ec2:StartInstances']),
};

function aRunbook(mode: RunbookManifest['mode']) {
  return { manifest: { mode } as RunbookManifest, machineRole, automationRole: ROLE_ARN };
}

describe('needlessGrants', () => {
  it('names what no scenario needed, of both roles', async () => {
    const authority = await anAuthority(roles);
    authority.authorize(WORKER, [{ action: 'ec2:StopInstances', resource: instance }], { nowMs: NOW_MS });
    expect(needlessGrants(authority, aRunbook('act'))).toEqual([
      expect.stringMatching(/^ecs:DescribeServices on \* is granted to the state machine/),
      expect.stringMatching(/^ec2:StartInstances on \* is granted to the automation/),
    ]);
  });

  it('is content when everything was needed', async () => {
    const authority = await anAuthority(roles);
    const machine = { kind: 'role' as const, arn: machineRole };
    authority.authorize(machine, [{ action: 'ecs:DescribeServices', resource: '*' }], { nowMs: NOW_MS });
    for (const action of ['ec2:StopInstances', 'ec2:StartInstances'])
      authority.authorize(WORKER, [{ action, resource: instance }], { nowMs: NOW_MS });
    expect(needlessGrants(authority, aRunbook('act'))).toEqual([]);
  });

  it('does not ask the automation of a runbook that only observes', async () => {
    const authority = await anAuthority(roles);
    expect(needlessGrants(authority, aRunbook('observe'))).toEqual([expect.stringContaining('ecs:DescribeServices')]);
  });
});
