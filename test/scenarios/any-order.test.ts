import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasEndedBadly, type Incident } from '../../functions/domain/incident.ts';
import { AwsError, type AwsCall } from '../../sandbox/aws.ts';
import { Stage } from '../support/stage.ts';

const person = 'U0HANDSOFF1';
const names = [
  'TriageAlert',
  'ReleaseAlert',
  'GuardRemediation',
  'StartAutomation',
  'AwaitSignal',
  'CompleteWaits',
  'FinishRemediation',
  'CallPerson',
  'CloseIncident',
  'ReceiveInteraction',
  'TellPeople',
] as const;
const alarms = ['ALARM', 'OK'] as const;
const clicks = ['acknowledge', 'resolve', 'approve', 'refuse'] as const;

/** What may happen next. `die`: one of the next writes of a function is made, and the function never hears of it. */
type Step =
  | { readonly alarm: (typeof alarms)[number] }
  | { readonly click: (typeof clicks)[number] }
  | { readonly seconds: number }
  | { readonly dies: (typeof names)[number]; readonly write: number };

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ alarm: fc.constantFrom(...alarms) }) },
    { weight: 3, arbitrary: fc.record({ seconds: fc.constantFrom(0.05, 1, 5, 20, 61, 130, 400, 1000) }) },
    { weight: 1, arbitrary: fc.record({ click: fc.constantFrom(...clicks) }) },
    {
      weight: 2,
      arbitrary: fc.record({ dies: fc.constantFrom(...names), write: fc.integer({ min: 1, max: 3 }) }),
    },
  ),
  { minLength: 8, maxLength: 16 },
);

let stage: Stage;
let dying: { readonly name: string; left: number }[] = [];

beforeAll(async () => {
  stage = await Stage.open();
  const { tables } = stage.stack.sandbox;
  const answer = tables.answer.bind(tables);
  tables.answer = async (call: AwsCall) => {
    const written = await answer(call);
    const one = /^(Put|Update|Delete|TransactWrite)/.test(call.operation)
      ? dying.find(({ name }) => call.principal.arn.includes(name))
      : undefined;
    if (!one || --one.left > 0) return written;
    dying = dying.filter((other) => other !== one);
    throw new AwsError('ValidationException', 'It had written, and died.', 400);
  };
});
afterAll(() => stage.close());

async function run(seconds: number): Promise<void> {
  await stage.run(undefined, new Date(stage.stack.sandbox.clock.now() + seconds * 1000));
}

/** A story as it happens, and what is known of it from outside. */
class Story {
  readonly #alarm: string;
  readonly #before: ReadonlySet<string>;
  readonly #told = stage.stack.sandbox.topics.published().length;
  readonly #heard: { readonly at: number; readonly value: string }[] = [];
  #state = 'OK';
  #isSaidOver = false;

  constructor(alarm: string, before: readonly Incident[]) {
    this.#alarm = alarm;
    this.#before = new Set(before.map(({ id }) => id));
  }

  async happen(step: Step): Promise<void> {
    if ('seconds' in step) return run(step.seconds);
    if ('dies' in step) dying.push({ name: step.dies, left: step.write });
    else if ('click' in step) await this.#click(step.click);
    else if (step.alarm !== this.#state) this.#change(step.alarm);
    await run(0.02);
    expect((await this.#incidents()).filter(({ status }) => status !== 'resolved').length).toBeLessThanOrEqual(1);
  }

  #change(value: string): void {
    const { sandbox } = stage.stack;
    this.#state = value;
    this.#isSaidOver = false;
    this.#heard.push({ at: sandbox.clock.now(), value });
    sandbox.deliver(stage.event(`${this.#alarm}-${value === 'OK' ? 'ok' : 'alarm'}`));
  }

  async #click(action: (typeof clicks)[number]): Promise<void> {
    const open = (await this.#incidents()).find(({ status }) => status !== 'resolved');
    if (!open) return;
    const asked = (await stage.stack.timeline(open.id)).findLast(({ approval }) => approval)?.approval?.id;
    const value = action === 'approve' || action === 'refuse' ? asked : open.id;
    if (value) await stage.stack.click(action, value, person);
    if (action === 'resolve') this.#isSaidOver = true;
  }

  async #incidents(): Promise<Incident[]> {
    return (await stage.stack.incidents()).filter(({ id }) => !this.#before.has(id));
  }

  /** Which promises are broken, a day after the last thing happened. */
  async broken(): Promise<string[]> {
    const incidents = await this.#incidents();
    const last = incidents.at(-1);
    const found: (string | false | undefined)[] = [];
    if (this.#state === 'OK')
      found.push(last && last.status !== 'resolved' && !hasEndedBadly(last) && 'open though nothing fires');
    else if (!this.#isSaidOver) {
      const told = stage.stack.sandbox.topics.published().slice(this.#told);
      const isPaged = told.some(({ topicArn }) => topicArn.includes('high-urgency'));
      found.push((!last || last.status === 'resolved') && 'nothing open though it fires');
      found.push(last?.symptom === 'clear' && 'thought to be clear though it fires');
      found.push(last?.status === 'triggered' && !isPaged && 'nobody was called');
    }
    for (const one of incidents) found.push(...(await this.#brokenIn(one)));
    return [...found, ...(await held())].filter((text) => typeof text === 'string');
  }

  async #brokenIn({ id, status, remediation, closed_at }: Incident): Promise<(string | false | undefined)[]> {
    const timeline = await stage.stack.timeline(id);
    const end = timeline.find(({ kind }) => kind === 'resolved');
    const before = end && this.#heard.findLast(({ at }) => at < Date.parse(end.at));
    return [
      before?.value === 'ALARM' && !end?.by.includes(person) && `resolved by ${end?.by} while it fires`,
      status === 'resolved' && !closed_at && 'resolved and never closed',
      status !== 'resolved' && ['running', 'awaiting-approval'].includes(remediation) && `for ever ${remediation}`,
      timeline.filter(({ kind }) => kind === 'automation-started').length > 1 && 'repaired twice',
    ];
  }
}

/** What is still taken of leases and slots. */
async function held(): Promise<string[]> {
  const now = stage.stack.sandbox.clock.now() / 1000;
  const leases = await stage.stack.itemsBelow('LEASE#');
  const slots = (await stage.stack.itemsBelow('SLOTS#')).flatMap(({ holders }) => holders as { until: number }[]);
  return [
    ...leases.filter(({ expires_at_epoch: until }) => Number(until) > now).map(() => 'a lease is held'),
    ...slots.filter(({ until }) => until > now).map(() => 'a slot is held'),
  ];
}

it.each([
  ['at once', 'ec2-status-check-failed/rehearsals/restart-recovers', 'ec2-status-check'],
  ['after approval', 'disk-space-low/rehearsals/compress-recovers', 'disk-space-low'],
])(
  'no order of alarms, clicks and dying functions breaks a promise where it acts %s',
  async (_when, rehearsal, alarm) => {
    await fc.assert(
      fc.asyncProperty(steps, async (more) => {
        await stage.scene(rehearsal, { happenings: [] }, 49);
        const story = new Story(alarm, await stage.stack.incidents());
        for (const step of [{ alarm: 'ALARM' } as const, ...more]) await story.happen(step);
        dying = [];
        await run(86_400);
        expect(await story.broken()).toEqual([]);
      }),
      { numRuns: 8, seed: 1, endOnFailure: true },
    );
  },
);
