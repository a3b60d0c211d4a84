import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guards } from '../../functions/domain/guard.ts';
import { certificateHashOf } from '../../functions/domain/certificate.ts';
import { checkGuard, checkGuardAnswer, isAskingAgain } from '../../rehearsal/guards/check-guard.ts';
import { guardScenarios } from '../../rehearsal/guards/guard-scenarios.ts';
import type { GuardScenario, RepairRequest } from '../../rehearsal/guards/guard-scene.ts';
import { chooseRunbooks, prepareRehearsal } from '../../rehearsal/prepare-rehearsal.ts';
import { type Rehearsal, readRehearsal } from '../../rehearsal/rehearsal-file.ts';
import { RehearsalStage } from '../../rehearsal/rehearsal-stage.ts';
import { rehearseRunbook, type RunbookOptions } from '../../rehearsal/rehearse-runbook.ts';
import { findRunbook, type RehearsedRunbook } from '../../rehearsal/rehearsed-runbook.ts';
import type { Played, Scene } from '../../rehearsal/scene.ts';
import type { MachineDefinition } from '../../sandbox/states/definition.ts';
import { AProject } from '../infra/a-project.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const parts = ['event-pattern', 'node_modules', 'cdk.json', 'package.json', 'infra', 'sandbox'];

/** One that has every guard: it takes a share of a group, too. */
const id = 'alb-bad-target';

let stage: RehearsalStage;
let runbook: RehearsedRunbook;
let scene: Scene;
let played: Played;
let revision: string;
let rehearsalOf: (name: string) => Rehearsal;

/** A copy of the project in which a request may say without which guard it is looked at. */
beforeAll(async () => {
  const project = new AProject([id, 'default']);
  cpSync(join(checkout, 'functions'), join(project.root, 'functions'), { recursive: true });
  for (const part of parts) symlinkSync(join(checkout, part), join(project.root, part));
  project.edit(
    'functions/domain/guard.ts',
    'for (const guard of guards) {',
    'for (const guard of guards.filter(({ name }) => name !== (request as { without?: string }).without)) {',
  );
  const prepared = await prepareRehearsal(chooseRunbooks(project.root, [id]), join(project.root, '.build'));
  const [folder] = prepared.runbooks;
  if (!folder) throw new Error(`There is no ${id}.`);
  stage = await RehearsalStage.open(prepared.assembly);
  runbook = findRunbook(stage.stack.sandbox.assembly, folder);
  revision = certificateHashOf(folder.artifacts);
  rehearsalOf = (name) => readRehearsal(join(folder.directory, `rehearsals/${name}.yaml`));
  const { event, world } = rehearsalOf('one-target-recovers');
  scene = { event, world, approver: 'agrees', toTheEnd: true };
  played = await stage.play(scene);
}, 180_000);
afterAll(() => stage?.close());

function playGuard(scenario: GuardScenario, without?: string): Promise<Played> {
  const { asked, groups } = played;
  if (!asked) throw new Error('The rehearsal asks for no repair.');
  const request = asked.input as unknown as RepairRequest;
  const changed = { ...asked, input: { ...asked.input, ...(without && { without }) } };
  return stage.playGuard({ scenario, asked: changed, facts: { runbook, request, groups, revision } }, scene);
}

function check(scenario: GuardScenario, result: Played) {
  return checkGuard(scenario, result, { runbook, assembly: stage.stack.sandbox.assembly, toTheEnd: false });
}

async function differencesOf(scenario: GuardScenario, without?: string): Promise<string[]> {
  const differences = check(scenario, await playGuard(scenario, without));
  return differences.map(({ what, found }) => `${what}: ${found.join()}`);
}

function scenarioOf(name: string): GuardScenario {
  const scenario = guardScenarios.find((one) => one.name === name);
  if (!scenario) throw new Error(`There is no scenario when ${name}.`);
  return scenario;
}

/** Plays it whole, with what a test wishes otherwise. */
function rehearseWhole(rehearsals: readonly Rehearsal[], wishes: Partial<RunbookOptions> = {}) {
  return rehearseRunbook({ stage, runbook, rehearsals, revision, hasMatrices: true, ...wishes });
}

/**
 * Rehearsals that together enter every state. What breaks by itself is not broken once more, which takes longest: only guards
 * are tried beside it.
 */
function withTheirOwnFaults(names: readonly string[] = ['one-target-recovers', 'two-bad-targets']): Rehearsal[] {
  return names.map((name) => ({ ...rehearsalOf(name), faults: [{ duplicate: 'event' }] }));
}

/** As if its definition had these states. */
function withStates(change: (states: MachineDefinition['States']) => MachineDefinition['States']): RehearsedRunbook {
  const { definition } = runbook;
  return { ...runbook, definition: { ...definition, States: change(definition.States) } };
}

/** As if it only observed: nobody asks then what its automation needs its grants for. */
function observing(other = runbook): RehearsedRunbook {
  return { ...other, manifest: { ...other.manifest, mode: 'observe' } };
}

describe('a runbook that is rehearsed whole', () => {
  // Before any other: what was needed once is needed on this stage for good.
  it('fails by a grant that nothing needed, and by nothing else', async () => {
    const result = await rehearseWhole(withTheirOwnFaults());
    expect(result).toMatchObject({ passed: false, whole: true, coverage: { missing_states: [] } });
    const needless =
      /^elasticloadbalancing:RegisterTargets on .* is granted to the automation, and no scenario needs it/;
    expect(result.problems).toContainEqual(expect.stringMatching(needless));
    expect(result.scenarios.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('passes when everything broke and every guard refused', async () => {
    const result = await rehearseWhole(['one-target-recovers', 'does-not-help'].map(rehearsalOf));
    expect(result).toMatchObject({ passed: true, whole: true, problems: [], coverage: { missing_states: [] } });
    const namesOf = (wanted: string) => result.scenarios.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    expect(namesOf('rehearsal')).toEqual(['one-target-recovers', 'does-not-help']);
    expect(namesOf('fault')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^when elastic-load-balancing-v2:DescribeTargetHealth .* in Read Targets$/),
        expect.stringMatching(/^when cloudtrail:LookupEvents .* while looking$/),
        expect.stringMatching(
          /^when elastic-load-balancing-v2:DeregisterTargets .* after elastic-load-balancing-v2:AddTags$/,
        ),
        'when the status events of SSM get lost',
      ]),
    );
    const tried = guardScenarios.filter(({ fits }) => fits?.(runbook) ?? true);
    expect(namesOf('guard')).toEqual(tried.map(({ name }) => `when ${name}`));
    expect(new Set(tried.map(({ guard }) => guard)).size).toBeGreaterThanOrEqual(guards.length);
  });

  it('fails by a state that nothing entered, and by nothing else', async () => {
    const more = withStates((states) => ({ ...states, Nowhere: { Type: 'Succeed' } }));
    const result = await rehearseWhole(withTheirOwnFaults(), { runbook: observing(more) });
    expect(result).toMatchObject({ passed: false, whole: true, problems: [] });
    expect(result.coverage.missing_states).toEqual(['Nowhere']);
    expect(result.scenarios.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('fails when no guard could be tried, and by nothing else', async () => {
    const fewer = withStates(({ 'Deregister Target': _repair, ...states }) => states);
    const result = await rehearseWhole(withTheirOwnFaults(['two-bad-targets']), { runbook: observing(fewer) });
    expect(result.problems).toEqual(['No rehearsal comes to a repair: no guard could be tried.']);
    expect(result).toMatchObject({ passed: false, whole: true, coverage: { missing_states: [] } });
    expect(result.scenarios).toMatchObject([{ kind: 'rehearsal', passed: true }]);
  });

  it('fails by a guard that lets through what it has to refuse, and by nothing else', async () => {
    const wishes = { runbook: observing(), revision: 'of another version' };
    const result = await rehearseWhole(withTheirOwnFaults(), wishes);
    expect(result).toMatchObject({ passed: false, problems: [], coverage: { missing_states: [] } });
    const failed = result.scenarios.filter(({ passed }) => !passed);
    expect(failed).toMatchObject([{ kind: 'guard', name: 'when it has failed too often in a row' }]);
  });
});

describe('the guard matrix', () => {
  it('has a scenario for every guard', () => {
    const tried = new Set(guardScenarios.map(({ guard }) => guard));
    expect(guards.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  it.each(guards.map(({ name }) => name))('fails without the guard %s, and passes with it', async (name) => {
    const scenario = guardScenarios.find(({ guard }) => guard === name);
    if (!scenario) throw new Error(`No scenario tries ${name}.`);
    expect(await differencesOf(scenario)).toEqual([]);
    expect(await differencesOf(scenario, name)).not.toEqual([]);
  });
});

describe('a guard that says no', () => {
  const refused = scenarioOf('the global kill switch is on');
  const proposed = scenarioOf('somebody else than AWS sent the alarm');
  const plays = new Map<GuardScenario, Played>();
  beforeAll(async () => {
    for (const scenario of [refused, proposed]) plays.set(scenario, await playGuard(scenario));
  });

  function playOf(scenario: GuardScenario): Played {
    const result = plays.get(scenario);
    if (!result) throw new Error(`Nobody has played when ${scenario.name}.`);
    return result;
  }

  /** What is wrong with the play of a scenario in which something was otherwise, by a scenario that wishes otherwise. */
  function wrongIn(of: GuardScenario, over: Partial<Played>, wishes: Partial<GuardScenario> = {}): string[] {
    return check({ ...of, ...wishes }, { ...playOf(of), ...over }).map(({ what }) => what);
  }

  /** The calls of the play, and one more. */
  function withCall(operation: string, arn = ''): Partial<Played> {
    const made = { service: 'any', operation, input: {}, principal: { kind: 'role' as const, arn }, at: 0, grants: [] };
    return { calls: [...playOf(refused).calls, made] };
  }

  it('says what it has to say, and nothing else', () => {
    expect(wrongIn(refused, {})).toEqual([]);
    expect(wrongIn(refused, {}, { answer: 'storm' })).toEqual(['the guard says']);
    expect(wrongIn(refused, {}, { answer: 'busy' })).toEqual(['the guard says']);
    expect(wrongIn(refused, { executions: [] })).toEqual(['the guard says']);
  });

  it('begins nothing: no automation, and no call of one that changes something', () => {
    const automation = runbook.automationRole;
    expect(wrongIn(refused, withCall('StartAutomationExecution'))).toEqual(['nothing begins']);
    expect(wrongIn(refused, withCall('DeregisterTargets', automation))).toEqual(['nothing begins']);
    expect(wrongIn(refused, withCall('DescribeTargetHealth', automation))).toEqual([]);
    expect(wrongIn(refused, { denied: ['not authorized'] })).toEqual(['allowed']);
  });

  it('is heard by people, with its reason and the word for it', () => {
    const { timeline, told } = playOf(refused);
    const otherwise = timeline.map((entry) => ({ ...entry, text: 'It is as it is.' }));
    const informing = told.filter(({ text }) => !text.includes('PERSON NEEDED'));
    expect(wrongIn(refused, { timeline: [] })).toEqual(['timeline']);
    expect(wrongIn(refused, { timeline: otherwise })).toEqual(['timeline']);
    expect(wrongIn(refused, { told: informing })).toEqual(['told']);
    expect(wrongIn(refused, { timeline: [], told: [] }, { isQuiet: true })).toEqual([]);
  });

  it('is heard as a proposal where it only says what it would do', () => {
    const { timeline, told } = playOf(refused);
    expect(wrongIn(proposed, {})).toEqual([]);
    expect(wrongIn(proposed, { timeline })).toEqual(['timeline']);
    expect(wrongIn(proposed, { told })).toEqual(['told']);
  });
});

describe('a guard that is asked alone', () => {
  const busy = { errorType: 'GuardBusyError', errorMessage: 'As many automations run as may.' };
  const wrong = { errorType: 'TypeError', errorMessage: 'This cannot be read.' };
  const noCalls = { calls: [], denied: [], faults: [], elapsedMs: 1 };
  const checkAnswer = (
    expected: GuardScenario['answer'],
    answer: unknown,
    hasFailed: boolean,
    denied: readonly string[] = [],
  ) =>
    checkGuardAnswer(
      { name: 'it is tried', guard: 'any', answer: expected },
      { ...noCalls, denied, hasFailed, answer },
      { runbook, assembly: stage.stack.sandbox.assembly, toTheEnd: false },
    );

  it.each([
    ['refuses by another reason', 'storm', { decision: 'refuse', reason: 'breaker' }, 'breaker'],
    ['permits', 'storm', { decision: 'permit' }, 'permit'],
    ['permits what it may only propose', 'propose', { decision: 'permit' }, 'permit'],
    ['permits what has to wait', 'busy', { decision: 'permit' }, 'permit'],
    ['is busy where it has to refuse', 'storm', busy, 'busy'],
    ['fails', 'storm', wrong, JSON.stringify(wrong)],
    ['fails where it has to wait', 'busy', wrong, JSON.stringify(wrong)],
    ['says nothing', 'storm', null, 'null'],
  ] as const)('is wrong when it %s', (_name, expected, answer, found) => {
    expect(checkAnswer(expected, answer, answer === busy || answer === wrong)).toEqual([
      { what: 'the guard says', expected: [expected], found: [found] },
    ]);
  });

  it.each([
    ['refuses', 'storm', { decision: 'refuse', reason: 'storm' }],
    ['proposes', 'propose', { decision: 'propose' }],
    ['is busy', 'busy', busy],
  ] as const)('is right when it %s as it has to', (_name, expected, answer) => {
    expect(checkAnswer(expected, answer, answer === busy)).toEqual([]);
    expect(isAskingAgain({ ...noCalls, hasFailed: answer === busy, answer })).toBe(false);
  });

  it('is wrong when it answers as it has to and is refused a call by IAM', () => {
    expect(checkAnswer('storm', { decision: 'refuse', reason: 'storm' }, false, ['not authorized'])).toMatchObject([
      { what: 'allowed', found: ['not authorized'] },
    ]);
  });

  it('is asked with all that follows where it wants an approver first', () => {
    expect(isAskingAgain({ ...noCalls, hasFailed: false, answer: { decision: 'ask' } })).toBe(true);
  });
});
