import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseWorld, World } from '../../../sandbox/world/world.ts';

const aWorld = (description: object) => new World(parseWorld(description));
const aShell = (script: readonly string[], more: object = {}) => ({
  documentName: 'handsoff-x-command',
  instanceId: 'i-1',
  parameters: {},
  step: 'run',
  script,
  environment: {},
  timeoutSeconds: 60,
  ...more,
});
const aScript = (script: string, input: object = {}) => ({
  documentName: 'handsoff-x',
  step: 'read',
  runtime: 'python3.11',
  handler: 'handler',
  script,
  input: { ...input },
  timeoutSeconds: 60,
});

afterEach(() => void vi.unstubAllEnvs());

describe('a command that a rehearsal really runs', () => {
  it('gives what the script gives, at the virtual time that the world says, and leaves nothing behind', async () => {
    const world = aWorld({ commands: [{ run: 'real', files: { 'logs/a.log': 'one\ntwo\n' }, lasts: '40s' }] });
    const script = ['#!/bin/bash', 'wc -l < logs/a.log; basename "$PWD" >&2; touch made; exit 3'];
    const result = await world.commandResult(aShell(script));
    expect(result).toEqual({
      status: 'Failed',
      exitCode: 3,
      stdout: '2\n',
      stderr: expect.stringMatching(/^handsoff-run-\w+\n$/),
      lastsMs: 40_000,
      files: ['logs/a.log', 'made'],
    });
    expect(existsSync(join(tmpdir(), result.stderr.trim()))).toBe(false);
  });

  it('inherits nothing of this process but PATH', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret-of-the-laptop');
    const world = aWorld({ commands: [{ run: 'real' }] });
    const environment = { SSM_Name: 'a $(b)' };
    const { stdout } = await world.commandResult(
      aShell(['env | cut -d= -f1 | sort; echo "$SSM_Name"'], { environment }),
    );
    const names = stdout.split('\n').filter((name) => !['_', 'PWD', 'OLDPWD', 'SHLVL', ''].includes(name));
    expect(names).toEqual(['PATH', 'SSM_Name', 'a $(b)']);
  });

  it('finds the paths of the node in its folder, and prints them as they are there', async () => {
    const files = { 'var/log/a.log.1': { text: 'old', age: '2d' }, 'var/log/a.log.2': 'new' };
    const world = aWorld({ commands: [{ run: 'real', files, paths: ['/var'] }] });
    const script = ['mkdir -p /var/lib/x', 'find "$SSM_Path" -type f -mtime +0', 'echo /variable "$PWD"'];
    const result = await world.commandResult(aShell(script, { environment: { SSM_Path: '/var/log' } }));
    expect(result.stdout).toBe('/var/log/a.log.1\n/variable \n');
    expect(existsSync('/var/lib/x')).toBe(false);
  });

  it('is refused when a parameter is a path outside of its folder', async () => {
    const world = aWorld({ commands: [{ run: 'real', paths: ['/var'] }] });
    await expect(world.commandResult(aShell(['ls'], { environment: { SSM_Path: '/variable' } }))).rejects.toMatchObject(
      {
        name: 'OutsideFolderError',
        message: expect.stringContaining('SSM_Path is /variable'),
      },
    );
  });

  it('is stopped at its time limit, with all that it started', async () => {
    const world = aWorld({ commands: [{ run: 'real' }] });
    const result = await world.commandResult(aShell(['echo begun; sleep 30 & sleep 30'], { timeoutSeconds: 0.3 }));
    expect(result).toMatchObject({ status: 'TimedOut', exitCode: -1, stdout: 'begun\n' });
  });
});

describe('a Python script that a rehearsal really runs', () => {
  const outcomeOf = async (script: string) =>
    (await aWorld({ scripts: [{ run: 'real' }] }).scriptResult(aScript(script))).outcome;

  it('calls the handler with the input and gives what it returns', async () => {
    const world = aWorld({ scripts: [{ step: 'read', run: 'real', files: { a: 'x' }, lasts: '2s' }] });
    const script = 'import json\ndef handler(events, context):\n  print("seen")\n  return json.loads(events["text"])\n';
    expect(await world.scriptResult(aScript(script, { text: '{"jobs": [1, 2]}' }))).toEqual({
      outcome: { value: { jobs: [1, 2] } },
      lastsMs: 2000,
      files: ['a'],
    });
  });

  it.each([
    ['raises', 'def handler(events, context):\n  return events["none"]\n', "KeyError: 'none'"],
    ['has no such handler', 'def other(events, context):\n  return 1\n', "KeyError: 'handler'"],
    ['returns what is no JSON', 'def handler(events, context):\n  return {1, 2}\n', 'not JSON serializable'],
    ['is no Python', 'def handler(\n', 'SyntaxError'],
  ])('fails when it %s, with what Python says', async (_, script, message) => {
    expect(await outcomeOf(script)).toEqual({ error: expect.stringContaining(message) });
  });

  it('is stopped at its time limit, with all that it started, and keeps no other from running', async () => {
    const world = aWorld({ scripts: [{ run: 'real' }] });
    const slow = 'import os, time\ndef handler(events, context):\n  os.fork()\n  time.sleep(30)\n';
    const quick = 'def handler(events, context):\n  return 1\n';
    const [late, { outcome }] = await Promise.all([
      world.scriptResult({ ...aScript(slow), timeoutSeconds: 0.3 }),
      world.scriptResult(aScript(quick)),
    ]);
    expect(late).toMatchObject({ outcome: { error: 'The script took too long and was stopped' } });
    expect(outcome).toEqual({ value: 1 });
  });

  it.each([
    ['exits with a word', 'import sys\ndef handler(events, context):\n  sys.exit("no job")\n', 'no job'],
    ['ends its process', 'import os\ndef handler(events, context):\n  os._exit(3)\n', ''],
    ['is killed', 'import os\ndef handler(events, context):\n  os.kill(os.getpid(), 9)\n', ''],
  ])('fails when it %s, and the next one runs', async (_, script, message) => {
    expect(await outcomeOf(script)).toEqual({ error: `Failed to run the script: ${message}` });
    expect(await outcomeOf('def handler(events, context):\n  return 1\n')).toEqual({ value: 1 });
  });

  it('inherits nothing of this process but PATH', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret-of-the-laptop');
    const outcome = await outcomeOf('import os\ndef handler(events, context):\n  return sorted(os.environ)\n');
    expect(outcome).toEqual({ value: expect.arrayContaining(['PATH']) });
    expect(JSON.stringify(outcome)).not.toContain('AWS');
  });

  it('says what to do on a machine without Python', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const world = aWorld({ scripts: [{ run: 'real' }] });
    await expect(world.scriptResult(aScript('def handler(e, c): return 1'))).rejects.toMatchObject({
      name: 'ProgramMissingError',
      message: expect.stringMatching(/no python3.*install it, or describe/),
    });
  });
});

describe('a Python script that the world answers', () => {
  it('gives the described output or error, filled from its input, and fails loudly for any other', async () => {
    const world = aWorld({
      scripts: [
        { document: 'handsoff-*', input: { id: ['1'] }, output: { id: '{{input.id}}', at: [1] } },
        { step: 'read', input: { id: ['2'] }, error: 'Traceback' },
      ],
    });
    expect(await world.scriptResult(aScript('', { id: '1' }))).toEqual({
      outcome: { value: { id: '1', at: [1] } },
      lastsMs: 0,
    });
    expect(await world.scriptResult(aScript('', { id: '2' }))).toMatchObject({ outcome: { error: 'Traceback' } });
    await expect(world.scriptResult(aScript('', { id: '3' }))).rejects.toThrow(
      'the script of the step read in handsoff-x',
    );
    expect(world.scripts()).toHaveLength(3);
  });

  it.each([
    [{ scripts: [{ step: 'a' }] }, 'scripts[0]: needs exactly one of output, error and run'],
    [{ scripts: [{ output: 1, files: {} }] }, 'scripts[0].files: goes with run: real'],
    [{ scripts: [{ output: '{{x}}' }] }, 'scripts[0].output: has the template {{x}}'],
    [{ commands: [{ run: 'real', stdout: 'x' }] }, 'commands[0].stdout: does not go with run: real'],
    [{ commands: [{ paths: ['/var'] }] }, 'commands[0].paths: goes with run: real'],
    [{ commands: [{ run: 'real', files: { '../x': '' } }] }, 'is not a path below the folder'],
    [{ commands: [{ run: 'real', files: { '/etc/x': '' } }] }, 'is not a path below the folder'],
    [{ commands: [{ run: 'real', paths: ['var'] }] }, 'is not an absolute path'],
  ])('is refused as %j', (description, problem) => {
    expect(() => parseWorld(description)).toThrow(problem);
  });
});
