import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRehearsal, type Rehearsal } from '../../rehearsal/rehearsal-file.ts';
import { RehearsalStage } from '../../rehearsal/rehearsal-stage.ts';
import type { Played } from '../../rehearsal/scene.ts';
import { parseWorld } from '../../sandbox/world/world.ts';
import { testAssembly } from '../support/stage.ts';

let stage: RehearsalStage;

beforeAll(async () => {
  stage = await RehearsalStage.open(testAssembly);
}, 60_000);
afterAll(() => stage.close());

const rehearsalOf = (name: string) =>
  readRehearsal(fileURLToPath(new URL(`../../statemachines/runbooks/${name}.yaml`, import.meta.url)));

/** Plays a rehearsal from its alarm to the closed incident; `commands` stand before its own. */
function play({ event, world, people }: Rehearsal, commands: readonly object[] = []): Promise<Played> {
  const { approver } = people;
  const changed = { ...world, commands: [...parseWorld({ commands }).commands, ...world.commands] };
  return stage.play({ event, world: changed, approver, toTheEnd: true });
}

/** The steps of the play's automation that came to a good end, each as its action. */
function stepsOfLast(): string[] {
  const execution = stage.stack.sandbox.systems.automationExecutions().at(-1);
  const all = execution?.steps.flatMap((step) => [step, ...(step.inner ?? [])]) ?? [];
  return [...new Set(all.filter(({ status }) => status === 'Success').map(({ step }) => step.action))];
}

function documentOfLast(): string {
  return stage.stack.sandbox.systems.automationExecutions().at(-1)?.document.name ?? '';
}

/** From the alarm to proof: repaired, the alarm was OK and stayed so, and people heard of it. */
function expectProof(played: Played): void {
  expect(played.faults).toEqual([]);
  expect(played.denied).toEqual([]);
  expect(JSON.parse(played.runbook?.output ?? '{}')).toMatchObject({ outcome: 'recovered' });
  expect(played.incident).toMatchObject({ status: 'resolved', remediation: 'recovered' });
  expect(played.timeline.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['triggered', 'diagnosed', 'automation-started', 'cleared', 'resolved']),
  );
  expect(played.told.some(({ text }) => text.includes('RESOLVED'))).toBe(true);
  expect(played.leases).toEqual([]);
}

describe('from an alert to proof of recovery, a change is carried out by', () => {
  it('a document of AWS', async () => {
    expectProof(await play(rehearsalOf('ec2-status-check-failed/rehearsals/restart-recovers')));
    expect(documentOfLast()).toBe('AWS-RestartEC2Instance');
    expect(stepsOfLast()).toEqual(['aws:changeInstanceState']);
  });

  it('a document of the folder that calls AWS', async () => {
    expectProof(await play(rehearsalOf('alb-bad-target/rehearsals/one-target-recovers')));
    expect(documentOfLast()).toMatch(/^handsoff-alb-bad-target-/);
    expect(stepsOfLast()).toContain('aws:executeAwsApi');
  });

  it('a shell script, really run where logs are', async () => {
    const day = { text: 'x'.repeat(1000), age: '3d' };
    const files = {
      'var/log/app.log': 'live',
      'var/log/app.log.1': day,
      'var/log/b.log-20260101': day,
      'var/new.log.1': '',
    };
    const real = { document: 'handsoff-disk-space-low-compress-logs-command', run: 'real', paths: ['/var'], files };
    expectProof(await play(rehearsalOf('disk-space-low/rehearsals/compress-recovers'), [{ ...real, lasts: '40s' }]));
    expect(stepsOfLast()).toEqual(['aws:runCommand']);
    const ran = stage.stack.sandbox.world.commands().find(({ documentName }) => documentName.includes('compress'));
    expect(ran?.result?.stdout).toContain('compressed 2 of 2 files');
    expect(ran?.result?.files).toEqual([
      'var/lib/handsoff/compress.lock',
      expect.stringMatching(/^var\/lib\/handsoff\/compressed-logs-\d{4}-/),
      'var/log/app.log',
      'var/log/app.log.1.gz',
      'var/log/b.log-20260101.gz',
      'var/new.log.1',
    ]);
  });

  it('a Python script, really run on what a playbook printed, and Ansible', async () => {
    expectProof(await play(rehearsalOf('ansible-playbook/rehearsals/playbook-restores-service')));
    expect(stepsOfLast()).toEqual(['aws:runCommand', 'aws:executeAwsApi', 'aws:executeScript']);
    const { world } = stage.stack.sandbox;
    expect(world.scripts()).toMatchObject([{ step: 'ReadRecap', result: { outcome: { value: { changed: 1 } } } }]);
    expect(world.commands().map(({ documentName, parameters }) => [documentName, parameters?.['Check']])).toEqual([
      ['AWS-ApplyAnsiblePlaybooks', ['True']],
      ['AWS-ApplyAnsiblePlaybooks', ['False']],
    ]);
  });

  it('a Lambda function, which runs a Rundeck job and follows it', async () => {
    const before = stage.stack.rundeck.calls().length;
    expectProof(await play(rehearsalOf('rundeck-job/rehearsals/job-drains-queue')));
    expect(stepsOfLast()).toEqual(
      expect.arrayContaining(['aws:invokeLambdaFunction', 'aws:executeScript', 'aws:loop', 'aws:sleep']),
    );
    expect(stage.stack.rundeck.runs().at(-1)).toMatchObject({ options: { queue: 'orders' }, status: 'succeeded' });
    expect(
      stage.stack.rundeck
        .calls()
        .slice(before)
        .map(({ method, status }) => [method, status]),
    ).toEqual([
      ['POST', 200],
      ['GET', 200],
      ['GET', 200],
    ]);
  });
});

describe('a Rundeck job', () => {
  /** As somebody in the console does. */
  const cancel = async () => {
    const { systems } = stage.stack.sandbox;
    const principal = { kind: 'role' as const, arn: 'arn:aws:iam::123456789012:role/somebody' };
    const input = { AutomationExecutionId: systems.automationExecutions().at(-1)?.id };
    await systems.answer({ service: 'ssm', operation: 'StopAutomationExecution', input, principal });
  };
  const playHanging = async (onStarted: () => void) => {
    const { event, world } = rehearsalOf('rundeck-job/rehearsals/job-hangs');
    await stage.play({
      event,
      world,
      approver: 'agrees',
      toTheEnd: true,
      onEntry: ({ kind }) => {
        if (kind === 'automation-started') onStarted();
      },
    });
    return stage.stack.sandbox.systems.automationExecutions().at(-1);
  };

  it('is aborted when its automation is cancelled', async () => {
    const { sandbox, rundeck } = stage.stack;
    const ended = await playHanging(() => sandbox.clock.schedule(90_000, 'somebody cancels', () => void cancel()));
    expect(ended).toMatchObject({ status: 'Cancelled' });
    expect(rundeck.runs().at(-1)).toMatchObject({ status: 'aborted' });
  });

  it('may go on when its automation is cancelled before Rundeck has named it, and the automation says so', async () => {
    const { rundeck } = stage.stack;
    const before = rundeck.runs().length;
    const cancelInBetween = async () => {
      while (rundeck.runs().length === before) await setImmediate();
      await cancel();
    };
    const ended = await playHanging(() => void cancelInBetween());
    expect(ended).toMatchObject({ status: 'Cancelled' });
    expect(rundeck.runs().at(-1)).not.toMatchObject({ status: 'aborted' });
    expect(ended?.steps.find(({ step }) => step.name === 'SayMayRun')?.failureMessage).toContain('it may be running');
  });

  it('is started once, whatever Rundeck answers', async () => {
    const { event, world } = rehearsalOf('rundeck-job/rehearsals/job-drains-queue');
    const { rundeck } = stage.stack;
    const before = rundeck.calls().length;
    rundeck.failNext({ status: 502 });
    const played = await stage.play({ event, world, approver: 'agrees', toTheEnd: true });
    expect(rundeck.calls().slice(before)).toMatchObject([{ method: 'POST', status: 502 }]);
    expect(played.incident).toMatchObject({ remediation: 'failed' });
    expect(played.told.some(({ text }) => text.includes('PERSON NEEDED'))).toBe(true);
  });

  it('keeps its token out of every log', () => {
    const logs = stage.stack.sandbox.functions.logs('handsoff-call-rundeck').map((line) => JSON.stringify(line));
    expect(logs.length).toBeGreaterThan(0);
    expect(logs.join('\n')).not.toContain('a-rundeck-token-of-this-machine');
  });
});
