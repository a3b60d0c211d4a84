import type { Assembly } from '../sandbox/assembly/assembly.ts';
import { breaksOf } from './breaks.ts';
import { changingCalls } from './changing-calls.ts';
import { checkExpectations, type Happened, whatHappened } from './check-expectations.ts';
import { checkInvariants } from './check-invariants.ts';
import { CoverageCount } from './coverage.ts';
import type { Difference } from './difference.ts';
import type { Rehearsal } from './rehearsal-file.ts';
import type { RehearsalStage } from './rehearsal-stage.ts';
import type { RehearsedRunbook } from './rehearsed-runbook.ts';
import type { RunbookRehearsal, ScenarioKind, ScenarioResult } from './runbook-rehearsal.ts';
import type { Played, Scene } from './scene.ts';

/** What a runbook is rehearsed with. */
export interface RunbookOptions {
  readonly stage: RehearsalStage;
  readonly runbook: RehearsedRunbook;
  readonly rehearsals: readonly Rehearsal[];
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
  return run.result(performance.now() - began);
}

/** What is collected while a runbook is rehearsed. */
class RunbookRun {
  readonly #options: RunbookOptions;
  readonly #assembly: Assembly;
  readonly #coverage: CoverageCount;
  readonly #scenarios: ScenarioResult[] = [];
  readonly #mutations = new Set<string>();
  #worstSeconds = 0;

  constructor(options: RunbookOptions) {
    this.#options = options;
    this.#assembly = options.stage.stack.sandbox.assembly;
    this.#coverage = new CoverageCount(options.runbook.definition);
  }

  /** Plays an author's rehearsal to the very end, and compares all of it. */
  async playRehearsal(rehearsal: Rehearsal): Promise<void> {
    const { stage, runbook, onHappened } = this.#options;
    const played = await stage.play(this.#sceneOf(rehearsal));
    const happened = whatHappened(played, runbook, this.#assembly);
    onHappened?.(rehearsal, happened);
    const differences = rehearsal.expect
      ? checkExpectations(rehearsal.expect, happened)
      : [{ what: 'expect', expected: ['the file says what is expected; write it with --update'], found: ['nothing'] }];
    this.#note('rehearsal', rehearsal, played, differences, true);
  }

  result(realMs: number): RunbookRehearsal {
    const coverage = this.#coverage.coverage();
    return {
      id: this.#options.runbook.id,
      passed: this.#scenarios.every(({ passed }) => passed) && coverage.missing_states.length === 0,
      scenarios: this.#scenarios,
      mutations: [...this.#mutations].sort(),
      coverage,
      worst_case_seconds: Math.ceil(this.#worstSeconds),
      problems: [],
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
  ): void {
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
