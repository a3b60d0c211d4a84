import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeRundeck } from '../../../sandbox/peers/rundeck.ts';
import { splitArguments } from '../../../sandbox/peers/rundeck-arguments.ts';

const JOB = 'e4778de3-eed2-479c-ba5e-cc8d198e62db';
let fake: FakeRundeck;
let base: string;
let now = 0;

beforeEach(async () => {
  now = 0;
  fake = new FakeRundeck({
    clock: { now: () => now },
    tokens: ['token'],
    run: ({ job, options }) => {
      if (options['queue'] === 'undescribed') throw new Error(`nobody describes ${job}`);
      return { status: 'failed', lastsMs: 1000 };
    },
  });
  base = (await fake.listen()).url;
});
afterEach(() => fake.close());

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(base + path, {
    method,
    headers: {
      'x-rundeck-auth-token': 'token',
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe('a Rundeck of the sandbox', () => {
  it('runs a job in virtual time, to the end that it is given', async () => {
    const { body } = await ask('POST', `/api/18/job/${JOB}/run`, { options: { queue: 'orders' } });
    expect(body).toMatchObject({ id: 1, status: 'running', job: { id: JOB }, argstring: '-queue orders' });
    now = 1000;
    expect(await ask('GET', '/api/18/execution/1')).toMatchObject({
      body: { status: 'failed', 'date-ended': { unixtime: 1000 } },
    });
  });

  it.each(['GET', 'POST'])('aborts by %s', async (method) => {
    await ask('POST', `/api/18/job/${JOB}/run`, {});
    expect(await ask(method, '/api/18/execution/1/abort')).toMatchObject({
      body: { abort: { status: 'pending' }, execution: { id: '1', status: 'running' } },
    });
    expect(await ask(method, '/api/18/execution/1/abort')).toMatchObject({ body: { abort: { status: 'failed' } } });
  });

  it.each([
    ['no token', 'GET', '/api/18/execution/1', { 'x-rundeck-auth-token': '' }, 403],
    ['a version too old', 'GET', '/api/13/execution/1', {}, 400],
    ['a version too new', 'GET', '/api/99/execution/1', {}, 400],
    ['another format', 'GET', '/api/18/execution/1', { accept: 'application/xml' }, 415],
    ['another method', 'GET', `/api/18/job/${JOB}/run`, {}, 405],
    ['another method on an execution', 'DELETE', '/api/18/execution/1', {}, 405],
    ['an id that is none', 'POST', '/api/18/job/drain/run', {}, 404],
    ['an execution that is not there', 'POST', '/api/18/execution/1/abort', {}, 404],
    ['a path that it does not have', 'GET', '/api/18/execution/1/output', {}, 404],
  ])('refuses %s', async (_, method, path, headers, status) => {
    expect(await ask(method, path, undefined, headers)).toMatchObject({ status, body: { error: true } });
  });

  it('ignores a map of options before version 18, and reads the line', async () => {
    await ask('POST', `/api/17/job/${JOB}/run`, { options: { queue: 'a' }, argString: '-queue b -note "two words"' });
    expect(fake.runs()).toMatchObject([{ options: { queue: 'b', note: 'two words' } }]);
  });

  it('fails loudly for a job that nobody describes', async () => {
    expect(await ask('POST', `/api/18/job/${JOB}/run`, { options: { queue: 'undescribed' } })).toMatchObject({
      status: 500,
    });
    expect(fake.faults()).toMatchObject([{ message: `nobody describes ${JOB}` }]);
  });

  it('reads a line as Rundeck does: a blank in a value begins another word', () => {
    expect(splitArguments('-queue orders -x')).toEqual({ queue: 'orders', x: '' });
    expect(splitArguments("-queue 'a -x b'")).toEqual({ queue: 'a -x b' });
  });
});
