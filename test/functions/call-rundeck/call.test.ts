import { describe, expect, it } from 'vitest';
import type { RundeckExecution } from '../../../functions/adapters/rundeck.ts';
import { callRundeck, type RundeckRequest } from '../../../functions/call-rundeck/call.ts';
import { readRequest } from '../../../functions/call-rundeck/read-request.ts';

const JOB = 'e4778de3-eed2-479c-ba5e-cc8d198e62db';

function ports(execution: Partial<RundeckExecution> = {}, apiVersion = 18) {
  const asked: unknown[] = [];
  const found = { id: '7', job: JOB, status: 'running', permalink: 'https://rundeck.example.com/7', ...execution };
  return {
    asked,
    config: { api_version: apiVersion, jobs: [{ id: 'drain-queue', job: JOB, options: ['queue'] }] },
    rundeck: {
      run: async (job: string, body: object) => {
        asked.push(['run', job, body]);
        return found;
      },
      execution: async (id: string) => {
        asked.push(['execution', id]);
        return found;
      },
      abort: async (id: string) => {
        asked.push(['abort', id]);
        return 'pending';
      },
    },
  };
}
const aRun = (options: object): RundeckRequest => ({ operation: 'run', job: 'drain-queue', options: { ...options } });

describe('callRundeck', () => {
  it('runs a listed job with its listed options', async () => {
    const given = ports();
    expect(await callRundeck(aRun({ queue: 'orders.fifo' }), given)).toEqual({
      execution: '7',
      status: 'running',
      progress: 'unfinished',
      permalink: 'https://rundeck.example.com/7',
    });
    expect(given.asked).toEqual([['run', JOB, { options: { queue: 'orders.fifo' } }]]);
  });

  it('writes options as a line of words for a Rundeck before version 18', async () => {
    const given = ports({}, 14);
    await callRundeck(aRun({ queue: 'orders' }), given);
    expect(given.asked).toEqual([['run', JOB, { argString: '-queue orders' }]]);
  });

  it.each([
    ['running', 'unfinished'],
    ['scheduled', 'unfinished'],
    ['queued', 'unfinished'],
    ['succeeded', 'finished'],
    ['failed', 'finished'],
    ['aborted', 'finished'],
    ['timedout', 'finished'],
    ['some day another word', 'finished'],
  ])('says of an execution that is %s that it is %s', async (status, progress) => {
    expect(await callRundeck({ operation: 'follow', execution: '7' }, ports({ status }))).toMatchObject({ progress });
  });

  it('aborts what runs, and leaves alone what has ended', async () => {
    const running = ports();
    expect(await callRundeck({ operation: 'abort', execution: '7' }, running)).toMatchObject({ abort: 'pending' });
    const ended = ports({ status: 'succeeded' });
    expect(await callRundeck({ operation: 'abort', execution: '7' }, ended)).not.toHaveProperty('abort');
    expect(ended.asked).toEqual([['execution', '7']]);
  });

  it.each([
    ['a job that is not listed', { operation: 'run', job: JOB, options: {} }, 'UnknownRundeckJobError'],
    ['an option that is not listed', aRun({ queue: 'orders', loglevel: 'DEBUG' }), 'RundeckOptionError'],
    ['an option of a prototype', aRun(JSON.parse('{"__proto__": {"queue": "x"}}')), 'RundeckOptionError'],
    ...['-f', 'a b', 'a"b', "a'b", '$(id)', 'a;b', 'a\nb', '', '{{ssm:x}}', 'x'.repeat(256)].map(
      (queue) => [`the value ${JSON.stringify(queue.slice(0, 12))}`, aRun({ queue }), 'RundeckOptionError'] as const,
    ),
    ['a value that is no text', aRun({ queue: { a: 1 } }), 'RundeckOptionError'],
  ] as const)('asks nothing of Rundeck for %s', async (_, request, name) => {
    const given = ports();
    await expect(callRundeck(request, given)).rejects.toMatchObject({ name });
    expect(given.asked).toEqual([]);
  });

  it.each(['follow', 'abort'] as const)('leaves executions of other jobs alone: %s', async (operation) => {
    const given = ports({ job: 'another' });
    await expect(callRundeck({ operation, execution: '7' }, given)).rejects.toMatchObject({
      name: 'UnknownRundeckJobError',
    });
    expect(given.asked).toEqual([['execution', '7']]);
  });
});

describe('readRequest', () => {
  it('takes the id of an execution as a text or as the number that it spells', () => {
    expect(readRequest({ operation: 'follow', execution: 7 })).toEqual({ operation: 'follow', execution: '7' });
    expect(readRequest({ operation: 'abort', execution: '7' })).toEqual({ operation: 'abort', execution: '7' });
  });

  it.each([
    {},
    { operation: 'delete', execution: '7' },
    { operation: 'follow', execution: '../job/1/run' },
    { operation: 'follow' },
    { operation: 'run', job: 'drain-queue' },
  ])('refuses %j', (event) => {
    expect(() => readRequest(event)).toThrow(expect.objectContaining({ name: 'TaskInputError' }));
  });
});
