import type { Assembly } from '../sandbox/assembly/assembly.ts';
import { breaksOf } from './breaks.ts';
import { changingCalls } from './changing-calls.ts';
import { checkExpectations, type Happened, whatHappened } from './check-expectations.ts';
import { checkInvariants } from './check-invariants.ts';
import { CoverageCount } from './coverage.ts';
import type { Difference } from './difference.ts';
import { faultMatrix } from './faults/fault-matrix.ts';
import type { PassedPlay } from './faults/generated-scenario.ts';
import type { Rehearsal } from './rehearsal-file.ts';
import { needlessGrants } from './needless-grants.ts';
import type { RehearsalStage } from './rehearsal-stage.ts';
import type { RehearsedRunbook } from './rehearsed-runbook.ts';
import type { RunbookRehearsal, ScenarioKind, ScenarioResult } from './runbook-rehearsal.ts';
import type { Played, Scene } from './scene.ts';

/** What a runbook is rehearsed with. */
export interface RunbookOptions {
  readonly stage: RehearsalStage;
  readonly runbook: RehearsedRunbook;
  readonly rehearsals: readonly Rehearsal[];
  /** Whether everything that can break is played as well, and every guard that has to refuse. */
  readonly hasMatrices: boolean;
  /** Told of every scenario as it ends. */
  readonly onScenario?: (result: ScenarioResult) => void;
  /** Told what happened in an author's rehearsal, before it is compared. */
  readonly onHappened?: (rehearsal: Rehearsal, happened: Happened) => void;
}

/** Plays every rehearsal of a runbook and says what came of it. */
export async function rehearseRunbook(options: RunbookOptions): Promise<RunbookRehearsal> {
  const began = performance.now();
  const run = new RunbookRun(options);
  for (const rehearsal of options.rehearsals) await run.playRehearsal(rehearsal);
  if (options.hasMatrices) await run.playFaults();
  return run.result(performance.now() - began);
}

/** What is collected while a runbook is rehearsed. */
class RunbookRun {
  readonly #options: RunbookOptions;
  readonly #assembly: Assembly;
  readonly #coverage: CoverageCount;
  readonly #scenarios: ScenarioResult[] = [];
  readonly #mutations = new Set<string>();
  readonly #passed: PassedPlay[] = [];
  #worstSeconds = 0;

  constructor(options: RunbookOptions) {
    this.#options = options;
    this.#assembly = options.stage.stack.sandbox.assembly;
    this.#coverage = new CoverageCount(options.runbook.definition);
  }

  /** Plays an author's rehearsal to the very end, and compares all of it. */
  async playRehearsal(rehearsal: Rehearsal): Promise<void> {
    const { stage, runbook, onHappened } = this.#options;
    const scene = this.#sceneOf(rehearsal);
    const played = await stage.play(scene);
    const happened = whatHappened(played, runbook, this.#assembly);
    onHappened?.(rehearsal, happened);
    const differences = rehearsal.expect
      ? checkExpectations(rehearsal.expect, happened)
      : [{ what: 'expect', expected: ['the file says what is expected; write it with --update'], found: ['nothing'] }];
    const { passed } = this.#note('rehearsal', rehearsal, played, differences, true);
    if (passed) this.#passed.push({ rehearsal, scene, played });
  }

  /** Plays everything that can break in the rehearsals that passed. */
  async playFaults(): Promise<void> {
    const { stage, runbook } = this.#options;
    const { functions } = stage.stack.sandbox;
    const lookingRoles = ['handsoff-diagnose', 'handsoff-run-command'].flatMap(
      (name) => functions.find(name)?.roleArn ?? [],
    );
    const facts = { runbook, assembly: this.#assembly, isMachine: stage.isMachine, lookingRoles };
    for (const { name, scene } of faultMatrix(this.#passed, facts)) {
      this.#note('fault', { name, title: name }, await stage.play(scene), [], false);
    }
  }

  result(realMs: number): RunbookRehearsal {
    const coverage = this.#coverage.coverage();
    const { stage, runbook, hasMatrices } = this.#options;
    // Some grants are needed only when something breaks.
    const problems = hasMatrices ? needlessGrants(stage.stack.sandbox.authority, runbook) : [];
    return {
      id: runbook.id,
      passed:
        this.#scenarios.every(({ passed }) => passed) && coverage.missing_states.length === 0 && problems.length === 0,
      scenarios: this.#scenarios,
      mutations: [...this.#mutations].sort(),
      coverage,
      worst_case_seconds: Math.ceil(this.#worstSeconds),
      problems,
      real_ms: realMs,
    };
  }

  #sceneOf({ event, world, directory, people, faults }: Rehearsal): Scene {
    return {
      event,
      world,
      directory,
      approver: people.approver,
      breaks: () => breaksOf(faults, this.#options.stage.isMachine),
      losesStatusEvents: faults.some(({ lost }) => lost !== undefined),
      chatIsDown: faults.some(({ chat }) => chat !== undefined),
      ...(faults.some(({ duplicate }) => duplicate !== undefined) && { duplicateAfterSeconds: 1 }),
      toTheEnd: true,
    };
  }

  #note(
    kind: ScenarioKind,
    { name, title }: { readonly name: string; readonly title: string },
    played: Played,
    differences: readonly Difference[],
    toTheEnd: boolean,
  ): ScenarioResult {
    const { runbook, onScenario } = this.#options;
    const options = { runbook, assembly: this.#assembly, toTheEnd };
    const all = [...differences, ...checkInvariants(played, options)];
    const seconds = (played.endedAt - played.startedAt) / 1000;
    this.#worstSeconds = Math.max(this.#worstSeconds, seconds);
    if (played.runbook) this.#coverage.add(played.runbook.history);
    for (const { service, operation } of changingCalls(played.calls, runbook, this.#assembly))
      this.#mutations.add(`${service}:${operation}`);
    const result: ScenarioResult = {
      name,
      title,
      kind,
      passed: all.length === 0,
      outcome: whatHappened(played, runbook, this.#assembly).outcome,
      virtual_seconds: seconds,
      real_ms: played.elapsedMs,
      differences: all,
      steps: stepsOf(played),
    };
    this.#scenarios.push(result);
    onScenario?.(result);
    return result;
  }
}

function stepsOf({ steps, startedAt }: Played): ScenarioResult['steps'] {
  return steps.map(({ entry: { at, kind, text }, realMs }) => ({
    seconds: (Date.parse(at) - startedAt) / 1000,
    real_ms: realMs,
    kind,
    text,
  }));
}
