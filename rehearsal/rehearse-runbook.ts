import type { Assembly } from '../sandbox/assembly/assembly.ts';
import { breaksOf } from './breaks.ts';
import { changingCalls } from './changing-calls.ts';
import { checkExpectations, type Happened, whatHappened } from './check-expectations.ts';
import { checkFaults } from './check-faults.ts';
import { checkCalls, checkInvariants } from './check-invariants.ts';
import { CoverageCount } from './coverage.ts';
import type { Difference } from './difference.ts';
import { faultMatrix } from './faults/fault-matrix.ts';
import type { PassedPlay } from './faults/generated-scenario.ts';
import { checkGuard, checkGuardAnswer, isAskingAgain } from './guards/check-guard.ts';
import { guardScenarios } from './guards/guard-scenarios.ts';
import type { RepairRequest } from './guards/guard-scene.ts';
import type { Rehearsal } from './rehearsal-file.ts';
import { recoverLate } from './late-recovery.ts';
import { needlessGrants } from './needless-grants.ts';
import type { RehearsalStage } from './rehearsal-stage.ts';
import type { RehearsedRunbook } from './rehearsed-runbook.ts';
import type { Fault } from './rehearsal-schema.ts';
import type { RunbookRehearsal, ScenarioKind, ScenarioResult } from './runbook-rehearsal.ts';
import type { Played, Scene } from './scene.ts';

/** What a runbook is rehearsed with. */
export interface RunbookOptions {
  readonly stage: RehearsalStage;
  readonly runbook: RehearsedRunbook;
  readonly rehearsals: readonly Rehearsal[];
  /** The hash of the certificate that the stack takes as given; guards are tried against it. @default '' */
  readonly revision?: string;
  /** Whether everything that can break is played as well, and every guard that has to refuse, where all of these pass. */
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
  // How people are told in chat and how an incident is closed is alike after every end of a runbook: one shows it.
  for (const [index, rehearsal] of options.rehearsals.entries()) await run.playRehearsal(rehearsal, index === 0);
  // Else what follows would be found missing for no other reason than the rehearsal that did not pass.
  const isWhole = options.hasMatrices && run.isPassing();
  if (isWhole) {
    await run.playFaults();
    await run.playGuards();
  }
  return run.result(isWhole, performance.now() - began);
}

/** What is collected while a runbook is rehearsed. */
class RunbookRun {
  readonly #options: RunbookOptions;
  readonly #assembly: Assembly;
  readonly #coverage: CoverageCount;
  readonly #scenarios: ScenarioResult[] = [];
  readonly #mutations = new Set<string>();
  readonly #passed: PassedPlay[] = [];
  readonly #problems: string[] = [];
  #worstSeconds = 0;

  constructor(options: RunbookOptions) {
    this.#options = options;
    this.#assembly = options.stage.stack.sandbox.assembly;
    this.#coverage = new CoverageCount(options.runbook.definition);
  }

  /** Plays an author's rehearsal from its alarm on and compares all of it; a whole one with chat, and to the very end. */
  async playRehearsal(rehearsal: Rehearsal, isWhole: boolean): Promise<void> {
    const { stage, runbook, onHappened } = this.#options;
    const broken = new Set<Fault>();
    const scene = this.#sceneOf(rehearsal, isWhole, broken);
    const played = await stage.play(scene);
    const happened = whatHappened(played, runbook, this.#assembly);
    onHappened?.(rehearsal, happened);
    const differences = rehearsal.expect
      ? checkExpectations(rehearsal.expect, happened)
      : [{ what: 'expect', expected: ['the file says what is expected; write it with --update'], found: ['nothing'] }];
    const idle = checkFaults(rehearsal, played, broken) ?? [];
    const { passed } = this.#note('rehearsal', rehearsal, played, differences.concat(idle), isWhole);
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

  /** Plays every reason for which the guard has to say no. */
  async playGuards(): Promise<void> {
    const { stage, runbook, revision = '' } = this.#options;
    if (!runbook.automationRole) return;
    // Where an approver is asked, most guards are looked at only after he has agreed.
    const plays = this.#passed.filter(({ played }) =>
      played.timeline.some(({ kind }) => kind === 'automation-started'),
    );
    const play = plays.find(({ played }) => played.groups.length > 0) ?? plays[0];
    const { asked, guarded, groups } = play?.played ?? {};
    if (!play || !asked || !guarded) {
      this.#problems.push('No rehearsal comes to a repair: no guard could be tried.');
      return;
    }
    const facts = { runbook, request: readRequest(asked.input), groups: groups ?? [], revision };
    const options = { runbook, assembly: this.#assembly, toTheEnd: false };
    for (const scenario of guardScenarios.filter(({ fits }) => fits?.(runbook) ?? true)) {
      const known = { name: `when ${scenario.name}`, title: `when ${scenario.name}`, kind: 'guard' as const };
      const said = scenario.inFull ? undefined : await stage.askGuard({ scenario, asked: guarded, facts }, play.scene);
      // An approval is bound to its parameters: where one of them is a moment, it has to be given anew.
      if (said && !isAskingAgain(said)) {
        const differences = checkGuardAnswer(scenario, said, options);
        const course = { virtual_seconds: 0, real_ms: said.elapsedMs, steps: [] };
        this.#add({ ...known, outcome: scenario.answer, differences, ...course });
      } else {
        const played = await stage.playGuard({ scenario, asked, facts }, play.scene);
        const differences = [...(said ? checkCalls(said, options) : []), ...checkGuard(scenario, played, options)];
        this.#add({ ...known, outcome: scenario.answer, differences, ...courseOf(played) });
      }
    }
  }

  isPassing(): boolean {
    return this.#scenarios.every(({ passed }) => passed);
  }

  result(isWhole: boolean, realMs: number): RunbookRehearsal {
    const coverage = this.#coverage.coverage();
    const { stage, runbook } = this.#options;
    // Some grants are needed only when something breaks.
    const needless = isWhole ? needlessGrants(stage.stack.sandbox.authority, runbook) : [];
    const problems = [...this.#problems, ...needless];
    // Some states are entered only when something breaks.
    const isCovered = !isWhole || coverage.missing_states.length === 0;
    return {
      id: runbook.id,
      passed: isCovered && problems.length === 0 && this.isPassing(),
      whole: isWhole,
      scenarios: this.#scenarios,
      mutations: [...this.#mutations].sort(),
      coverage,
      worst_case_seconds: Math.ceil(this.#worstSeconds),
      problems,
      real_ms: realMs,
    };
  }

  /** `broken` gets every fault that breaks a call. */
  #sceneOf({ event, world, people, faults }: Rehearsal, isWhole: boolean, broken: Set<Fault>): Scene {
    const has = (subject: keyof Fault) => faults.some((fault) => fault[subject] !== undefined);
    const chatIsDown = has('chat');
    return {
      event,
      world,
      approver: people.approver,
      breaks: () => breaksOf(faults, this.#options.stage.isMachine, (fault) => broken.add(fault)),
      losesStatusEvents: has('lost'),
      chatIsDown,
      hasChat: isWhole || chatIsDown,
      ...(has('duplicate') && { duplicateAfterSeconds: 1 }),
      toTheEnd: isWhole,
      ...(has('late') && recoverLate({ world })),
    };
  }

  #note(
    kind: ScenarioKind,
    { name, title }: { readonly name: string; readonly title: string },
    played: Played,
    differences: readonly Difference[],
    toTheEnd: boolean,
  ): ScenarioResult {
    const { runbook } = this.#options;
    const options = { runbook, assembly: this.#assembly, toTheEnd };
    const all = [...differences, ...checkInvariants(played, options)];
    const seconds = (played.endedAt - played.startedAt) / 1000;
    this.#worstSeconds = Math.max(this.#worstSeconds, seconds);
    if (played.runbook) this.#coverage.add(played.runbook.history);
    for (const { service, operation } of changingCalls(played.calls, runbook, this.#assembly))
      this.#mutations.add(`${service}:${operation}`);
    const { outcome } = whatHappened(played, runbook, this.#assembly);
    return this.#add({ name, title, kind, outcome, differences: all, ...courseOf(played) });
  }

  #add(known: Omit<ScenarioResult, 'passed'>): ScenarioResult {
    const result: ScenarioResult = { ...known, passed: known.differences.length === 0 };
    this.#scenarios.push(result);
    this.#options.onScenario?.(result);
    return result;
  }
}

/** How long a play took, and its steps. */
function courseOf(played: Played): Pick<ScenarioResult, 'virtual_seconds' | 'real_ms' | 'steps'> {
  const seconds = (played.endedAt - played.startedAt) / 1000;
  return { virtual_seconds: seconds, real_ms: played.elapsedMs, steps: stepsOf(played) };
}

/** What a runbook asked of `remediate`. */
function readRequest(input: Readonly<Record<string, unknown>>): RepairRequest {
  const { incident_id, runbook, target, parameters } = input;
  const given = typeof parameters === 'object' && parameters !== null ? Object.entries(parameters) : [];
  return {
    incident_id: String(incident_id),
    runbook: String(runbook),
    target: String(target),
    parameters: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  };
}

function stepsOf({ steps, startedAt }: Played): ScenarioResult['steps'] {
  return steps.map(({ entry: { at, kind, text }, realMs }) => ({
    seconds: (Date.parse(at) - startedAt) / 1000,
    real_ms: realMs,
    kind,
    text,
  }));
}
