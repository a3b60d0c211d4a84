import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { LocalStack, type LocalStackOptions } from '../../rehearsal/local-stack.ts';
import { readRehearsal } from '../../rehearsal/rehearsal-file.ts';
import type { Incident, TimelineEntry } from '../../functions/domain/incident.ts';
import { type AwsCall, AwsError } from '../../sandbox/aws.ts';
import type { Spoil } from '../../sandbox/router.ts';
import { parseWorld } from '../../sandbox/world/world.ts';
import { loadEvent } from './load-fixture.ts';

/** The directory that the global setup synthesised into. */
export const testAssembly = fileURLToPath(new URL('../../.build/test-assembly', import.meta.url));

/** A runbook's rehearsal, by its path without the ending. */
function rehearsalOf(path: string) {
  return readRehearsal(fileURLToPath(new URL(`../../statemachines/runbooks/${path}.yaml`, import.meta.url)));
}

/** What happens by itself in a rehearsal, first if nothing else is said, so that a test lets it happen at another time. */
export function happeningIn(rehearsal: string, index = 0) {
  return { event: rehearsalOf(rehearsal).world.happenings[index]?.event };
}

/** What a play came to. */
export interface Outcome {
  readonly incident: Incident;
  readonly timeline: readonly TimelineEntry[];
  readonly kinds: readonly string[];
  readonly published: readonly { readonly urgency: string; readonly subject: string; readonly message: string }[];
  /** Operations that the world was asked for, as `service:Operation`. */
  readonly asked: readonly string[];
}

/** The deployed stack with a rehearsal of a runbook before it, on which plays follow one another, a day apart. */
export class Stage {
  readonly stack: LocalStack;
  #publishedBefore = 0;
  #restores: (() => void)[] = [];
  #before: readonly Error[] = [];
  #isEnough: () => boolean = () => false;
  #events = 0;

  private constructor(stack: LocalStack) {
    this.stack = stack;
  }

  static async open(options: Partial<LocalStackOptions> = {}): Promise<Stage> {
    const startAt = new Date('2026-11-02T03:00:04Z');
    return new Stage(
      await LocalStack.start({ assembly: testAssembly, startAt, warm: true, inProcess: true, ...options }),
    );
  }

  /**
   * Sets the scene of a runbook's rehearsal, with some answers put before its own. What is still open is resolved, what
   * was disabled by failures may act again, and some hours go by.
   */
  async scene(rehearsal: string, changes: WorldChanges = {}, hours = 25): Promise<void> {
    const { sandbox } = this.stack;
    for (const restore of this.#restores.splice(0)) restore();
    for (const recovery of ['ec2-status-check-ok', 'disk-space-low-ok']) sandbox.deliver(this.event(recovery));
    await sandbox.run(undefined, new Date(sandbox.clock.now() + 60_000));
    for (const { id, status } of await this.stack.incidents())
      if (status !== 'resolved') await this.stack.click('resolve', id, 'U0HANDSOFF1');
    await this.closeBreakers();
    await sandbox.run(undefined, new Date((Math.floor(sandbox.clock.now() / 3_600_000) + hours) * 3_600_000));
    this.#before = this.stack.faults();
    const { world } = rehearsalOf(rehearsal);
    const happenings = changes.happenings ?? world.happenings;
    const { answers, commands } = parseWorld({ answers: changes.answers ?? [], commands: changes.commands ?? [] });
    sandbox.meet({
      answers: [...answers, ...world.answers],
      commands: [...commands, ...world.commands],
      scripts: world.scripts,
      jobs: world.jobs,
      happenings: parseWorld({ happenings }).happenings,
      resources: changes.resources ? parseWorld({ resources: changes.resources }).resources : world.resources,
    });
    this.#publishedBefore = sandbox.topics.published().length;
  }

  /** A recorded event as if it happened within the last second, each a millisecond after the one before. `change` edits its detail. */
  event(fixture: string, change: (detail: Detail) => void = () => undefined): Record<string, unknown> {
    const event = structuredClone(loadEvent(`cloudwatch/${fixture}`));
    const now = this.stack.sandbox.clock.now();
    const detail = event['detail'] as Detail;
    this.#events += 1;
    if (detail.state) detail.state.timestamp = new Date(now - 1000 + (this.#events % 1000)).toISOString();
    change(detail);
    return { ...event, id: randomUUID(), time: new Date(now).toISOString() };
  }

  /** Delivers a recorded event and lets everything happen that follows from it. */
  async play(fixture: string, until?: () => boolean, change?: (detail: Detail) => void): Promise<Outcome> {
    this.stack.sandbox.deliver(this.event(fixture, change));
    await this.run(until);
    return this.outcome();
  }

  /** Delivers a recorded event and lets everything happen until an approver is asked; answers the id of the question. */
  async playToQuestion(fixture: string): Promise<string> {
    const { timeline } = await this.play(fixture, this.isAsking);
    return timeline.findLast(({ approval }) => approval)?.approval?.id ?? '';
  }

  /** Lets time run as `Sandbox.run` does. Throws when the play is over before its end. */
  async run(until?: () => boolean, at?: Date): Promise<void> {
    await this.stack.sandbox.run(() => this.#isEnough() || (until?.() ?? false), at);
    if (this.#isEnough()) throw new Error('This play has shown what it had to.');
  }

  /** From now on a play ends as soon as this is so. */
  endPlaysWhen(isEnough: () => boolean): void {
    this.#isEnough = isEnough;
  }

  /** Lets everything happen that is still to come, or everything until some minutes from now. */
  async goOn(minutes?: number): Promise<Outcome> {
    const { clock } = this.stack.sandbox;
    await this.run(undefined, minutes === undefined ? undefined : new Date(clock.now() + minutes * 60_000));
    return this.outcome();
  }

  /** The newest incident, and what was told since the scene was set. */
  async outcome(): Promise<Outcome> {
    const incident = (await this.stack.incidents()).at(-1);
    if (!incident) throw new Error(`There is no incident. ${this.complaints()}`);
    const timeline = await this.stack.timeline(incident.id);
    const { sandbox } = this.stack;
    return {
      incident,
      timeline,
      kinds: timeline.map((entry) => entry.kind),
      published: sandbox.topics
        .published()
        .slice(this.#publishedBefore)
        .map(({ topicArn, subject, message }) => ({
          urgency: /handsoff-(\w+)-urgency$/.exec(topicArn)?.[1] ?? '',
          subject: subject ?? '',
          message: defaultTextOf(message),
        })),
      asked: sandbox.world.calls().map(({ service, operation }) => `${service}:${operation}`),
    };
  }

  /** The first high-urgency messages are pages; what their first lines say. */
  pages({ published }: Outcome): string[] {
    return published.filter(({ urgency }) => urgency === 'high').map(({ subject }) => subject);
  }

  /** True when an incident waits for an approver. */
  readonly isAsking = (): boolean => this.isTelling('APPROVAL NEEDED');

  /** True when a message with this word in its first line was published since the scene was set. */
  isTelling(word: string): boolean {
    const { topics } = this.stack.sandbox;
    return topics
      .published()
      .slice(this.#publishedBefore)
      .some(({ subject }) => subject?.includes(word));
  }

  /**
   * Breaks the calls of this name that a way to break is given for, until the returned function is called or the next scene
   * is set.
   */
  failing(name: string, fail: (call: AwsCall) => Error | Spoil | undefined): () => void {
    let isOn = true;
    this.stack.sandbox.router.inject((call) =>
      isOn && `${call.service}:${call.operation}` === name ? (fail(call) as never) : undefined,
    );
    const restore = () => {
      isOn = false;
    };
    this.#restores.push(restore);
    return restore;
  }

  /**
   * AWS does the calls of this name, and loses the first answer for each key that one is given; for as long as `failing`
   * does. Answers the keys so far.
   */
  losingFirstAnswers(name: string, keyOf: (call: AwsCall) => string | undefined): ReadonlySet<string> {
    const lost = new Set<string>();
    this.failing(name, (call) => {
      const key = keyOf(call);
      if (key === undefined || lost.has(key)) return undefined;
      lost.add(key);
      return () => {
        throw new AwsError('ServiceUnavailable', 'Nobody knows what became of it.', 503);
      };
    });
    return lost;
  }

  /** What went wrong in the sandbox itself since the scene was set. */
  faults(): readonly Error[] {
    return this.stack.faults().filter((fault) => !this.#before.includes(fault));
  }

  /** Whatever went wrong in the sandbox itself, for the message of a failed assertion. */
  complaints(): string {
    return JSON.stringify([...this.faults().map(String), ...this.stack.sandbox.denied()]);
  }

  async leases(): Promise<number> {
    return (await this.stack.itemsBelow('LEASE#')).length;
  }

  /** Slots of automations and shares of groups that are held. */
  async slots(): Promise<number> {
    const items = await this.stack.itemsBelow('SLOTS#');
    return items.flatMap(({ holders }) => holders).length;
  }

  /** Closes every breaker by hand, as docs/operations.md says. */
  async closeBreakers(): Promise<void> {
    const { assembly, tables } = this.stack.sandbox;
    const TableName = assembly.ofType('AWS::DynamoDB::Table')[0]?.physicalId;
    for (const { pk } of await this.stack.itemsBelow('BREAKER#')) {
      const input = { TableName, Key: { pk: { S: String(pk) }, sk: { S: 'BREAKER' } } };
      const principal = { kind: 'service', arn: 'test' } as const;
      await tables.answer({ service: 'dynamodb', operation: 'DeleteItem', input, principal });
    }
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}

/** What subscribers get who are no telephone; the last resort publishes plain text. */
function defaultTextOf(message: string): string {
  return message.startsWith('{"default"') ? JSON.parse(message).default : message;
}

/** What a play changes in a rehearsal's world. */
export interface WorldChanges {
  readonly answers?: readonly object[];
  readonly commands?: readonly object[];
  /** In place of the rehearsal's own. */
  readonly happenings?: readonly object[];
  /** In place of the rehearsal's own: what IAM knows of resources. */
  readonly resources?: readonly object[];
}

/** The part of a CloudWatch event that plays edit. */
export interface Detail {
  alarmName: string;
  state?: { value: string; timestamp: string; reason: string };
  configuration: { metrics: { metricStat?: { metric: { dimensions: Record<string, string> } } }[] };
}
