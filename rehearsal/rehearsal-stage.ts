import type { TimelineEntry } from '../functions/domain/incident.ts';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AwsCall } from '../sandbox/aws.ts';
import { describeMachines } from '../sandbox/deploy/machines.ts';
import { decodePayload } from '../sandbox/lambda/payload.ts';
import type { Spoil } from '../sandbox/router.ts';
import type { ExecutionPosition, MachineDescription } from '../sandbox/states/step-functions.ts';
import type { Item } from '../sandbox/dynamodb/dynamodb.ts';
import { parseWorld, type WorldDescription } from '../sandbox/world/world.ts';
import type { GuardFacts, GuardScenario, GuardScene, RepairRequest } from './guards/guard-scene.ts';
import { LocalStack } from './local-stack.ts';
import { lookAtCalls, lookAtPlay, runbookIn } from './look-at-play.ts';
import { RecordedFindings } from './recorded-findings.ts';
import { moveEvent, moveItem, moveMoments } from './move-event.ts';
import { guardFunction, PlayNotes } from './play-notes.ts';
import type { AskedGuard, AskedRepair, Beginning, Breaks, Heard, Played, Scene } from './scene.ts';

/** Plays lie a week apart, each on the same weekday at the same time: what one left behind is over for the next. */
const weekMs = 7 * 24 * 3_600_000;
/** A Monday, 3 a.m. UTC, when nobody is at work. */
const firstNight = '2026-11-02T03:00:00.000Z';
/** How long is waited after the runbook has ended for all that follows from it: messages, and their retries. */
const afterwardsSeconds = 150;
/** How long an approver takes to answer. */
const answerMs = 40_000;
/** How long messages may take after a guard has said no. */
const messagesMs = 2000;
/** Nobody waits longer for a runbook: its machine ends long before that. */
const patienceMs = 30 * 24 * 3_600_000;

/** One stack, on which one scene after another is played. */
export class RehearsalStage {
  readonly stack: LocalStack;
  /** Whether a role is a state machine's. */
  readonly isMachine: (roleArn: string) => boolean;
  readonly #machines: readonly MachineDescription[];
  readonly #remediate: MachineDescription | undefined;
  readonly #tellerRole: string | undefined;
  #scene: Scene | undefined;
  #breaks: Breaks = () => undefined;
  readonly #findings: RecordedFindings;
  #heard: Heard[] = [];
  readonly #seen = new Set<Error>();
  #hasChat = true;
  #plays = 0;

  private constructor(stack: LocalStack) {
    this.stack = stack;
    const machines = describeMachines(stack.sandbox.assembly);
    const roles = new Set(machines.map(({ roleArn }) => roleArn));
    this.#machines = machines;
    this.#remediate = machines.find(({ name }) => name === 'handsoff-remediate');
    this.#tellerRole = stack.sandbox.functions.find('handsoff-tell-people')?.roleArn;
    this.isMachine = (roleArn) => roles.has(roleArn);
    stack.sandbox.router.inject((call) => this.#breaks(call) ?? this.#hideToken(call));
    const findings = new RecordedFindings(this.isMachine);
    this.#findings = findings;
    stack.sandbox.router.rewriteWith((call) => findings.rewrite(call));
    stack.onEntry((entry) => this.#hear(entry));
  }

  /** Brings up the stack that was synthesised into a directory. */
  static async open(assembly: string): Promise<RehearsalStage> {
    const opened: { stage?: RehearsalStage } = {};
    const stack = await LocalStack.start({
      assembly,
      startAt: new Date(firstNight),
      warm: true,
      inProcess: true,
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
    this.#hasChat = scene.hasChat ?? true;
    this.#scene = scene;
    const sinceMs = scene.from?.sinceMs ?? 0;
    sandbox.meet(scene.world, sinceMs);
    this.#findings.use(scene.world);
    const breaks = scene.breaks?.() ?? (() => undefined);
    const notes = new PlayNotes(stack);
    this.#breaks = (call) => {
      // Other scenes start from what one that is played from its alarm on comes to.
      if (!scene.from) notes.take(call);
      return breaks(call);
    };
    this.#heard = [];
    const startedAt = sandbox.clock.now() - sinceMs;
    if (scene.from) await this.#begin(scene.from, scene);
    else this.#deliver(scene);
    await this.#run(scene);
    this.#breaks = () => undefined;
    const played = await this.#look(startedAt, notes);
    const steps = this.#heard.map(({ entry, realAt }) => ({ entry, realMs: realAt - began }));
    return { ...played, steps, elapsedMs: performance.now() - began };
  }

  /** Plays one reason for the guard to say no, from where a runbook asks for its repair to where that has ended. */
  async playGuard({ scenario, asked, facts }: GuardScene, scene: Scene): Promise<Played> {
    const began = performance.now();
    const { now, whole, putBack } = await this.#setUpGuard({ scenario, asked, facts }, scene);
    this.#scene = { ...scene, approver: 'agrees' };
    await this.#askAgain(asked, scenario, whole);
    const played = await this.#look(now.getTime());
    putBack();
    return { ...played, steps: [], elapsedMs: performance.now() - began };
  }

  /**
   * Asks the deployed guard alone, as `remediate` would: what follows from a no is the same whatever its reason. `asked` is
   * what the guard was asked last before a change.
   */
  async askGuard(guardScene: GuardScene, scene: Scene): Promise<AskedGuard> {
    const began = performance.now();
    const { scenario, asked } = guardScene;
    const { whole, putBack } = await this.#setUpGuard(guardScene, scene);
    const { router } = this.stack.sandbox;
    const request = { ...asked.input, ...(scenario.request?.(whole.request) ?? whole.request) };
    const { FunctionError: failed, Payload: payload } = await router.call({
      service: 'lambda',
      operation: 'Invoke',
      input: { FunctionName: guardFunction, Payload: JSON.stringify(request) },
      principal: { kind: 'role', arn: this.#remediate?.roleArn ?? '' },
    });
    putBack();
    const answer: unknown = JSON.parse(decodePayload(payload));
    const looked = lookAtCalls(this.stack, this.#seen);
    return { ...looked, hasFailed: failed !== undefined, answer, elapsedMs: performance.now() - began };
  }

  /** Everything as it was when the repair was asked for, moved to now, and what the scenario changes of it. */
  async #setUpGuard({ scenario, asked, facts }: GuardScene, { world }: Scene) {
    const { sandbox } = this.stack;
    await this.#clear(scenario.offsetHours);
    this.#hasChat = false;
    sandbox.meet(withAnswers(world, scenario.answers ?? []));
    const now = new Date(sandbox.clock.now());
    const catalog = await this.#parameter(`/handsoff/runbooks/${facts.runbook.id}`);
    // A parameter may be a moment of the alert, which is moved as well.
    const request = moveMoments(facts.request, now.getTime() - asked.at) as RepairRequest;
    const whole = { ...facts, request, catalog, now };
    await this.#restore(asked, scenario, whole);
    this.#recallExecutions(asked, facts);
    const changed = scenario.parameters?.(whole) ?? {};
    const before = await Promise.all(
      Object.keys(changed).map(async (name) => [name, await this.#parameter(name)] as const),
    );
    for (const [name, value] of Object.entries(changed)) sandbox.systems.setParameter(name, value);
    this.#breaks = scenario.breaks ?? (() => undefined);
    const putBack = () => {
      this.#breaks = () => undefined;
      for (const [name, value] of before) sandbox.systems.setParameter(name, value);
    };
    return { now, whole, putBack };
  }

  /** The executions in which the repair was asked for: the guard looks what they were begun with. */
  #recallExecutions({ input }: AskedRepair, { runbook, request }: GuardScene['facts']): void {
    const runbookMachine = `handsoff-runbook-${runbook.id}`;
    const recalled = this.#machines.flatMap(({ name, arn }): [string, string][] => {
      if (name === 'handsoff-remediate') return [[String(input['execution']), arn]];
      const isAtWork = name === 'handsoff-respond' || name === runbookMachine;
      return isAtWork ? [[`${arn.replace(':stateMachine:', ':execution:')}:${request.incident_id}`, arn]] : [];
    });
    this.stack.sandbox.machines.recall(new Map(recalled));
  }

  close(): Promise<void> {
    return this.stack.close();
  }

  /** The table as it was when the repair was asked for, moved to now, and what the scenario adds to it. */
  async #restore(asked: AskedRepair, { incident = {}, items }: GuardScenario, facts: GuardFacts): Promise<void> {
    const moved = asked.items.map((item) => moveItem(item, facts.now.getTime() - asked.at));
    const changed = moved.map((item) => (isIncident(item) ? { ...item, ...marshall(incident) } : item));
    await this.stack.restore([...changed, ...(items?.(facts) ?? []).map((item) => marshall(item))]);
  }

  async #askAgain(
    asked: AskedRepair,
    scenario: GuardScenario,
    { runbook, request }: GuardScene['facts'],
  ): Promise<void> {
    const { sandbox } = this.stack;
    const input = { ...asked.input, ...(scenario.request?.(request) ?? request) };
    const { executionArn } = await sandbox.router.call({
      service: 'sfn',
      operation: 'StartExecution',
      input: {
        stateMachineArn: this.#remediate?.arn,
        name: `${asked.name}-${this.#plays}`,
        input: JSON.stringify(input),
      },
      principal: { kind: 'role', arn: runbook.machineRole },
    });
    const isOver = () => {
      const execution = sandbox.machines.executions().find(({ arn }) => arn === executionArn);
      const isBusy = scenario.answer === 'busy' && execution?.history.some(({ type }) => type === 'TaskFailed');
      return isBusy || execution?.status !== 'RUNNING';
    };
    await sandbox.run(isOver, new Date(sandbox.clock.now() + patienceMs));
    await sandbox.run(undefined, new Date(sandbox.clock.now() + messagesMs));
  }

  async #parameter(name: string): Promise<string> {
    const { Parameter: parameter } = await this.stack.sandbox.systems.answer({
      service: 'ssm',
      operation: 'GetParameter',
      input: { Name: name },
      principal: { kind: 'service', arn: 'rehearsal' },
    });
    return typeof parameter === 'object' && parameter !== null && 'Value' in parameter ? String(parameter.Value) : '';
  }

  /** Whoever tells people finds no token of Slack's bot where a play goes without chat, and tells them by SNS alone. */
  #hideToken({ service, operation, principal }: AwsCall): Spoil | undefined {
    const isRead =
      service === 'secrets-manager' && operation === 'GetSecretValue' && principal.arn === this.#tellerRole;
    if (this.#hasChat || !isRead) return undefined;
    return ({ SecretString: text, ...answer }) => {
      const secret = { ...JSON.parse(String(text)), botToken: '' };
      return { ...answer, SecretString: JSON.stringify(secret) };
    };
  }

  async #clear(offsetHours = 0): Promise<void> {
    const { sandbox } = this.stack;
    this.#scene = undefined;
    this.stack.slack.failNext('*', 'ok', 0);
    await this.stack.abandon();
    this.#plays += 1;
    await sandbox.run(undefined, new Date(Date.parse(firstNight) + this.#plays * weekMs + offsetHours * 3_600_000));
    await this.stack.abandon();
  }

  #deliver({ event, duplicateAfterSeconds, chatIsDown }: Scene): void {
    const { sandbox, slack } = this.stack;
    // Slack's own word for it: what has another status is tried again at once by its client, which takes real time.
    if (chatIsDown) slack.failNext('*', 'service_unavailable', 10_000);
    const moved = moveEvent(event, sandbox.clock.now());
    const bus = this.stack.busOf(event);
    sandbox.deliver(moved, bus);
    if (duplicateAfterSeconds === undefined) return;
    sandbox.clock.schedule(duplicateAfterSeconds * 1000, 'the same event again', () => sandbox.deliver(moved, bus));
  }

  async #run(scene: Scene): Promise<void> {
    const { sandbox } = this.stack;
    const { clock } = sandbox;
    const latest = new Date(clock.now() + patienceMs);
    const isOver = () => {
      const runbook = runbookIn(sandbox.machines.executions());
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

  async #look(startedAt: number, notes = new PlayNotes(this.stack)): Promise<Omit<Played, 'steps' | 'elapsedMs'>> {
    const course = await lookAtPlay(this.stack, this.#seen, startedAt);
    return { ...course, ...(await notes.read()) };
  }

  /** Starts the response as another play did, with all that had come of it by then as it was there. */
  async #begin({ call, items, at, made, remembered, positions }: Beginning, { event }: Scene): Promise<void> {
    const { sandbox } = this.stack;
    const byMs = sandbox.clock.now() - at;
    await this.stack.restore(items.map((item) => moveItem(item, byMs)));
    if (this.stack.busOf(event) === 'default') sandbox.observe(moveEvent(event, sandbox.clock.now()));
    sandbox.world.recall(remembered, at);
    for (const before of made) this.#findings.rewrite(before);
    sandbox.machines.beginAt(
      new Map([...positions].map(([arn, position]) => [arn, moveMoments(position, byMs) as ExecutionPosition])),
    );
    const input: unknown = JSON.parse(String(call.input['input']));
    await sandbox.router.call({ ...call, input: { ...call.input, input: JSON.stringify(moveMoments(input, byMs)) } });
  }

  /** The approver reads the question and does what the scene says. */
  #hear(entry: TimelineEntry): void {
    const { stack } = this;
    const { clock } = stack.sandbox;
    this.#heard.push({ entry, realAt: performance.now() });
    this.#scene?.onEntry?.(entry);
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
}

function isIncident(item: Item): boolean {
  return unmarshall(item as Parameters<typeof unmarshall>[0])['sk'] === 'INCIDENT';
}

function withAnswers(world: WorldDescription, answers: readonly object[]): WorldDescription {
  return { ...world, answers: [...parseWorld({ answers }).answers, ...world.answers] };
}
