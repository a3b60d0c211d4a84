import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Rundeck } from '../../../functions/adapters/rundeck.ts';
import { FakeRundeck } from '../../../sandbox/peers/rundeck.ts';

const JOB = 'e4778de3-eed2-479c-ba5e-cc8d198e62db';
const TOKEN = 'a-token-that-may-stand-nowhere';

let now = Date.parse('2026-11-20T12:00:00Z');
let fake: FakeRundeck;
let url: string;
let reads: number[];

beforeEach(async () => {
  now = Date.parse('2026-11-20T12:00:00Z');
  reads = [];
  fake = new FakeRundeck({
    clock: { now: () => now },
    tokens: [TOKEN],
    run: ({ options }) => ({ status: options['queue'] === 'broken' ? 'failed' : 'succeeded', lastsMs: 60_000 }),
    jobs: { [JOB]: ['queue'] },
  });
  ({ url } = await fake.listen());
});
afterEach(() => fake.close());

const aRundeck = (more: Partial<ConstructorParameters<typeof Rundeck>[1]> = {}, token = TOKEN) =>
  new Rundeck(
    {
      read: async (olderThanSeconds?: number) => {
        reads.push(olderThanSeconds ?? 300);
        return token;
      },
    },
    { url, apiVersion: 18, reach: 'loopback', ...more },
  );
const body = { options: { queue: 'orders' } };

describe('Rundeck', () => {
  it('runs a job and says how it stands until it has ended', async () => {
    const rundeck = aRundeck();
    const { id, status } = await rundeck.run(JOB, body);
    expect(status).toBe('running');
    expect(fake.runs()).toMatchObject([{ job: JOB, options: { queue: 'orders' } }]);
    now += 60_000;
    expect(await rundeck.execution(id)).toEqual({
      id: '1',
      job: JOB,
      status: 'succeeded',
      permalink: 'https://rundeck.sandbox/project/ops/execution/show/1',
    });
  });

  it('aborts what runs, and says so when nothing does', async () => {
    const rundeck = aRundeck();
    const { id } = await rundeck.run(JOB, body);
    expect(await rundeck.abort(id)).toBe('pending');
    expect(await rundeck.execution(id)).toMatchObject({ status: 'aborted' });
    expect(await rundeck.abort(id)).toBe('failed');
  });

  it('hands options over as a line of words to an older Rundeck', async () => {
    await aRundeck({ apiVersion: 14 }).run(JOB, { argString: '-queue orders' });
    expect(fake.runs()).toMatchObject([{ options: { queue: 'orders' } }]);
  });

  it.each([
    ['an unknown job', () => aRundeck().run('00000000-0000-4000-8000-00000000dead', {}), 'api.error.item.doesnotexist'],
    ['a job without its option', () => aRundeck().run(JOB, {}), 'api.error.job.options-invalid'],
    ['an unknown execution', () => aRundeck().execution('404'), 'api.error.item.doesnotexist'],
    [
      'a version it does not speak',
      () => aRundeck({ apiVersion: 13 }).run(JOB, body),
      'api.error.api-version.unsupported',
    ],
    ['another token', () => aRundeck({}, 'another').run(JOB, body), 'unauthorized'],
  ])('is refused %s, with Rundeck’s own word', async (_, call, code) => {
    await expect(call()).rejects.toMatchObject({ name: 'RundeckRefusedError', code });
  });

  it('is refused a second run while one is under way', async () => {
    await aRundeck().run(JOB, body);
    await expect(aRundeck().run(JOB, body)).rejects.toMatchObject({ code: 'api.error.execution.conflict' });
    expect(fake.runs()).toHaveLength(1);
  });

  it('reads a refused token afresh, once', async () => {
    await expect(aRundeck({}, 'rotated').run(JOB, body)).rejects.toThrow('Store a valid token');
    expect(reads).toEqual([300, 0]);
  });

  it.each([
    ['answers with an error of its own', { status: 500 }, 'RundeckUnreachableError'],
    ['has too much to do', { status: 429 }, 'RundeckUnreachableError'],
    ['hangs up', { hangUp: true as const }, 'RundeckUnreachableError'],
    ['is a page to log in at', { status: 200, raw: '<html>' }, 'RundeckAnswerError'],
    ['sends elsewhere', { status: 302, headers: { location: 'http://169.254.169.254/' } }, 'RundeckAnswerError'],
    [
      'answers with something else',
      { status: 200, raw: '{"id":"../../etc","status":"running"}' },
      'RundeckAnswerError',
    ],
    ['never stops', { status: 200, raw: 'x'.repeat(300_000) }, 'RundeckUnreachableError'],
  ])('asks once, and never again, when Rundeck %s', async (_, failure, name) => {
    fake.failNext(failure);
    await expect(aRundeck().run(JOB, body)).rejects.toMatchObject({ name });
    expect(fake.calls()).toHaveLength(1);
    expect(fake.runs()).toEqual([]);
  });

  it('waits no longer than it was told to', async () => {
    fake.failNext({ silent: true });
    await expect(aRundeck({ timeoutMs: 100 }).execution('1')).rejects.toMatchObject({
      name: 'RundeckUnreachableError',
    });
  });

  it('reaches nothing inside a network unless that is allowed', async () => {
    await expect(aRundeck({ reach: 'public' }).run(JOB, body)).rejects.toMatchObject({ name: 'AddressRefusedError' });
    const named = aRundeck({ reach: 'private', url: `https://localhost:${new URL(url).port}` });
    await expect(named.run(JOB, body)).rejects.toMatchObject({ name: 'AddressRefusedError' });
    expect(fake.calls()).toEqual([]);
  });

  it('lets its token stand in no error', async () => {
    fake.failNext({ status: 400, raw: JSON.stringify({ errorCode: 'x', message: 'no' }) }, { hangUp: true });
    const errors = await Promise.all(
      [aRundeck().run(JOB, body), aRundeck().execution('1')].map((call) => call.catch((error: unknown) => error)),
    );
    expect(errors.map((error) => JSON.stringify(error, Object.getOwnPropertyNames(error))).join()).not.toContain(TOKEN);
  });
});
