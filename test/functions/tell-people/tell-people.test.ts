import { afterEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../../functions/domain/alert.ts';
import { anAlert } from '../../support/an-alert.ts';
import { aStage, type Stage } from './a-stage.ts';

let stage: Stage;
afterEach(async () => stage.close());

const threadOf = () =>
  stage.slack
    .messages()
    .filter(({ threadTs }) => threadTs !== undefined)
    .map(({ text }) => text);
const rootsOf = () => stage.slack.messages().filter(({ threadTs }) => threadTs === undefined);
const later = async (seconds: number) => stage.clock.run(() => false, stage.clock.now() + seconds * 1000);

describe('tellPeople', () => {
  it('keeps one message per incident, edits it as it moves, and tells the rest in its thread', async () => {
    stage = await aStage();
    const id = await stage.open();
    expect(await stage.deliver()).toBe(true);
    await stage.record(id, 'diagnosed');
    await stage.deliver();
    await stage.record(id, 'resolved', { status: 'resolved' });
    await stage.deliver();
    expect(rootsOf()).toMatchObject([{ edits: 2, text: expect.stringContaining('[P2] RESOLVED') }]);
    expect(threadOf()).toEqual(['DIAGNOSED: Now diagnosed.', 'RESOLVED: Now resolved.']);
    expect(stage.published.map(({ kind, urgency }) => `${kind} ${urgency}`)).toEqual([
      'triggered low',
      'diagnosed low',
      'resolved low',
    ]);
  });

  it('calls a person once for one trouble', async () => {
    stage = await aStage();
    const id = await stage.open();
    await stage.record(id, 'automation-failed');
    await stage.record(id, 'needs-human');
    await stage.deliver();
    expect(stage.published.filter(({ urgency }) => urgency === 'high').map(({ kind }) => kind)).toEqual([
      'needs-human',
    ]);
    expect(threadOf()).toHaveLength(2);
  });

  it('tells nobody twice when the stream repeats itself', async () => {
    stage = await aStage();
    const id = await stage.open();
    await stage.record(id, 'needs-human');
    for (let time = 0; time < 3; time++) {
      stage.state.position = 0;
      expect(await stage.deliver()).toBe(true);
    }
    expect(stage.published).toHaveLength(2);
    expect(rootsOf()).toMatchObject([{ edits: 0 }]);
    expect(threadOf()).toHaveLength(1);
  });

  it('shows the newest state at once when lines come together, and never edits backwards', async () => {
    stage = await aStage();
    const id = await stage.open();
    await stage.record(id, 'acknowledged', { status: 'acknowledged', acknowledged_by: 'sam' });
    await stage.record(id, 'resolved', { status: 'resolved' });
    await stage.deliver();
    expect(rootsOf()).toMatchObject([{ edits: 0, text: expect.stringContaining('RESOLVED') }]);
    expect(threadOf()).toEqual(['ACKNOWLEDGED: Now acknowledged.', 'RESOLVED: Now resolved.']);
  });

  it('publishes although Slack is down, and tells Slack when it is back', async () => {
    stage = await aStage();
    await stage.open();
    stage.slack.failNext('*', { status: 503 }, 2);
    expect(await stage.deliver()).toBe(false);
    expect(stage.published).toHaveLength(1);
    expect(await stage.deliver()).toBe(true);
    expect(stage.published).toHaveLength(1);
    expect(rootsOf()).toHaveLength(1);
  });

  it('tells Slack although SNS is down, and publishes when it is back', async () => {
    stage = await aStage();
    await stage.open();
    stage.state.snsFailures = 1;
    expect(await stage.deliver()).toBe(false);
    expect(rootsOf()).toHaveLength(1);
    expect(await stage.deliver()).toBe(true);
    expect(stage.published).toHaveLength(1);
    expect(rootsOf()).toMatchObject([{ edits: 0 }]);
  });

  it('lets Slack hold nothing up for longer than a minute, and catches up in order with the next line', async () => {
    stage = await aStage();
    const id = await stage.open();
    await stage.record(id, 'diagnosed');
    stage.slack.failNext('*', { retryAfterSeconds: 30 }, 2);
    await later(59);
    expect(await stage.deliver()).toBe(false);
    await later(1);
    expect(await stage.deliver()).toBe(true);
    expect(stage.counts.filter((count) => count === 'tell-slack-late')).toHaveLength(2);
    expect(stage.slack.messages()).toEqual([]);
    await stage.record(id, 'needs-human');
    expect(await stage.deliver()).toBe(true);
    expect(rootsOf()).toHaveLength(1);
    expect(threadOf()).toEqual(['DIAGNOSED: Now diagnosed.', 'PERSON NEEDED: Now needs-human.']);
    expect(stage.published).toHaveLength(3);
  });

  it('loses no line and keeps their order at Slack’s limit of one message a second', async () => {
    stage = await aStage({ rateLimitPerSecond: 1 });
    const id = await stage.open();
    for (const kind of ['diagnosed', 'automation-started', 'not-helped', 'needs-human'] as const)
      await stage.record(id, kind);
    for (let attempts = 0; attempts < 10 && !(await stage.deliver()); attempts++) await later(1);
    expect(threadOf().map((text) => text.split(':')[0])).toEqual([
      'DIAGNOSED',
      'REPAIRING',
      'REPAIR DID NOT HELP',
      'PERSON NEEDED',
    ]);
    expect(rootsOf()).toHaveLength(1);
    expect(stage.published).toHaveLength(3);
  });

  it('tells a timeline that takes several replies whole, each reply once, although Slack takes one a second', async () => {
    stage = await aStage({ rateLimitPerSecond: 1 });
    const id = await stage.open();
    const lines = Array.from({ length: 12 }, (_, index) => `line-${index} ${'x'.repeat(1200)}`);
    for (const [index, text] of lines.entries())
      await stage.record(id, 'cleared', {}, { id: `cleared#${index}`, text });
    await stage.record(id, 'closed', { closed_at: stage.now().toISOString() });
    for (let attempts = 0; attempts < 40 && !(await stage.deliver()); attempts++) await later(1);
    const closing = stage.slack.messages().filter(({ text }) => text.startsWith('CLOSED'));
    expect(closing.map(({ text }) => text)).toEqual(['CLOSED: Now closed.', 'CLOSED, 2 of 2']);
    const shown = JSON.stringify(closing.map(({ blocks }) => blocks));
    for (const index of lines.keys()) expect(shown.split(`line-${index} `)).toHaveLength(2);
    expect(stage.slack.calls().map(({ outcome }) => outcome)).not.toContain('msg_blocks_too_long');
    stage.state.position = 0;
    expect(await stage.deliver()).toBe(true);
    expect(stage.slack.messages().filter(({ text }) => text.startsWith('CLOSED'))).toHaveLength(2);
  });

  it('posts a new message when somebody deleted the one there was', async () => {
    stage = await aStage();
    const id = await stage.open();
    await stage.deliver();
    stage.slack.failNext('chat.update', { error: 'message_not_found' });
    await stage.record(id, 'diagnosed');
    expect(await stage.deliver()).toBe(true);
    expect(rootsOf()).toHaveLength(2);
    expect(threadOf()).toHaveLength(1);
  });

  it.each(['channel_not_found', 'not_in_channel', 'invalid_auth'])(
    'holds nothing up when Slack refuses with %s, and says so',
    async (error) => {
      stage = await aStage();
      const id = await stage.open();
      stage.slack.failNext('*', { error }, error === 'invalid_auth' ? 2 : 1);
      expect(await stage.deliver()).toBe(true);
      expect(stage.counts).toContain('tell-slack-refused');
      await stage.record(id, 'needs-human');
      await stage.deliver();
      expect(rootsOf()).toHaveLength(1);
      expect(threadOf()).toHaveLength(1);
    },
  );

  it('leaves the buttons of a question when Slack refuses the form of its message, and says so', async () => {
    stage = await aStage();
    const id = await stage.open();
    await stage.deliver();
    stage.slack.failNext('chat.update', 'msg_blocks_too_long');
    await stage.record(id, 'acknowledged', { status: 'acknowledged' });
    expect(await stage.deliver()).toBe(true);
    expect(rootsOf()).toMatchObject([
      {
        edits: 1,
        blocks: [
          { type: 'section', text: { text: expect.stringContaining('[P2] ACKNOWLEDGED') } },
          { type: 'actions', elements: [{ action_id: 'handsoff:resolve' }] },
        ],
      },
    ]);
    expect(threadOf()).toHaveLength(1);
    expect(stage.counts).toContain('tell-slack-shortened');
    expect(JSON.stringify(stage.logged)).toContain('Slack refused chat.update: msg_blocks_too_long.');
  });

  it('takes chat that is not configured for what it is', async () => {
    stage = await aStage({ botToken: '' });
    await stage.open();
    expect(await stage.deliver()).toBe(true);
    expect(stage.counts).toContain('tell-slack-not-configured');
    expect(stage.slack.calls()).toEqual([]);
    expect(stage.published).toHaveLength(1);
  });

  it('takes a service without a chat channel for what it is', async () => {
    stage = await aStage();
    await stage.open({ service: 'somebody-else' });
    expect(await stage.deliver()).toBe(true);
    expect(stage.counts).toContain('tell-slack-not-configured');
  });

  it('goes on with other incidents when the lines of one cannot be told', async () => {
    stage = await aStage();
    const first = await stage.open({ id: 'inc-1' });
    await stage.record(first, 'needs-human');
    await stage.open({ id: 'inc-2' });
    stage.state.snsFailures = 1;
    expect(await stage.deliver()).toBe(false);
    expect(stage.published.map(({ message }) => /inc-\d/.exec(message)?.[0])).toEqual(['inc-2']);
    expect(await stage.deliver()).toBe(true);
    expect(stage.published.map(({ kind }) => kind)).toEqual(['triggered', 'triggered', 'needs-human']);
  });

  it('tells of an incident that it cannot show, logs why, and holds nobody up', async () => {
    stage = await aStage();
    const { links: _links, ...alert } = anAlert();
    const support_hours = { days: [], from: '00:00', to: '00:00', timezone: 'UTC' };
    const first = await stage.open({ id: 'inc-1', alert: alert as Alert, priority: 'P3', support_hours });
    await stage.record(first, 'needs-human');
    await stage.open({ id: 'inc-2' });
    expect(await stage.deliver()).toBe(true);
    expect(stage.published.map(({ urgency, kind, subject }) => `${urgency} ${kind} ${subject}`)).toEqual([
      'low triggered TRIGGERED: incident inc-1',
      'high needs-human PERSON NEEDED: incident inc-1',
      'low triggered [P2] TRIGGERED: EC2 status check failed - i-0a1b2c3d4e5f60718',
    ]);
    const called = stage.published[1]?.message ?? '';
    expect(called).toContain('Now needs-human.\n\nNext: Handsoff cannot show this incident. Look at its rows');
    expect(called).toContain('Service: platform');
    expect(rootsOf()).toHaveLength(2);
    expect(threadOf()).toEqual(['PERSON NEEDED: Now needs-human.']);
    expect(JSON.stringify(stage.logged)).toContain('TypeError');
  });

  it('waits for the lease of a sender that died, and then tells', async () => {
    stage = await aStage({ botToken: '' });
    const incidentId = await stage.open();
    await stage.deliveries.claim({ incidentId, channel: 'sns', entryId: 'triggered' }, stage.now());
    expect(await stage.deliver()).toBe(false);
    expect(stage.published).toEqual([]);
    await later(60);
    expect(await stage.deliver()).toBe(true);
    expect(stage.published).toHaveLength(1);
  });

  it('passes over records that are no line of a timeline, and incidents that are gone', async () => {
    stage = await aStage();
    const image = {
      pk: { S: 'INCIDENT#inc-9' },
      sk: { S: 'ENTRY#triggered' },
      incident_id: { S: 'inc-9' },
      id: { S: 'triggered' },
      kind: { S: 'triggered' },
    };
    const other = { dynamodb: { SequenceNumber: '2', NewImage: { pk: { S: 'ALERT#1' }, sk: { S: 'ALERT' } } } };
    expect(await stage.tell({ Records: [other, { dynamodb: { SequenceNumber: '3', NewImage: image } }, {}] })).toEqual({
      batchItemFailures: [],
    });
    expect(stage.published).toEqual([]);
  });

  it.each([undefined, {}, { Records: 'none' }])('throws for %j, which is no batch', async (event) => {
    stage = await aStage();
    await expect(stage.tell(event)).rejects.toThrow('event source mapping');
  });

  it('logs no token, whatever goes wrong', async () => {
    stage = await aStage({ botToken: 'xoxb-canary' });
    await stage.open();
    stage.slack.failNext('*', { hangUp: true }, 2);
    await stage.deliver();
    expect(stage.logged.length).toBeGreaterThan(0);
    const text = stage.logged
      .map((line) =>
        JSON.stringify(line, (_key, value) =>
          value instanceof Error ? `${value.stack}${String(value.cause)}` : value,
        ),
      )
      .join();
    expect(text).not.toContain('canary');
  });
});
