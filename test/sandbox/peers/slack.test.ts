import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { FakeSlack, type FakeSlackOptions } from '../../../sandbox/peers/slack.ts';

const clock = new VirtualClock(Date.parse('2026-11-02T03:00:00.000Z'));
const channel = 'C0INCIDENTS';

let fake: FakeSlack;
let url: string;
async function start(options: FakeSlackOptions = {}) {
  fake = new FakeSlack({ clock, ...options });
  ({ url } = await fake.listen());
}
beforeEach(async () => start());
afterEach(async () => fake.close());

/** Calls as a form, the way Slack's own client does, and answers what came back. */
async function call(method: string, args: Record<string, unknown> = {}, token = 'xoxb-test') {
  const form = Object.entries(args).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}${method}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(Object.fromEntries(form)),
  });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
}
const plain = (text: string) => ({ type: 'plain_text', text });

describe('FakeSlack', () => {
  it('answers Slack’s own client', async () => {
    const web = new WebClient('xoxb-test', { slackApiUrl: url });
    expect(await web.auth.test()).toMatchObject({ ok: true, user_id: 'U0BOT' });
    await web.apiCall('chat.postMessage', { channel, text: 'Hello', blocks: [{ type: 'divider' }] });
    const ts = fake.messages()[0]?.ts ?? '';
    await web.chat.update({ channel, ts, text: 'Bye' });
    await web.apiCall('chat.postMessage', { channel, thread_ts: ts, text: 'More' });
    await web.chat.postEphemeral({ channel, user: 'U1', text: 'Psst' });
    expect(fake.messages()).toMatchObject([
      { ts, text: 'Bye', blocks: [{ type: 'divider' }], edits: 1, history: [{ text: 'Hello' }] },
      { text: 'More', threadTs: ts },
      { text: 'Psst', user: 'U1' },
    ]);
  });

  it('names messages by its clock, each by a name of its own', async () => {
    for (const text of ['a', 'b']) await call('chat.postMessage', { channel, text });
    expect(fake.messages().map(({ ts }) => ts)).toEqual(['1793588400.000000', '1793588400.000001']);
  });

  it('takes JSON as well as forms', async () => {
    const headers = { authorization: 'Bearer xoxb-test', 'content-type': 'application/json; charset=utf-8' };
    await fetch(`${url}chat.postMessage`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ channel, text: 'Hello', blocks: [{ type: 'divider' }] }),
    });
    expect(fake.messages()).toMatchObject([{ text: 'Hello', blocks: [{ type: 'divider' }] }]);
  });

  it('takes away blocks for an empty list, and keeps them when an edit says nothing of them', async () => {
    await call('chat.postMessage', { channel, text: 'Hello', blocks: [{ type: 'divider' }] });
    const ts = fake.messages()[0]?.ts;
    await call('chat.update', { channel, ts, text: 'Hello' });
    expect(fake.messages()[0]?.blocks).toHaveLength(1);
    await call('chat.update', { channel, ts, text: 'Hello', blocks: [] });
    expect(fake.messages()[0]?.blocks).toEqual([]);
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    ['a channel that is none', 'chat.postMessage', { channel: 'nowhere', text: 'a' }, 'channel_not_found'],
    ['no text', 'chat.postMessage', { channel }, 'no_text'],
    ['text above 40,000 characters', 'chat.postMessage', { channel, text: 'a'.repeat(40_001) }, 'msg_too_long'],
    ['a thread of no message', 'chat.postMessage', { channel, text: 'a', thread_ts: '1.1' }, 'cannot_reply_to_message'],
    ['an edit of no message', 'chat.update', { channel, text: 'a', ts: '1.1' }, 'message_not_found'],
    ['blocks that are no JSON', 'chat.postMessage', { channel, text: 'a', blocks: '[{' }, 'invalid_blocks_format'],
    [
      'more text in all blocks together than 11,000 characters',
      'chat.postMessage',
      {
        channel,
        text: 'a',
        blocks: Array.from({ length: 5 }, () => ({ type: 'section', text: plain('a'.repeat(2201)) })),
      },
      'msg_blocks_too_long',
    ],
    ['a sentence for nobody', 'chat.postEphemeral', { channel, text: 'a' }, 'invalid_arguments'],
  ])('refuses %s', async (_what, method, args, error) => {
    expect((await call(method, args)).body).toMatchObject({ ok: false, error });
    expect(fake.messages()).toEqual([]);
  });

  it.each([
    ['', 'not_authed'],
    ['nonsense', 'invalid_auth'],
  ])('refuses the token "%s"', async (token, error) => {
    expect((await call('auth.test', {}, token)).body).toEqual({ ok: false, error });
  });

  it('knows only its own tokens and channels where it is given some', async () => {
    await fake.close();
    await start({ tokens: ['xoxb-1'], channels: ['C1'] });
    expect((await call('auth.test')).body).toMatchObject({ error: 'invalid_auth' });
    expect((await call('chat.postMessage', { channel, text: 'a' }, 'xoxb-1')).body).toMatchObject({
      error: 'channel_not_found',
    });
    expect((await call('chat.postMessage', { channel: 'C1', text: 'a' }, 'xoxb-1')).body).toMatchObject({ ok: true });
  });

  it.each<[string, unknown, string]>([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), '/blocks'],
    ['a text of 3,001 characters', [{ type: 'section', text: plain('a'.repeat(3001)) }], '/blocks/0/text/text'],
    ['an empty text', [{ type: 'section', text: plain('') }], '/blocks/0/text/text'],
    ['a header of 151 characters', [{ type: 'header', text: plain('a'.repeat(151)) }], '/blocks/0/text/text'],
    ['a header with markup', [{ type: 'header', text: { type: 'mrkdwn', text: 'a' } }], '/blocks/0/text/type'],
    ['11 fields', [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('a')) }], '/blocks/0/fields'],
    [
      'a field of 2,001 characters',
      [{ type: 'section', fields: [plain('a'.repeat(2001))] }],
      '/blocks/0/fields/0/text',
    ],
    ['a section of nothing', [{ type: 'section' }], '/blocks/0'],
    ['no actions', [{ type: 'actions', elements: [] }], '/blocks/0/elements'],
    [
      'a button text of 76 characters',
      [{ type: 'actions', elements: [{ type: 'button', text: plain('a'.repeat(76)) }] }],
      '/blocks/0/elements/0/text/text',
    ],
    [
      'an action_id of 256 characters',
      [{ type: 'actions', elements: [{ type: 'button', text: plain('a'), action_id: 'a'.repeat(256) }] }],
      '/blocks/0/elements/0/action_id',
    ],
    ['emoji in markup', [{ type: 'section', text: { type: 'mrkdwn', text: 'a', emoji: true } }], '/blocks/0/text'],
    [
      'a style that is none',
      [{ type: 'actions', elements: [{ type: 'button', text: plain('a'), style: 'big' }] }],
      '/blocks/0/elements/0/style',
    ],
    ['a member that is none', [{ type: 'divider', colour: 'red' }], '/blocks/0'],
    ['a type that is none', [{ type: 'poster' }], '/blocks/0/type'],
    [
      'two blocks of one id',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      '/blocks',
    ],
  ])('refuses %s and says where', async (_what, blocks, pointer) => {
    const { body } = await call('chat.postMessage', { channel, text: 'a', blocks });
    expect(body).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(JSON.stringify(body)).toContain(`[json-pointer:${pointer}]`);
  });

  it('limits a channel to so many messages a second, and edits not at all', async () => {
    await fake.close();
    await start({ rateLimitPerSecond: 1 });
    await call('chat.postMessage', { channel, text: 'a' });
    expect(await call('chat.postMessage', { channel, text: 'b' })).toMatchObject({
      status: 429,
      retryAfter: '1',
      body: { ok: false, error: 'ratelimited' },
    });
    expect((await call('chat.update', { channel, ts: fake.messages()[0]?.ts, text: 'c' })).body).toMatchObject({
      ok: true,
    });
    expect((await call('chat.postMessage', { channel: 'C0OTHER', text: 'd' })).body).toMatchObject({ ok: true });
    await clock.run(() => false, clock.now() + 1000);
    expect((await call('chat.postMessage', { channel, text: 'e' })).body).toMatchObject({ ok: true });
  });

  it('fails as often as it is told to, and then no more', async () => {
    fake.failNext('chat.postMessage', { error: 'internal_error' });
    fake.failNext('*', { status: 503 });
    fake.failNext('chat.postMessage', { hangUp: true });
    expect((await call('chat.postMessage', { channel, text: 'a' })).body).toMatchObject({ error: 'internal_error' });
    expect(await call('auth.test')).toMatchObject({ status: 503 });
    await expect(call('chat.postMessage', { channel, text: 'a' })).rejects.toThrow();
    expect((await call('chat.postMessage', { channel, text: 'a' })).body).toMatchObject({ ok: true });
    expect(fake.calls().map(({ outcome }) => outcome)).toEqual(['internal_error', 'http_503', 'hung_up', 'ok']);
  });

  it('takes back failures that it was told of', async () => {
    fake.failNext('chat.postMessage', 'fatal_error', 5);
    expect((await call('chat.postMessage', { channel, text: 'a' })).body).toMatchObject({ error: 'fatal_error' });
    fake.failNext('chat.postMessage', 'fatal_error', 0);
    expect((await call('chat.postMessage', { channel, text: 'a' })).body).toMatchObject({ ok: true });
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['a method', 'conversations.list', {}],
    ['a block', 'chat.postMessage', { channel, text: 'a', blocks: [{ type: 'video' }] }],
    ['attachments', 'chat.postMessage', { channel, text: 'a', attachments: [] }],
  ])('names %s that it does not have', async (_what, method, args) => {
    expect((await call(method, args)).body).toMatchObject({ ok: false, error: 'unsupported_in_sandbox' });
    expect(fake.faults()).toMatchObject([{ name: 'UnsupportedInSandboxError' }]);
  });

  it('keeps no token among its calls', async () => {
    await call('chat.postMessage', { channel, text: 'a', token: 'xoxb-in-the-form' });
    expect(JSON.stringify(fake.calls())).not.toContain('xoxb');
  });
});
