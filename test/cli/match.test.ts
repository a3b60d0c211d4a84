import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

const REPOSITORY = join(import.meta.dirname, '../..');
/** The command as one file, since this is about how its process ends, and to load its sources takes ten times as long. */
const BUNDLED = join(REPOSITORY, '.build/test-match.mjs');
const RUN = `import { matchCommand } from ${JSON.stringify(pathToFileURL(BUNDLED).href)};
  await matchCommand().parseAsync(process.argv.slice(1), { from: 'user' });`;

let directory: string;

beforeAll(() => {
  const entryPoints = [join(REPOSITORY, 'cli/match.ts')];
  buildSync({ entryPoints, outfile: BUNDLED, bundle: true, packages: 'external', platform: 'node', format: 'esm' });
  directory = mkdtempSync(join(tmpdir(), 'match-'));
  const files = {
    pattern: '{"detail": {"n": [{"numeric": [">", 1]}]}}',
    event: '{"detail": {"n": 2}}',
    other: '\ufeff{"detail": {"n": 1}}',
    invalid: '{"detail": {\n  "n": 5}}',
    broken: '{"detail"',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
});

function run(parameters: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const files = parameters.map((parameter) => (/^\w+$/.test(parameter) ? join(directory, parameter) : parameter));
  const node = ['--input-type=module', '-e', RUN, '--', ...files];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, { cwd: REPOSITORY, input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('handsoff match', () => {
  it.each([
    [['--pattern', 'pattern', '--event', 'event'], 'true\n'],
    [['--pattern', 'pattern', '--event', 'other'], 'false\n'],
    [['--pattern', 'pattern', '--event', 'event', '--json'], '{"matches":true}\n'],
  ])('exits 0 for %j', (parameters, stdout) => {
    expect(run(parameters)).toEqual({ status: 0, stdout, stderr: '' });
  });

  it.each([
    [['--pattern', '-', '--event', 'event'], '{"detail": {"n": [2]}}'],
    [['--pattern', 'pattern', '--event', '-'], '{"detail": {"n": 3}}'],
  ])('reads standard input for %j', (parameters, input) => {
    expect(run(parameters, input)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
  });

  it.each([
    [
      'a pattern that EventBridge refuses',
      ['--pattern', 'invalid', '--event', 'event'],
      /"n" must be an object or an array\n at field detail\.n, line 2, column 8\n in .*invalid/,
    ],
    ['a malformed pattern', ['--pattern', 'broken', '--event', 'event'], /Event pattern is not valid/],
    [
      'a malformed event',
      ['--pattern', 'pattern', '--event', 'broken'],
      /The event is not valid JSON: .*\n in .*broken: correct the event/,
    ],
    [
      'a file that is not there',
      ['--pattern', 'missing', '--event', 'event'],
      /pattern cannot be read from .*missing.*give --pattern a file/,
    ],
    ['standard input twice', ['--pattern', '-', '--event', '-'], /cannot both be -/],
  ])('exits 2 for %s', (_, parameters, stderr) => {
    expect(run(parameters)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(stderr) });
  });

  it('gives the reason as JSON when asked', () => {
    const { status, stdout } = run(['--pattern', 'invalid', '--event', 'event', '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: expect.stringContaining('at field detail.n') });
  });
});
