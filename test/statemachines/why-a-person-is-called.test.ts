import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../sandbox/clock.ts';
import { runDefinition } from '../../sandbox/states/run-definition.ts';

interface Finding {
  readonly diagnostic: string;
  readonly verdict: string;
  readonly summary: string;
  readonly evidence: object;
}

/**
 * What a person is told where a runbook decides against acting on these verdicts, each summed up as `<diagnostic> <verdict>.`;
 * every finding has the same evidence.
 */
async function why(
  runbook: string,
  decision: string,
  verdicts: Readonly<Record<string, string>>,
  evidence: object = { instance_status: 'impaired' },
): Promise<unknown> {
  const file = `statemachines/runbooks/${runbook}/definition.asl.json`;
  const { States: states } = JSON.parse(readFileSync(file, 'utf8')) as {
    States: Record<string, { Choices: object[] }>;
  };
  const decide = states[decision];
  const findings = Object.entries(verdicts).map(
    ([diagnostic, verdict]): Finding => ({ diagnostic, verdict, summary: `${diagnostic} ${verdict}.`, evidence }),
  );
  const definition = {
    QueryLanguage: 'JSONata',
    StartAt: 'Find',
    States: {
      Find: { Type: 'Pass', Assign: { findings, class: { advice: 'Advice.' } }, Next: decision },
      [decision]: { ...decide, Choices: decide?.Choices.map((choice) => ({ ...choice, Next: 'Act' })) },
      Act: { Type: 'Pass', Output: 'acts', End: true },
      'Call Person': { Type: 'Pass', Output: '{% $why %}', End: true },
    },
  };
  const { output, status } = await runDefinition({
    definition: JSON.stringify(definition),
    machineName: runbook,
    type: 'STANDARD',
    input: '{}',
    call: () => Promise.reject(new Error('It calls nothing.')),
    clock: new VirtualClock(Date.parse('2026-11-02T03:00:00Z')),
    account: '123456789012',
    region: 'eu-central-1',
  });
  expect(status).toBe('SUCCEEDED');
  return JSON.parse(output ?? 'null');
}

const runbooks = [
  ['alb-bad-target', 'Decide Deregistration', { 'target-health': 'unhealthy', 'deregister-safety': 'healthy' }],
  ['dynamodb-throttled', 'Decide Raise', { 'capacity-use': 'unhealthy', 'capacity-change': 'healthy' }],
  [
    'ec2-status-check-failed',
    'Decide Repair',
    { 'instance-status': 'unhealthy', 'restart-safety': 'healthy', 'scheduled-events': 'healthy' },
  ],
] as const;

describe.each(runbooks)('%s', (runbook, decision, verdicts) => {
  it.each(['unhealthy', 'failed'])(
    'says that a change of the last hour is what keeps it from acting, or is not known (%s)',
    async (verdict) => {
      await expect(why(runbook, decision, { ...verdicts, 'recent-changes': verdict })).resolves.toBe(
        `recent-changes ${verdict}.`,
      );
    },
  );

  it.each(Object.keys(verdicts))('says what is not known of %s', async (diagnostic) => {
    const found = { ...verdicts, 'recent-changes': 'healthy', [diagnostic]: 'unknown' };
    await expect(why(runbook, decision, found)).resolves.toBe(`${diagnostic} unknown.`);
  });
});

describe('ec2-status-check-failed', () => {
  it('says that AWS has planned work on the instance', async () => {
    const found = { 'instance-status': 'unhealthy', 'restart-safety': 'healthy', 'recent-changes': 'healthy' };
    await expect(
      why('ec2-status-check-failed', 'Decide Repair', { ...found, 'scheduled-events': 'unhealthy' }),
    ).resolves.toBe('scheduled-events unhealthy.');
  });

  it('says that nothing but a volume is out of reach', async () => {
    const all = { 'restart-safety': 'healthy', 'scheduled-events': 'healthy', 'recent-changes': 'healthy' };
    const found = { ...all, 'instance-status': 'unhealthy' };
    const evidence = { state: 'running', instance_status: 'ok', system_status: 'ok', attached_ebs_status: 'impaired' };
    await expect(why('ec2-status-check-failed', 'Decide Repair', found, evidence)).resolves.toBe(
      'instance-status unhealthy.',
    );
    const hangs = { ...evidence, instance_status: 'impaired' };
    await expect(why('ec2-status-check-failed', 'Decide Repair', found, hangs)).resolves.toBe('acts');
  });
});

describe('ecs-deployment-failing', () => {
  it.each([
    [{ 'aws-health': 'unhealthy' }, 'aws-health unhealthy.'],
    [{ 'stopped-tasks': 'unknown' }, 'stopped-tasks unknown.'],
    [{ 'rollback-safety': 'unhealthy', 'aws-health': 'unknown' }, 'rollback-safety unhealthy.'],
    [{ 'deployment-rollout': 'healthy', 'aws-health': 'unhealthy' }, 'deployment-rollout healthy.'],
  ])('says what keeps it from rolling back: %j', async (changed, said) => {
    const found = { 'deployment-rollout': 'unhealthy', 'rollback-safety': 'healthy', 'stopped-tasks': 'unhealthy' };
    await expect(why('ecs-deployment-failing', 'Decide Rollback', { ...found, ...changed })).resolves.toBe(said);
  });
});

describe('auto-scaling-launch-failures', () => {
  it('says that AWS has an issue beside what helps', async () => {
    const found = { 'scaling-activities': 'unhealthy', 'rollback-safety': 'healthy', 'aws-health': 'unhealthy' };
    await expect(why('auto-scaling-launch-failures', 'Decide Rollback', found)).resolves.toBe(
      'Advice. aws-health unhealthy.',
    );
  });
});
