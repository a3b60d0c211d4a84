import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorArn } from '../../sandbox/router.ts';
import { type Outcome, Stage } from '../support/stage.ts';

const rehearsal = 'disk-space-low/rehearsals/compress-recovers';
const alarm = 'disk-space-low-alarm';
const approver = 'U0HANDSOFF1';
const stranger = 'U0STRANGER1';
const operator = { kind: 'role', arn: operatorArn } as const;
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** Plays the alarm until an approver is asked, and answers the id of the question. */
async function ask(): Promise<string> {
  const { timeline } = await stage.play(alarm, stage.isAsking);
  const approval = timeline.find(({ kind }) => kind === 'approval-requested')?.approval;
  if (!approval) throw new Error(`Nobody was asked. ${stage.complaints()}`);
  return approval.id;
}

function commandsRun(): string[] {
  return stage.stack.sandbox.world
    .commands()
    .map(({ documentName }) => documentName.replace('handsoff-disk-space-low-', ''));
}

function story({ kinds }: Outcome): readonly string[] {
  return kinds.filter((kind) => !['escalated', 'given-up', 'closed'].includes(kind));
}

describe('disk-space-low', () => {
  it('measures, asks, and changes nothing before a person agreed', async () => {
    await stage.scene(rehearsal);
    await ask();
    const outcome = await stage.outcome();
    expect(story(outcome)).toEqual(['triggered', 'diagnosed', 'approval-requested']);
    expect(commandsRun()).toEqual(['measure-disk-command']);
    expect(stage.pages(outcome)).toEqual([expect.stringContaining('APPROVAL NEEDED')]);
    expect(outcome.published.find(({ subject }) => subject.includes('DIAGNOSED'))?.message).toContain(
      'jumped by 12.5 at once',
    );
    await stage.goOn();
  });

  it('does not ask where Slack was never set up, and calls a person at once', async () => {
    await stage.scene(rehearsal);
    const secret = { service: 'secrets-manager', input: { SecretId: 'handsoff/slack' }, principal: operator } as const;
    const { router } = stage.stack.sandbox;
    const { SecretString } = await router.call({ ...secret, operation: 'GetSecretValue' });
    const store = (text: unknown) =>
      router.call({ ...secret, operation: 'PutSecretValue', input: { ...secret.input, SecretString: text } });
    await store('what the CDK fills a new secret with');
    const outcome = await stage.play(alarm, () => stage.isTelling('PERSON NEEDED'));
    await store(SecretString);
    expect(story(outcome), stage.complaints()).toEqual([
      'triggered',
      'diagnosed',
      'remediation-refused',
      'needs-human',
    ]);
    expect(outcome.incident.remediation).toBe('refused');
    const page = outcome.published.find(({ urgency }) => urgency === 'high');
    expect(page?.message).toContain('nobody can be asked: Slack is not set up for this service');
    const [alarmAt = 0, toldAt = 0] = [outcome.incident.opened_at, stage.stack.sandbox.clock.iso()].map(Date.parse);
    expect((toldAt - alarmAt) / 1000).toBeLessThan(60);
    await stage.goOn();
  });

  it('is one trouble that asks once, though its alarm flaps while an approver refuses', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const before = (await stage.stack.incidents()).length;
    const approval = await ask();
    const { sandbox } = stage.stack;
    sandbox.deliver(stage.event('disk-space-low-ok'));
    await stage.goOn(0.2);
    expect(await stage.stack.click('refuse', approval, approver)).toBe(200);
    await stage.goOn(0.2);
    sandbox.deliver(stage.event(alarm));
    const again = await stage.goOn(5);
    expect((await stage.stack.incidents()).length - before).toBe(1);
    expect(again.incident).toMatchObject({ status: 'triggered', symptom: 'firing', remediation: 'refused' });
    expect(stage.pages(again)).toEqual([
      expect.stringContaining('APPROVAL NEEDED'),
      expect.stringContaining('PERSON NEEDED'),
    ]);
    sandbox.deliver(stage.event('disk-space-low-ok'));
    expect((await stage.goOn(5)).incident.status).toBe('resolved');
  });

  it('compresses when an approver agrees, and proves that it helped', async () => {
    await stage.scene(rehearsal);
    const approval = await ask();
    expect(await stage.stack.click('approve', approval, approver)).toBe(200);
    const outcome = await stage.goOn();
    expect(story(outcome), stage.complaints()).toEqual([
      'triggered',
      'diagnosed',
      'approval-requested',
      'approved',
      'automation-started',
      'cleared',
      'resolved',
    ]);
    expect(commandsRun()).toEqual(['measure-disk-command', 'compress-logs-command']);
    expect(await stage.leases()).toBe(0);
  });

  it('presses people after an approved change did not help, and says in the end that it is given up', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    await stage.stack.click('approve', await ask(), approver);
    const { timeline, incident } = await stage.goOn();
    const after = timeline.slice(timeline.findIndex(({ kind }) => kind === 'undone')).map(({ kind }) => kind);
    expect(after.slice(0, 4)).toEqual(['undone', 'needs-human', 'escalated', 'escalated']);
    expect(after.filter((kind) => kind === 'escalated')).toHaveLength(3 + 7);
    expect(after.slice(-2)).toEqual(['given-up', 'closed']);
    expect(incident.acknowledged_by).toBeUndefined();
    const page = stage.stack.sandbox.topics.published().at(-1);
    expect(page?.subject).toContain('GIVEN UP');
    expect(page?.message).toContain('Next: Handsoff watches it no longer, and it may still fire');
  });

  it('takes the change back and calls a person when it did not help', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    await stage.stack.click('approve', await ask(), approver);
    const outcome = await stage.goOn();
    expect(story(outcome)).toEqual([
      'triggered',
      'diagnosed',
      'approval-requested',
      'approved',
      'automation-started',
      'undone',
      'needs-human',
    ]);
    expect(commandsRun()).toEqual(['measure-disk-command', 'compress-logs-command', 'restore-logs-command']);
    expect(outcome.incident.remediation).toBe('undone');
    expect(await stage.leases()).toBe(0);
  });

  it('says so when the change could not be taken back', async () => {
    const restore = {
      document: 'handsoff-disk-space-low-restore-logs-command',
      exitCode: 1,
      stderr: 'gunzip: no space left on device',
      lasts: '5s',
    };
    await stage.scene(rehearsal, { happenings: [], commands: [restore] });
    await stage.stack.click('approve', await ask(), approver);
    const outcome = await stage.goOn();
    expect(story(outcome).slice(-2)).toEqual(['automation-failed', 'needs-human']);
    expect(outcome.published.find(({ subject }) => subject.includes('PERSON NEEDED'))?.message).toContain(
      'could not be taken back',
    );
    expect(await stage.leases()).toBe(0);
  });

  it('takes back what a failed compression had changed', async () => {
    const compress = {
      document: 'handsoff-disk-space-low-compress-logs-command',
      exitCode: 1,
      stderr: 'gzip: broken',
      lasts: '5s',
    };
    await stage.scene(rehearsal, { happenings: [], commands: [compress] });
    await stage.stack.click('approve', await ask(), approver);
    const outcome = await stage.goOn();
    expect(story(outcome).slice(-2)).toEqual(['automation-failed', 'needs-human']);
    expect(commandsRun().at(-1)).toBe('restore-logs-command');
  });

  it.each([
    [
      'the approver refuses',
      async (approval: string) => void (await stage.stack.click('refuse', approval, approver)),
      'approval-refused',
    ],
    ['nobody answers', async () => undefined, undefined],
    [
      'somebody else agrees',
      async (approval: string) => void (await stage.stack.click('approve', approval, stranger)),
      undefined,
    ],
  ])('changes nothing when %s', async (_what, answer, answered) => {
    await stage.scene(rehearsal, { happenings: [] });
    await answer(await ask());
    const outcome = await stage.goOn();
    expect(story(outcome)).toEqual([
      'triggered',
      'diagnosed',
      'approval-requested',
      ...(answered ? [answered] : []),
      'remediation-refused',
      'needs-human',
    ]);
    expect(commandsRun()).toEqual(['measure-disk-command']);
  });

  it('takes a click although DynamoDB loses the first answer to everything that is written for it', async () => {
    await stage.scene(rehearsal);
    const approval = await ask();
    const lost = stage.losingFirstAnswers('dynamodb:PutItem', ({ principal, input }) => {
      const { pk } = (input as { Item: { pk: { S: string } } }).Item;
      return principal.arn.includes('receiveinteraction') ? pk.S : undefined;
    });
    expect(await stage.stack.click('approve', approval, approver)).toBe(200);
    const outcome = await stage.goOn();
    expect([...lost].map((pk) => pk.split('#')[0])).toEqual(['REPLAY', 'APPROVAL']);
    expect(outcome.incident.remediation, stage.complaints()).toBe('recovered');
    expect(await stage.stack.click('approve', approval, approver)).toBe(200);
    expect((await stage.goOn()).kinds.filter((kind) => kind === 'approved')).toHaveLength(1);
  });

  it('refuses an approval that is used twice', async () => {
    await stage.scene(rehearsal);
    const approval = await ask();
    await stage.stack.click('approve', approval, approver);
    await stage.stack.click('approve', approval, 'U0HANDSOFF2');
    await stage.stack.click('refuse', approval, 'U0HANDSOFF2');
    const outcome = await stage.goOn();
    expect(outcome.kinds.filter((kind) => kind === 'approved')).toHaveLength(1);
    expect(outcome.kinds).not.toContain('approval-refused');
    expect(commandsRun()).toEqual(['measure-disk-command', 'compress-logs-command']);
  });

  it.each([
    ['before the alarm is OK', { happenings: [] }, 5, 'automation-started'],
    ['while it has to stay OK', {}, 7, 'cleared'],
  ])('calls nothing proven that somebody resolves %s', async (_when, changes, minutes, last) => {
    await stage.scene(rehearsal, changes);
    await stage.stack.click('approve', await ask(), approver);
    const before = await stage.goOn(minutes);
    expect(before.kinds.at(-1)).toBe(last);
    await stage.stack.click('resolve', before.incident.id, approver);
    const outcome = await stage.goOn();
    expect(outcome.kinds.slice(-3).toSorted()).toEqual(['closed', 'resolved', 'unproven']);
    expect(outcome.incident).toMatchObject({ status: 'resolved', remediation: 'unproven' });
    expect(outcome.timeline.map(({ text }) => text).join()).not.toContain('stayed');
    expect(await stage.leases()).toBe(0);
    expect(await stage.slots()).toBe(0);
  });

  it('refuses an approval after its time', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const approval = await ask();
    await stage.goOn(16);
    await stage.stack.click('approve', approval, approver);
    const outcome = await stage.goOn();
    expect(outcome.kinds).not.toContain('approved');
    expect(commandsRun()).toEqual(['measure-disk-command']);
  });

  it.each([['/var; rm -rf /'], ['$(reboot)'], ['{{ssm:/prod/secret}}'], ['/var/../../etc']])(
    'changes nothing for the path %s but the text shown',
    async (path) => {
      await stage.scene(rehearsal, { happenings: [] });
      const outcome = await stage.play(alarm, undefined, (detail) => {
        for (const { metricStat } of detail.configuration.metrics)
          if (metricStat) metricStat.metric.dimensions['path'] = path;
      });
      expect(story(outcome)).toEqual(['triggered', 'diagnosed', 'needs-human']);
      expect(commandsRun()).toEqual([]);
      expect(
        stage.stack.sandbox.systems.automationExecutions().filter(({ status }) => status === 'InProgress'),
      ).toEqual([]);
      const measured = outcome.timeline
        .find(({ kind }) => kind === 'diagnosed')
        ?.findings?.find(({ diagnostic }) => diagnostic === 'measure-disk');
      expect(measured?.verdict).toBe('failed');
    },
  );

  it('gives the path to the shell as data, never as text of the script', async () => {
    await stage.scene(rehearsal);
    await stage.stack.click('approve', await ask(), approver);
    await stage.goOn();
    for (const { script, environment } of stage.stack.sandbox.systems.commands()) {
      expect(environment).toMatchObject({ SSM_Path: '/var' });
      expect(script).not.toContain('/var\n');
      expect(script).not.toMatch(/\{\{/);
    }
  });

  it('withdraws the question when the alarm recovers meanwhile', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const approval = await ask();
    stage.stack.sandbox.deliver(stage.event('disk-space-low-ok'));
    const outcome = await stage.goOn();
    expect(story(outcome).slice(0, 4)).toEqual(['triggered', 'diagnosed', 'approval-requested', 'cleared']);
    await stage.stack.click('approve', approval, approver);
    await stage.goOn();
    expect(commandsRun()).toEqual(['measure-disk-command']);
  });
});
