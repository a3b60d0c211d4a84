import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Slack } from '../../../functions/adapters/slack.ts';
import { SlackRefusedError, SlackUnavailableError } from '../../../functions/adapters/slack-errors.ts';
import type { SlackSecret } from '../../../functions/adapters/slack-secret.ts';
import type { SlackText } from '../../../functions/domain/telling/render-slack.ts';
import { actionsBlock, headerBlock } from '../../../functions/domain/telling/slack-blocks.ts';
import { FakeSlack, type SlackFailure } from '../../../sandbox/peers/slack.ts';

const text: SlackText = {
  text: 'Hello',
  blocks: [headerBlock('Hello')],
  inShort: [headerBlock('Hi'), ...actionsBlock([{ action: 'approve', label: 'Approve', value: 'a' }])],
};

let fake: FakeSlack;
let url: string;
beforeEach(async () => {
  fake = new FakeSlack({ tokens: ['xoxb-good'] });
  ({ url } = await fake.listen());
});
afterEach(async () => fake.close());

/** Slack with a secret whose tokens are these, one after the other at every fresh read. */
function aSlack(...tokens: string[]) {
  let current = -1;
  const read = async (olderThanSeconds?: number): Promise<SlackSecret> => {
    if (current < 0 || olderThanSeconds === 0) current = Math.min(current + 1, tokens.length - 1);
    return { botToken: tokens[current] ?? '', signingSecret: '' };
  };
  return new Slack({ read }, url);
}

describe('Slack', () => {
  it('posts a message, edits it and answers in its thread', async () => {
    const slack = aSlack('xoxb-good');
    const place = await slack.postRoot('C0INCIDENTS', text);
    await slack.updateRoot(place, { ...text, text: 'Hello again' });
    await slack.postThread(place, { ...text, text: 'More' });
    expect(fake.messages()).toMatchObject([
      { channel: 'C0INCIDENTS', ts: place.ts, text: 'Hello again', edits: 1 },
      { channel: 'C0INCIDENTS', threadTs: place.ts, text: 'More', edits: 0 },
    ]);
  });

  it('lets Slack read nothing into what it posts', async () => {
    await aSlack('xoxb-good').postRoot('C0INCIDENTS', text);
    expect(fake.calls()[0]?.args).toMatchObject({
      mrkdwn: 'false',
      parse: 'none',
      link_names: 'false',
      unfurl_links: 'false',
      unfurl_media: 'false',
    });
  });

  it('shows a sentence to one person', async () => {
    await aSlack('xoxb-good').postEphemeral('C0INCIDENTS', 'U1', 'No.');
    expect(fake.messages()).toMatchObject([{ user: 'U1', text: 'No.' }]);
  });

  it.each([
    ['xoxb-good', true],
    ['', false],
  ])('with the token "%s", being configured is %s', async (token, configured) => {
    expect(await aSlack(token).isConfigured()).toBe(configured);
  });

  it('reads a rotated token afresh, once', async () => {
    await aSlack('xoxb-old', 'xoxb-good').postRoot('C0INCIDENTS', text);
    expect(fake.calls().map((call) => call.outcome)).toEqual(['invalid_auth', 'ok']);
  });

  it('refuses after a second bad token', async () => {
    await expect(aSlack('xoxb-old', 'xoxb-older').postRoot('C0INCIDENTS', text)).rejects.toThrow(SlackRefusedError);
    expect(fake.calls()).toHaveLength(2);
  });

  it.each<[string, SlackFailure, number]>([
    ['a rate limit, at once', { retryAfterSeconds: 30 }, 1],
    ['its own trouble', { error: 'internal_error' }, 1],
    ['a 503, after a second try', { status: 503 }, 2],
    ['a broken connection, after a second try', { hangUp: true }, 2],
  ])('says that Slack is unavailable for %s', async (_what, failure, calls) => {
    fake.failNext('chat.postMessage', failure, 2);
    await expect(aSlack('xoxb-good').postRoot('C0INCIDENTS', text)).rejects.toThrow(SlackUnavailableError);
    expect(fake.calls()).toHaveLength(calls);
  });

  it('says how long Slack asks to wait', async () => {
    fake.failNext('chat.postMessage', { retryAfterSeconds: 30 });
    await expect(aSlack('xoxb-good').postRoot('C0INCIDENTS', text)).rejects.toThrow('rate limited for 30 seconds');
  });

  it.each(['channel_not_found', 'not_in_channel', 'is_archived'])(
    'refuses for good on %s, with what to do',
    async (error) => {
      fake.failNext('chat.postMessage', { error });
      await expect(aSlack('xoxb-good').postRoot('C0INCIDENTS', text)).rejects.toMatchObject({
        name: 'SlackRefusedError',
        code: error,
      });
    },
  );

  it('tells a message in short, with its buttons and why, when Slack refuses its form', async () => {
    const broken: SlackText = { ...text, blocks: Array.from({ length: 51 }, () => headerBlock('Hello')) };
    const slack = aSlack('xoxb-good');
    const reasons: string[] = [];
    const note = (why: string) => void reasons.push(why);
    const place = await slack.postRoot('C0INCIDENTS', broken, note);
    expect(fake.messages()).toMatchObject([{ ts: place.ts, text: 'Hello', blocks: text.inShort }]);
    await slack.updateRoot(place, text, note);
    expect(reasons).toEqual([expect.stringContaining('Slack refused chat.postMessage: invalid_blocks.')]);
    fake.failNext('chat.update', 'msg_blocks_too_long');
    await slack.updateRoot(place, text, note);
    expect(reasons[1]).toContain('msg_blocks_too_long');
    expect(fake.messages()).toMatchObject([{ blocks: text.inShort, edits: 2 }]);
  });

  it('tells it in plain words when Slack refuses the short form, too', async () => {
    fake.failNext('chat.postMessage', 'invalid_blocks', 2);
    const reasons: string[] = [];
    await aSlack('xoxb-good').postRoot('C0INCIDENTS', text, (why) => void reasons.push(why));
    expect(reasons).toEqual([expect.stringContaining('invalid_blocks')]);
    expect(fake.messages()).toMatchObject([{ text: 'Hello', blocks: [] }]);
  });

  it('has no token in what it throws', async () => {
    fake.failNext('*', { hangUp: true }, 2);
    const error: unknown = await aSlack('xoxb-good')
      .postRoot('C0INCIDENTS', text)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(
      JSON.stringify([
        String(error),
        error,
        error instanceof Error && error.cause,
        error instanceof Error && error.stack,
      ]),
    ).not.toContain('xoxb');
  });
});
