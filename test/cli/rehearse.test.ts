import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { chooseRunbooks } from '../../rehearsal/prepare-rehearsal.ts';
import { rehearse } from '../../rehearsal/rehearse.ts';
import { AProject } from '../infra/a-project.ts';
import { testAssembly } from '../support/stage.ts';

const repository = join(import.meta.dirname, '../..');
/** What the command needs of a checkout beside what a project of a test has, and itself. */
const parts = [
  'cdk.json',
  'event-pattern',
  'functions',
  'infra',
  'node_modules',
  'package.json',
  'rehearsal',
  'sandbox',
];

/** Runs the command in a group of its own, as a terminal does. */
function start(...parameters: string[]) {
  return startIn(repository, ...parameters);
}

function startIn(cwd: string, ...parameters: string[]) {
  const child = spawn(process.execPath, ['cli/handsoff.mjs', 'rehearse', ...parameters], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  // As a shell has it of what a signal ended before it could say so itself.
  const ended = once(child, 'close').then(([code, signal]) => ({
    status: signal === 'SIGINT' ? 130 : Number(code),
    ...printed,
  }));
  return { group: -(child.pid ?? 0), ended };
}

describe('handsoff rehearse', () => {
  it('ends 2 for a runbook that is not there, and names those that are', async () => {
    const { status, stdout, stderr } = await start('nothing').ended;
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^handsoff: There is no runbook nothing\. There are: .*disk-space-low.*\.\n$/);
  });

  it.each([300, 1500])('ends 130 and says nothing when a key stops it after %i ms, with all it started', async (ms) => {
    const { group, ended } = start('default', '--quick');
    await setTimeout(ms);
    process.kill(group, 'SIGINT');
    expect(await ended).toEqual({ status: 130, stdout: '', stderr: '' });
    await vi.waitFor(() => expect(() => process.kill(group, 0)).toThrow('ESRCH'), 20_000);
  });
});

/** A checkout of its own, with the runbook `default` alone. */
function aCheckout(): AProject {
  const project = new AProject(['default']);
  cpSync(join(repository, 'cli'), join(project.root, 'cli'), { recursive: true });
  for (const part of parts) symlinkSync(join(repository, part), join(project.root, part));
  return project;
}

it('handsoff rehearse --junit says what kept everything from being rehearsed, in place of what an earlier run wrote', async () => {
  const project = aCheckout();
  project.edit('config/services.yaml', 'times: 3', 'times: 0');
  project.edit('config/oncall.yaml', 'U0HANDSOFF2', 'sam');
  project.write('rehearsals.xml', '<testsuites/>');
  expect(await startIn(project.root, '--junit', 'rehearsals.xml').ended).toMatchObject({ status: 2 });
  const report = readFileSync(join(project.root, 'rehearsals.xml'), 'utf8');
  expect(report).toContain('<testsuite name="handsoff rehearse" tests="2" failures="2"');
  expect(report).toMatch(/<failure message="config\/services\.yaml:\d+:\d+: [^"]*times/);
  expect(report).toMatch(/<failure message="config\/oncall\.yaml:\d+:\d+: [^"]*slack/);
});

it('handsoff rehearse --quick certifies nothing', async () => {
  const project = aCheckout();
  const lock = 'statemachines/runbooks/default/rehearsal.lock.json';
  project.remove(lock);
  const { status, stdout } = await startIn(project.root, 'default', '--quick').ended;
  expect(stdout).toContain('All 1 passed.');
  expect({ status, isCertified: existsSync(join(project.root, lock)) }).toEqual({ status: 0, isCertified: false });
});

/** Rehearses a project's runbook `default`, on a stack that is there already. */
async function rehearseDefault(project: AProject) {
  for (const part of ['functions', 'sandbox']) symlinkSync(join(repository, part), join(project.root, part));
  const chosen = chooseRunbooks(project.root, ['default']);
  const runbooks = chosen.runbooks.map(({ directory, manifest }) => ({
    directory,
    manifest,
    artifacts: {},
    rehearsals: {},
  }));
  const prepare = async () => ({ projectRoot: project.root, assembly: testAssembly, runbooks });
  const [result] = await rehearse({ chosen, hasMatrices: true, prepare });
  return result;
}

describe('rehearse', () => {
  it('begins nothing when it was stopped before', async () => {
    const prepare = () => Promise.reject(new Error('It was begun.'));
    const options = { chosen: chooseRunbooks(repository, ['default']), hasMatrices: false, prepare };
    await expect(rehearse({ ...options, signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  });

  it('does not pass what plays well and has something wrong in its folder, and says what', async () => {
    const project = new AProject(['default']);
    project.edit('statemachines/runbooks/default/README.md', '**By hand**', '**With care**');
    const result = await rehearseDefault(project);
    expect(result?.scenarios.filter(({ passed }) => !passed)).toEqual([]);
    const problem = expect.stringMatching(/^statemachines\/runbooks\/default\/README\.md:1:1: .*\*\*By hand\*\*/);
    expect(result).toMatchObject({ passed: false, problems: [problem] });
  });

  it('says what cannot be read, and not all that is missed for want of it', async () => {
    const project = new AProject(['default']);
    const file = 'statemachines/runbooks/default/rehearsals/unreadable.yaml';
    project.write(file, 'title: [\n');
    const result = await rehearseDefault(project);
    expect(result).toMatchObject({ passed: false, whole: false });
    expect(result?.problems).toEqual([expect.stringMatching(new RegExp(`^${file}:\\d+:\\d+: is not YAML: `))]);
    expect(result?.scenarios.filter(({ kind }) => kind !== 'rehearsal')).toEqual([]);
  });

  it('says what kept the stack from coming up in a line, and what to ask then', async () => {
    const chosen = chooseRunbooks(repository, ['default']);
    const prepared = chosen.runbooks.map((folder) => ({ ...folder, artifacts: {}, rehearsals: {} }));
    const prepare = async () => ({ projectRoot: repository, assembly: '/nowhere', runbooks: prepared });
    const error = await rehearse({ chosen, hasMatrices: false, prepare }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringMatching(/^[^\n]*nowhere[^\n]*\n.*npx handsoff validate/) });
  });
});
