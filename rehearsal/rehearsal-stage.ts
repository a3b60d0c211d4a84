import type { TimelineEntry } from '../functions/domain/incident.ts';
import { describeMachines } from '../sandbox/deploy/machines.ts';
import { isEnded } from '../sandbox/ssm/automation-execution.ts';
import { isCommandEnded } from '../sandbox/ssm/command.ts';
import type { ExecutionView } from '../sandbox/states/step-functions.ts';
import { LocalStack } from './local-stack.ts';
import { moveEvent } from './move-event.ts';
import type { Breaks, Heard, Played, Scene, Told } from './scene.ts';

/** Plays lie a week apart, each on the same weekday at the same time: what one left behind is over for the next. */
const weekMs = 7 * 24 * 3_600_000;
/** A Monday, 3 a.m. UTC, when nobody is at work. */
const firstNight = '2026-11-02T03:00:00.000Z';
/** How long is waited after the runbook has ended for all that follows from it: messages, and their retries. */
const afterwardsSeconds = 150;
/** How long an approver takes to answer. */
const answerMs = 40_000;
/** Nobody waits longer for a runbook: 30 days is the longest that an incident lives. */
const patienceMs = 30 * 24 * 3_600_000;

/** How much there was of everything before a play. */
interface Marks {
  readonly executions: number;
  readonly calls: number;
  readonly denied: number;
  readonly faults: number;
  readonly published: number;
  readonly messages: number;
}

/** One stack, on which one scene after another is played. */
export class RehearsalStage {
  readonly stack: LocalStack;
  /** Whether a role is a state machine's. */
  readonly isMachine: (roleArn: string) => boolean;
  #scene: Scene | undefined;
  #breaks: Breaks = () => undefined;
  #heard: Heard[] = [];
  #plays = 0;

  private constructor(stack: LocalStack) {
    this.stack = stack;
    const roles = new Set(describeMachines(stack.sandbox.assembly).map(({ roleArn }) => roleArn));
    this.isMachine = (roleArn) => roles.has(roleArn);
    stack.sandbox.router.inject((call) => this.#breaks(call));
    stack.onEntry((entry, incidentId) => this.#hear(entry, incidentId));
  }

  /** Brings up the stack that was synthesised into a directory. */
  static async open(assembly: string): Promise<RehearsalStage> {
    const opened: { stage?: RehearsalStage } = {};
    const stack = await LocalStack.start({
      assembly,
      startAt: new Date(firstNight),
      warm: true,
      dropStatusEvent: () => opened.stage?.isLosingStatusEvents ?? false,
    });
    opened.stage = new RehearsalStage(stack);
    return opened.stage;
  }

  get isLosingStatusEvents(): boolean {
    return this.#scene?.losesStatusEvents ?? false;
  }

  /** Plays one scene, from its alarm to its end, and says what came of it. */
  async play(scene: Scene): Promise<Played> {
    const began = performance.now();
    const { stack } = this;
    const { sandbox } = stack;
    await this.#clear();
    const marks = this.#marks();
    this.#scene = scene;
    sandbox.meet(scene.world, scene.directory);
    await scene.prepare?.({ stack, nowMs: sandbox.clock.now() });
    this.#breaks = scene.breaks?.() ?? (() => undefined);
    this.#heard = [];
    const startedAt = sandbox.clock.now();
    this.#deliver(scene);
    await this.#run(scene, marks.executions);
    this.#breaks = () => undefined;
    const played = await this.#lookAt(marks, startedAt);
    const steps = this.#heard.map(({ entry, realAt }) => ({ entry, realMs: realAt - began }));
    return { ...played, steps, elapsedMs: performance.now() - began };
  }

  close(): Promise<void> {
    return this.stack.close();
  }

  async #clear(): Promise<void> {
    const { sandbox } = this.stack;
    this.#scene = undefined;
    this.stack.slack.failNext('*', 'ok', 0);
    await sandbox.abandon();
    this.#plays += 1;
    await sandbox.run(undefined, new Date(Date.parse(firstNight) + this.#plays * weekMs));
    await sandbox.abandon();
  }

  #marks(): Marks {
    const { sandbox, slack } = this.stack;
    return {
      executions: sandbox.machines.executions().length,
      calls: sandbox.router.calls().length,
      denied: sandbox.router.denied().length,
      faults: sandbox.faults().length - sandbox.world.undescribed().length,
      published: sandbox.topics.published().length,
      messages: slack.messages().length,
    };
  }

  #deliver({ event, duplicateAfterSeconds, chatIsDown }: Scene): void {
    const { sandbox, slack } = this.stack;
    if (chatIsDown) slack.failNext('*', { status: 503 }, 10_000);
    const moved = moveEvent(event, sandbox.clock.now());
    const bus = String(event['source']).startsWith('handsoff.') ? 'handsoff' : 'default';
    sandbox.deliver(moved, bus);
    if (duplicateAfterSeconds === undefined) return;
    sandbox.clock.schedule(duplicateAfterSeconds * 1000, 'the same event again', () => sandbox.deliver(moved, bus));
  }

  async #run(scene: Scene, executionsBefore: number): Promise<void> {
    const { sandbox } = this.stack;
    const { clock } = sandbox;
    const latest = new Date(clock.now() + patienceMs);
    const isOver = () => {
      const runbook = runbookIn(sandbox.machines.executions().slice(executionsBefore));
      return runbook !== undefined && runbook.status !== 'RUNNING';
    };
    await sandbox.run(isOver, latest);
    if (!isOver()) return;
    await sandbox.run(undefined, new Date(clock.now() + (scene.afterwardsSeconds ?? afterwardsSeconds) * 1000));
    if (!scene.toTheEnd) return;
    const incident = (await this.stack.incidents()).at(-1);
    if (incident && incident.status !== 'resolved') await this.stack.click('resolve', incident.id, 'U0HANDSOFF1');
    await sandbox.run(undefined, latest);
  }

  /** The approver reads the question and does what the scene says. */
  #hear(entry: TimelineEntry, incidentId: string): void {
    const { stack } = this;
    const { clock } = stack.sandbox;
    this.#heard.push({ entry, realAt: performance.now() });
    this.#scene?.onEntry?.(entry, incidentId, { stack, nowMs: clock.now() });
    const { approval } = entry;
    if (entry.kind !== 'approval-requested' || !approval || !this.#scene) return;
    const { approver } = this.#scene;
    if (approver === 'silent') return;
    const tooLateMs = Date.parse(approval.expires_at) - clock.now() + answerMs;
    clock.schedule(approver === 'asks-late' ? tooLateMs : answerMs, 'an approver answers', () => {
      const by = approval.approvers[0] ?? 'U0HANDSOFF1';
      const action = approver === 'refuses' ? 'refuse' : 'approve';
      void clock.holding('an approver answers', () => stack.click(action, approval.id, by));
    });
  }

  async #lookAt(marks: Marks, startedAt: number): Promise<Omit<Played, 'elapsedMs' | 'steps'>> {
    const { stack } = this;
    const { sandbox } = stack;
    const [incident] = await stack.incidents();
    const executions = sandbox.machines.executions().slice(marks.executions);
    const runbook = runbookIn(executions);
    const ownFaults = sandbox.faults().slice(sandbox.world.undescribed().length + marks.faults);
    return {
      incident,
      timeline: incident ? await stack.timeline(incident.id) : [],
      runbook,
      executions: executions.filter(({ machineArn }) => !machineArn.endsWith(':handsoff-intake')),
      calls: sandbox.router.calls().slice(marks.calls),
      worldCalls: sandbox.world.calls(),
      told: this.#toldSince(marks),
      unfinished: this.#unfinished(),
      leases: (await stack.itemsBelow('LEASE#')).map(({ pk }) => String(pk).slice('LEASE#'.length)),
      denied: sandbox.router
        .denied()
        .slice(marks.denied)
        .map(({ message }) => message),
      faults: [...sandbox.world.undescribed(), ...ownFaults],
      startedAt,
      endedAt: runbook?.stopDate ?? sandbox.clock.now(),
    };
  }

  #toldSince(marks: Marks): Told[] {
    const { sandbox, slack } = this.stack;
    const published = sandbox.topics.published().slice(marks.published);
    const messages = slack.messages().slice(marks.messages);
    return [
      ...published.map(({ subject, message }) => ({ by: 'sns' as const, text: subject ?? message })),
      ...messages.flatMap(({ text, history }) =>
        [...history.map((before) => before.text), text].map((line) => ({ by: 'chat' as const, text: line })),
      ),
    ];
  }

  #unfinished(): string[] {
    const { systems } = this.stack.sandbox;
    return [
      ...systems
        .automationExecutions()
        .filter(({ status }) => !isEnded(status))
        .map(({ id, document }) => `the automation ${document.name} ${id}`),
      ...systems
        .commands()
        .filter(({ status }) => !isCommandEnded(status))
        .map(({ commandId, documentName }) => `the command ${documentName} ${commandId}`),
    ];
  }
}

/** The execution of a runbook's machine among those of one play. */
function runbookIn(executions: readonly ExecutionView[]): ExecutionView | undefined {
  return executions.find(({ machineArn }) => /:handsoff-runbook-[^:]+$/.test(machineArn));
}
