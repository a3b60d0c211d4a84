import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guards } from '../../functions/domain/guard.ts';
import { certificateHashOf } from '../../functions/domain/certificate.ts';
import { checkGuard } from '../../rehearsal/guards/check-guard.ts';
import { guardScenarios } from '../../rehearsal/guards/guard-scenarios.ts';
import type { GuardScenario, RepairRequest } from '../../rehearsal/guards/guard-scene.ts';
import { chooseRunbooks, prepareRehearsal } from '../../rehearsal/prepare-rehearsal.ts';
import { readRehearsal } from '../../rehearsal/rehearsal-file.ts';
import { RehearsalStage } from '../../rehearsal/rehearsal-stage.ts';
import { findRunbook, type RehearsedRunbook } from '../../rehearsal/rehearsed-runbook.ts';
import type { Played, Scene } from '../../rehearsal/scene.ts';
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
  const file = join(project.root, 'statemachines/runbooks', id, 'rehearsals/one-target-recovers.yaml');
  const { event, world } = readRehearsal(file);
  scene = { event, world, approver: 'agrees', toTheEnd: true };
  played = await stage.play(scene);
}, 180_000);
afterAll(() => stage?.close());

async function differencesOf(scenario: GuardScenario, without?: string): Promise<string[]> {
  const { asked, groups } = played;
  if (!asked) throw new Error('The rehearsal asks for no repair.');
  const request = asked.input as unknown as RepairRequest;
  const changed = { ...asked, input: { ...asked.input, ...(without && { without }) } };
  const result = await stage.playGuard(
    { scenario, asked: changed, facts: { runbook, request, groups, revision } },
    scene,
  );
  const options = { runbook, assembly: stage.stack.sandbox.assembly, toTheEnd: false };
  return checkGuard(scenario, result, options).map(({ what, found }) => `${what}: ${found.join()}`);
}

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
