import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Carry } from '../../../sandbox/lambda/carried-requests.ts';
import type { FunctionDescription } from '../../../sandbox/lambda/function-description.ts';
import { aFunction, aLambda, invoke, START_MS } from './a-lambda.ts';

const root = mkdtempSync(join(tmpdir(), 'in-process-'));

const nobody: Carry = async () => ({ status: 200, headers: {}, body: '' });

function start(functions: readonly FunctionDescription[], carry: Carry = nobody) {
  return aLambda(functions, { carry });
}

/** A function of several files, as it is bundled. */
function aBundled(name: string, files: Readonly<Record<string, string>>): FunctionDescription {
  const codeDirectory = join(root, name);
  mkdirSync(codeDirectory);
  for (const [file, source] of Object.entries(files)) writeFileSync(join(codeDirectory, file), source);
  return aFunction('', { name, codeDirectory });
}

describe('a function in this process', () => {
  it('gives what its handler gives, and keeps what its module holds', async () => {
    const { lambda } = start([aFunction('let n = 0; export const handler = async () => { n += 1; return n; }')]);
    await invoke(lambda, 'greet');
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: 2 });
  });

  it.each([
    ['that others have too', 'chunk-A'],
    ['that is named after what is in it, and linked once for all', 'chunk-ABCD2345'],
  ])('has an instance of its own of a file %s', async (_which, name) => {
    const files = {
      'index.mjs': `import { count } from './${name}.mjs'; export const handler = async () => count();`,
      [`${name}.mjs`]: 'let n = 0; export const count = () => { n += 1; return n; };',
    };
    const { lambda } = start([aBundled(`${name}-one`, files), aBundled(`${name}-other`, files)]);
    await invoke(lambda, `${name}-one`);
    expect(await invoke(lambda, `${name}-one`)).toMatchObject({ Payload: 2 });
    expect(await invoke(lambda, `${name}-other`)).toMatchObject({ Payload: 1 });
  });

  it('runs a file only when it imports it', async () => {
    const { lambda } = start([
      aBundled('lazy', {
        'index.mjs': "export const handler = async ({ asks }) => asks && (await import('./chunk-C.mjs')).answer;",
        'chunk-C.mjs': "export const answer = 42; if (!process.env.IS_SET) throw new TypeError('not set');",
      }),
    ]);
    expect(await invoke(lambda, 'lazy', { asks: false })).toMatchObject({ Payload: false });
    expect(await invoke(lambda, 'lazy', { asks: true })).toMatchObject({ Payload: { errorMessage: 'not set' } });
  });

  it('sees an export as it is when it looks, and not as it was when it was linked', async () => {
    const { lambda } = start([
      aBundled('live', {
        'index.mjs': "import { late, init } from './chunk-B.mjs'; init(); export const handler = async () => late;",
        'chunk-B.mjs': 'export let late; export const init = () => { late = 42; };',
      }),
    ]);
    expect(await invoke(lambda, 'live')).toMatchObject({ Payload: 42 });
  });

  it('sees its own environment alone, by every name that it has', async () => {
    const source = `import { env } from 'node:process'; import own from 'process';
      export const handler = async () => [process.env.MINE, env.MINE, own.env.MINE, process.env.HOME ?? null];`;
    const mine = aFunction(source, { name: 'mine', environment: { MINE: 'a' } });
    const yours = aFunction(source, { name: 'yours', environment: { MINE: 'b' } });
    const { lambda } = start([mine, yours]);
    expect(await invoke(lambda, 'mine')).toMatchObject({ Payload: ['a', 'a', 'a', null] });
    expect(await invoke(lambda, 'yours')).toMatchObject({ Payload: ['b', 'b', 'b', null] });
  });

  it('lives in virtual time', async () => {
    const source = `export const handler = async () =>
      [Date.now(), new Date().toISOString(), new Date(0).getTime(), new Intl.DateTimeFormat('en', { year: 'numeric' }).format(),
       new Date() instanceof Date];`;
    const { lambda } = start([aFunction(source)]);
    const iso = new Date(START_MS).toISOString();
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: [START_MS, iso, 0, iso.slice(0, 4), true] });
  });

  it('does not wait for what it waits for by itself, and keeps to its time limits', async () => {
    const source = `export const handler = async () => {
      await new Promise((resolve) => setTimeout(resolve, 3_600_000));
      return new Promise((resolve) => setTimeout(() => resolve('limit'), 5));
    }`;
    const { lambda } = start([aFunction(source)]);
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: 'limit' });
  });

  it('has what it prints in its log', async () => {
    const { lambda } = start([
      aFunction('export const handler = async () => { console.log("a %d", 1); console.error("b"); }'),
    ]);
    await invoke(lambda, 'greet');
    expect(lambda.logs('greet').map(({ stream, message }) => [stream, message])).toEqual([
      ['stdout', 'a 1'],
      ['stderr', 'b'],
    ]);
  });

  it('asks the endpoint without a socket, and gets the answer as bytes', async () => {
    const asked: string[] = [];
    const carry: Carry = async ({ headers, body }) => {
      asked.push(`${headers['x-a']} ${Buffer.from(body).toString('utf8')}`);
      return { status: 201, headers: { 'x-b': 'c' }, body: 'answer' };
    };
    const source = `import { request } from 'node:http';
      export const handler = () => new Promise((resolve, reject) => {
        const { hostname: host, port } = new URL(process.env.AWS_ENDPOINT_URL);
        const asking = request({ host, port, method: 'POST', headers: { 'X-A': 'b' } }, (response) => {
          resolve([response.statusCode, response.headers['x-b'], new TextDecoder().decode(response)]);
        });
        asking.on('error', reject); asking.end('question');
      });`;
    const { lambda } = aLambda([aFunction(source)], { carry, endpointUrl: 'http://127.0.0.1:9' });
    expect(await invoke(lambda, 'greet')).toMatchObject({ Payload: [201, 'c', 'answer'] });
    expect(asked).toEqual(['b question']);
  });

  it('finds Node.js, and no package of the host', async () => {
    const { lambda } = start([aFunction("import { z } from 'zod'; export const handler = async () => z;")]);
    expect(await invoke(lambda, 'greet')).toMatchObject({
      FunctionError: 'Unhandled',
      Payload: { errorType: 'Runtime.ImportModuleError', errorMessage: "Error: Cannot find package 'zod'" },
    });
  });
});

describe('a function in this process that fails', () => {
  it('does not keep others from running where it cannot be read', async () => {
    const { lambda } = start([
      aFunction('export const handler = async () => {', { name: 'broken' }),
      aFunction('export const handler = async () => 1;', { name: 'whole' }),
    ]);
    expect(await invoke(lambda, 'whole')).toMatchObject({ Payload: 1 });
    expect(await invoke(lambda, 'broken')).toMatchObject({ Payload: { errorType: 'Runtime.UserCodeSyntaxError' } });
  });

  it('says so as Lambda does, with a trace that names its files as they are named there', async () => {
    const failing = aFunction('export const handler = async () => { throw new RangeError("no"); }');
    const { lambda } = start([failing]);
    const { Payload } = await invoke(lambda, 'greet');
    expect(Payload).toMatchObject({ errorType: 'RangeError', errorMessage: 'no' });
    expect(JSON.stringify(Payload)).toContain('/var/task/index.mjs');
    expect(JSON.stringify(Payload)).not.toContain(failing.codeDirectory);
  });

  it.each([
    ['with an error that nobody catches', 'setTimeout(() => { throw new Error("lost") }, 1)', 'Error'],
    [
      'with a rejection that nobody handles',
      'void Promise.reject(new Error("lost"))',
      'Runtime.UnhandledPromiseRejection',
    ],
    ['by ending its process', 'process.exit(3)', 'Runtime.ExitError'],
    ['by never coming to an end', 'undefined', 'Sandbox.Timedout'],
  ])('%s ends that invocation alone, and is loaded anew', async (_how, statement, errorType) => {
    const source = `let n = 0; export const handler = async ({ fails }) => {
      n += 1; if (!fails) return n; ${statement}; await new Promise(() => undefined); }`;
    const { lambda } = start([aFunction(source, { timeoutSeconds: 1 })]);
    expect(await invoke(lambda, 'greet', { fails: true })).toMatchObject({ Payload: { errorType } });
    expect(await invoke(lambda, 'greet', { fails: false })).toMatchObject({ Payload: 1 });
  });
});
