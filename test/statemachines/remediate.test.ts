import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PermittedRemediation } from '../../functions/domain/permitted-remediation.ts';
import type { AwsCall } from '../../sandbox/aws.ts';
import { aService, failFunction, statesOf } from '../sandbox/states/machines.ts';

type Payload = Readonly<Record<string, unknown>>;
/** What a function gives back; an Error is thrown by it, and `ended` ends its wait at once. */
type Answer = object | Error | { readonly ended: object };

const definition: object = JSON.parse(
  readFileSync('statemachines/remediate.asl.json', 'utf8').replace(/\$\{(\w+)FunctionArn\}/g, '$1'),
);
const request = { incident_id: 'inc-1', runbook: 'isolate', target: 'arn:instance', parameters: {} };
const remediation: PermittedRemediation = {
  runbook: 'isolate',
  target: 'arn:instance',
  document: 'handsoff-isolate',
  undo: 'handsoff-isolate-undo',
  undo_when: 'always',
  undone: 'It is as before.',
  parameters: {},
  timeout_seconds: 600,
  breaker: 3,
  contains: null,
  verify: { timeout_seconds: 600, hold_seconds: 120 },
  approval: { id: 'a-1', approvers: [], expires_seconds: 1 },
  text: 'It isolates the instance.',
};
const containing = { ...remediation, contains: 'The instance is isolated.', verify: null };
const ended = { ended: { execution_id: 'a-1', status: 'Success' } };
const proven = [{ ended: { because: 'cleared' } }, {}];

function permit(what: PermittedRemediation): object {
  return { decision: 'run', text: what.text, why: '', remediation: what };
}

function busy(): Error {
  return Object.assign(new Error('As many as may be are in repair.'), { name: 'GuardBusyError' });
}

/** Runs the machine with functions that give these answers in order, the last of each again and again. */
async function run(answers: Readonly<Record<string, readonly Answer[]>>) {
  const asked = new Map<string, Payload[]>();
  const { clock, start, service, ask } = aService([{ definition }], async ({ input }: AwsCall) => {
    const name = String(input['FunctionName']);
    const payload = JSON.parse(String(input['Payload'])) as Payload;
    const before = asked.get(name) ?? [];
    asked.set(name, [...before, payload]);
    const answer = answers[name]?.at(Math.min(before.length, (answers[name]?.length ?? 1) - 1)) ?? {};
    if (answer instanceof Error) return failFunction(answer.name, answer.message);
    if ('ended' in answer)
      await ask('SendTaskSuccess', { taskToken: payload['task_token'], output: JSON.stringify(answer.ended) });
    return { StatusCode: 200, Payload: JSON.stringify(answer) };
  });
  await start(request);
  const began = clock.now();
  await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
  const view = service.executions()[0];
  if (!view) throw new Error('nothing ran');
  const end = asked.get('FinishRemediation')?.[0] ?? {};
  return { states: statesOf(view), end, asked, arn: view.arn, minutes: (clock.now() - began) / 60_000 };
}

describe('remediate', () => {
  it('takes six transitions to a proven recovery', async () => {
    const { states, end } = await run({
      GuardRemediation: [permit(remediation)],
      StartAutomation: [ended],
      AwaitSignal: proven,
    });
    expect(states).toEqual([
      'Guard Remediation',
      'Choose Path',
      'Run Automation',
      'Await Recovery',
      'Hold Recovery',
      'Finish Remediation',
    ]);
    expect(end).toMatchObject({ ending: 'recovered', permitted: true, breaker: 3 });
  });

  it('tells the guard and the end which execution asks', async () => {
    const { asked, end, arn } = await run({ GuardRemediation: [permit(containing)], StartAutomation: [ended] });
    expect(asked.get('GuardRemediation')).toEqual([{ ...request, execution: arn }]);
    expect(end).toMatchObject({ execution: arn });
  });

  describe('what only contains the trouble', () => {
    it('ends contained when its automation has ended, and waits for no recovery', async () => {
      const { states, end, asked } = await run({ GuardRemediation: [permit(containing)], StartAutomation: [ended] });
      expect(states).toEqual(['Guard Remediation', 'Choose Path', 'Contain Trouble', 'Finish Remediation']);
      expect(end).toMatchObject({
        ending: 'contained',
        reason: 'The instance is isolated.',
        evidence: 'The automation a-1 ended Success.',
      });
      expect(asked.get('AwaitSignal')).toBeUndefined();
    });

    it('ends contained when its status event was lost and SSM says that it succeeded', async () => {
      const { states, end } = await run({
        GuardRemediation: [permit(containing)],
        CheckAutomation: [{ execution_id: 'a-1', status: 'Success', outputs: 'snapshot.Id: snap-1' }],
      });
      expect(states.slice(2)).toEqual(['Contain Trouble', 'Check Automation', 'Choose Proof', 'Finish Remediation']);
      expect(end).toMatchObject({ ending: 'contained', reason: 'The instance is isolated.' });
      expect(end['evidence']).toBe('The automation a-1 ended Success. It gave snapshot.Id: snap-1.');
    });

    it('is taken back when its automation failed', async () => {
      const failed = Object.assign(new Error('The automation a-1 ended Failed.'), { name: 'AutomationFailedError' });
      const { states, end } = await run({
        GuardRemediation: [permit(containing)],
        StartAutomation: [failed, ended],
      });
      expect(states.slice(2)).toEqual(['Contain Trouble', 'Choose Undo', 'Undo Change', 'Finish Remediation']);
      expect(end).toMatchObject({ ending: 'automation-failed', reason: 'It is as before.' });
    });
  });

  describe('what nobody heard in time', () => {
    const relapsed = Object.assign(new Error('The alarm fires again.'), { name: 'RelapsedError' });

    it('is looked for before a repair is called useless: it recovered', async () => {
      const { states, end } = await run({
        GuardRemediation: [permit(remediation)],
        StartAutomation: [ended],
        AwaitSignal: [{}, { ended: { because: 'cleared' } }, {}],
      });
      expect(states.slice(3)).toEqual(['Await Recovery', 'Look Again', 'Hold Recovery', 'Finish Remediation']);
      expect(end).toMatchObject({ ending: 'recovered' });
    });

    it('is looked for, and it did not recover: it is taken back', async () => {
      const { states, end } = await run({ GuardRemediation: [permit(remediation)], StartAutomation: [ended] });
      expect(states.slice(3)).toEqual([
        'Await Recovery',
        'Look Again',
        'Choose Undo',
        'Undo Change',
        'Finish Remediation',
      ]);
      expect(end).toMatchObject({
        ending: 'undone',
        reason: 'The alarm did not recover in its time. It is as before.',
      });
    });

    it('is seen at the end: it fires again, and is taken back', async () => {
      const { states, asked } = await run({
        GuardRemediation: [permit(remediation)],
        StartAutomation: [ended],
        AwaitSignal: proven,
        FinishRemediation: [relapsed, {}],
      });
      expect(states.slice(4)).toEqual([
        'Hold Recovery',
        'Finish Remediation',
        'Choose Undo',
        'Undo Change',
        'Finish Remediation',
      ]);
      const reason = 'The alarm recovered and fired again. It is as before.';
      expect(asked.get('FinishRemediation')?.at(-1)).toMatchObject({ ending: 'undone', reason });
    });
  });

  it('still proves a repair whose status event was lost', async () => {
    const { states, end } = await run({
      GuardRemediation: [permit(remediation)],
      CheckAutomation: [{ execution_id: 'a-1', status: 'Success' }],
      AwaitSignal: proven,
    });
    expect(states.slice(3, 6)).toEqual(['Check Automation', 'Choose Proof', 'Await Recovery']);
    expect(end).toMatchObject({ ending: 'recovered' });
  });

  describe('while others are at work', () => {
    it('tries again, and goes on when there is room', async () => {
      const { states, end } = await run({
        GuardRemediation: [busy(), busy(), permit(containing)],
        StartAutomation: [ended],
      });
      expect(states).toEqual(['Guard Remediation', 'Choose Path', 'Contain Trouble', 'Finish Remediation']);
      expect(end).toMatchObject({ ending: 'contained' });
    });

    it('gives up after half an hour at the most, changes nothing, and says why', async () => {
      const { asked, end, minutes } = await run({ GuardRemediation: [busy()] });
      expect(asked.get('GuardRemediation')).toHaveLength(34);
      expect(minutes).toBeLessThanOrEqual(31);
      expect(end).toMatchObject({
        ending: 'refused',
        permitted: false,
        breaker: 0,
        reason: expect.stringMatching(/tried for up to half an hour.*As many as may be are in repair/),
      });
      expect(asked.get('StartAutomation')).toBeUndefined();
    });
  });
});
