import { describe, expect, it } from 'vitest';
import type { GroupKind } from '../../functions/domain/repair-group.ts';
import { functionGrants, type GrantTargets } from '../../infra/function-grants.ts';

const targets: GrantTargets = {
  table: 'arn:table',
  slackSecret: 'arn:secret',
  topics: [],
  integrationSecrets: [],
  rundeckSecrets: [],
  holdQueue: 'arn:queue',
  bus: 'arn:bus',
  respond: 'arn:respond',
  remediate: 'arn:remediate',
  commandMachines: [],
  lookingDocuments: [],
  automationDefinitions: [],
  automationRoles: [],
  calendars: [],
  groupKinds: [],
  own: (service, resource) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`,
};

function guardMay(wishes: Partial<GrantTargets>): string[] {
  const grants = functionGrants('guard-remediation', { ...targets, ...wishes });
  return grants.flatMap(({ actions, resources }) => actions.map((action) => `${action} ${resources.join(' ')}`));
}

describe('what the guard may read', () => {
  it('is no calendar and no group where none is configured', () => {
    expect(guardMay({}).filter((line) => /Calendar|autoscaling|ecs|elasticload/.test(line))).toEqual([]);
  });

  it('is just the calendars that are configured', () => {
    const calendars = ['arn:aws:ssm:eu-central-1:123456789012:document/year-end'];
    expect(guardMay({ calendars })).toContain(`ssm:GetCalendarState ${calendars.join(' ')}`);
  });

  it.each<[GroupKind, readonly string[]]>([
    ['auto-scaling-group', ['autoscaling:DescribeAutoScalingInstances *', 'autoscaling:DescribeAutoScalingGroups *']],
    ['ecs-service', ['ecs:DescribeServices arn:aws:ecs:eu-central-1:123456789012:service/*']],
    ['target-group', ['elasticloadbalancing:DescribeTargetHealth *']],
  ])('is a group of the kind %s where a runbook repairs a share of one', (kind, lines) => {
    const others = guardMay({});
    expect(guardMay({ groupKinds: [kind] }).filter((line) => !others.includes(line))).toEqual(lines);
  });
});

describe('whoever asks CloudWatch how an alarm stands', () => {
  it.each(['start-automation', 'finish-remediation'])(
    'may read every alarm, as %s: with less, AWS tells of no composite one',
    (name) => {
      const [alarms] = functionGrants(name, targets).filter(({ actions }) =>
        actions.includes('cloudwatch:DescribeAlarms'),
      );
      expect(alarms?.resources).toEqual(['*']);
    },
  );
});

describe('what start-automation may start', () => {
  const arns = (count: number) =>
    Array.from({ length: count }, (_, index) => `arn:aws:ssm:::document/handsoff-${index}`);
  const starts = (count: number) =>
    functionGrants('start-automation', { ...targets, automationDefinitions: arns(count) })
      .map((statement) => statement.toJSON())
      .filter(({ Action }) => Action === 'ssm:StartAutomationExecution');

  it('is one statement while it is short', () => {
    expect(starts(3)).toHaveLength(1);
    expect(starts(3)[0]).not.toHaveProperty('Sid');
  });

  it('is many where there are many runbooks, so that no policy is too long for IAM, and nothing is left out', () => {
    const statements = starts(120);
    expect(statements.length).toBeGreaterThan(4);
    expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(statements.length);
    expect(statements.flatMap(({ Resource }) => Resource)).toEqual(expect.arrayContaining(arns(120)));
    for (const statement of statements) expect(JSON.stringify(statement).length).toBeLessThan(6144);
  });
});
