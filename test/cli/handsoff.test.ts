import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { explainAws } from '../../cli/explain-aws.ts';
import { newCommand } from '../../cli/new.ts';
import { validateCommand } from '../../cli/validate.ts';

const repository = join(import.meta.dirname, '../..');

/** This environment without an account of AWS. */
const nowhere = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
};

function handsoff(...parameters: string[]): { status: number | null; stdout: string; stderr: string } {
  const node = ['cli/handsoff.mjs', ...parameters];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, {
    cwd: repository,
    encoding: 'utf8',
    input: '',
    env: nowhere,
  });
  return { status, stdout, stderr };
}

describe('handsoff', () => {
  it.each([
    [['rehears'], /unknown command 'rehears'\n\(Did you mean rehearse\?\)\nSee `npx handsoff --help`\.\n$/],
    [['rehearse', '--loud'], /unknown option '--loud'\nSee `npx handsoff rehearse --help`\.\n$/],
    [['match', '--pattern', 'pattern'], /required option .*--event/],
  ])('ends 2 and says why when it does not understand %j', (parameters, message) => {
    const { status, stdout, stderr } = handsoff(...parameters);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('ends 0 when it is asked for help', () => {
    expect(handsoff('rehearse', '--help')).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('handsoff promote', () => {
  it('says in a line, and nothing else, that no account is named', () => {
    const { status, stdout, stderr } = handsoff('promote', 'disk-space-low');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^handsoff: Region is missing\. .*\n$/);
  });

  it('says where it looked for a sandbox that has ended', () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    const refused = new Error('connect ECONNREFUSED 127.0.0.1:9');
    expect(() => explainAws(', or do else')(refused)).toThrow(
      'connect ECONNREFUSED 127.0.0.1:9. AWS_ENDPOINT_URL is http://127.0.0.1:9, where nothing answers: unset it, or set it to what a running sandbox printed, or do else.',
    );
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    expect(() => explainAws('')(refused)).toThrow(/AWS could not be reached; look at the network\.$/);
    vi.unstubAllEnvs();
  });
});

describe('a question of a command', () => {
  /** What a person types on a terminal, and what the command that asked says then. */
  async function typing(keys: string, ...parameters: string[]) {
    const terminal = 'data:text/javascript,process.stdin.isTTY=process.stdout.isTTY=true';
    const node = ['--import', terminal, 'cli/handsoff.mjs', ...parameters];
    const child = spawn(process.execPath, node, { cwd: repository, env: nowhere });
    child.stdin.end(keys);
    const said = text(child.stderr);
    child.stdout.resume();
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, said: await said };
  }

  it.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('that %s ends makes it end 130, and changes nothing', async (_, key) => {
    const seen = [{ incident_id: 'inc-1', opened_at: '2026-11-02T03:00:00.000Z', ending: 'recovered', action: 'x' }];
    const sandbox = createServer((_request, response) => response.end(JSON.stringify(seen))).listen(0, '127.0.0.1');
    await once(sandbox, 'listening');
    const { port } = sandbox.address() as AddressInfo;
    const promotion = ['disk-space-low', '--from-sandbox', '--port', `${port}`];
    expect(await typing(key, 'promote', ...promotion)).toEqual({
      status: 130,
      said: '\ndisk-space-low stays in mode approve.\n',
    });
    sandbox.close();
    expect(await typing(key, 'new', 'fine-name')).toEqual({ status: 130, said: '\nNothing was made.\n' });
  });
});

describe('handsoff explain', () => {
  it('calls standard input by its name where it is no JSON', () => {
    expect(handsoff('explain', '-').stderr).toMatch(/^handsoff: Standard input is not JSON/);
  });
});

describe('handsoff validate', () => {
  it('ends 0 where nothing is wrong', () => {
    const { status, stdout, stderr } = handsoff('validate', 'default', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ runbooks: ['default'], problems: [], advice: [] });
  });

  it('says so to people', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await validateCommand().parseAsync(['default'], { from: 'user' });
    expect(log.mock.calls).toEqual([['1 runbook: nothing wrong.']]);
    log.mockRestore();
  });

  it('ends 2 for a runbook that is not there, and names those that are', () => {
    const { status, stderr } = handsoff('validate', 'nothing');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^handsoff: There is no runbook nothing\. There are: .*disk-space-low/);
  });
});

describe('handsoff new', () => {
  it.each([
    [['disk-space-low'], /^There is a runbook disk-space-low already.*$/],
    [['Bad_Name'], /^Bad_Name is no name for a runbook.*$/],
    [['fine-name', '--target', 'toaster'], /^--target toaster is not known; choose one of.*$/],
    [['fine-name', '--metric', 'AWS/EC2/StatusCheckFailed'], /^The runbook ec2-status-check-failed takes already.*$/],
  ])('asks nothing without a terminal, refuses %j in one line, and writes nothing', async (parameters, message) => {
    await expect(newCommand().parseAsync(parameters, { from: 'user' })).rejects.toThrow(message);
    expect(existsSync(join(repository, 'statemachines/runbooks/fine-name'))).toBe(false);
  });

  it('ends 2 when it refuses', () => {
    const { status, stdout, stderr } = handsoff('new', 'Bad_Name');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^handsoff: Bad_Name is no name.*\n$/);
  });
});
