import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runProgram } from '../../sandbox/world/real-process.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compress-logs-'));
  for (const name of ['log', 'bin']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A log that was rotated two days ago. */
function rotated(name: string): void {
  const path = join(folder, 'log', name);
  writeFileSync(path, 'rotated');
  utimesSync(path, Date.now() / 1000 - 172_800, Date.now() / 1000 - 172_800);
}

/** Stands before a program of this machine. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'bin', name), 0o700);
}

async function run(command: string) {
  const file = `statemachines/runbooks/disk-space-low/${command}.command.yaml`;
  const { mainSteps } = parse(readFileSync(file, 'utf8')) as { mainSteps: { inputs: { runCommand: string[] } }[] };
  const script = (mainSteps[0]?.inputs.runCommand ?? [])
    .join('\n')
    .replaceAll('/var/lib/handsoff', join(folder, 'own'));
  return runProgram({
    program: 'bash',
    args: ['-c', script],
    directory: folder,
    environment: {
      SSM_Path: join(folder, 'log'),
      SSM_Since: '2026-11-02T03:00:04.215Z',
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    },
    limitMs: 10_000,
  });
}

describe('compress-logs', () => {
  it('counts what it has compressed, and not what it could not', async () => {
    for (const name of ['a.log.1', 'b.log.1', 'c.log.1']) rotated(name);
    program(
      'gzip',
      'case "$2" in *b.log.1) echo "No space left on device" >&2; exit 1 ;; *) exec /usr/bin/env -i PATH=/usr/bin:/bin gzip "$@" ;; esac',
    );
    const { exitCode, stdout, stderr } = await run('compress-logs');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('compressed 2 of 3 files')]);
    expect(stderr).toContain('Could not compress');
    expect(readdirSync(join(folder, 'log'))).toEqual(['a.log.1.gz', 'b.log.1', 'c.log.1.gz']);
  });

  it('leaves alone what some process has open, and measures it neither', async () => {
    for (const name of ['access.log.1793577600', 'b.log.1']) rotated(name);
    const writer = openSync(join(folder, 'log/access.log.1793577600'), 'a');
    try {
      expect((await run('measure-disk')).stdout).toMatch(/older than a day\n1 files, \d+ KiB\n/);
      expect((await run('compress-logs')).stdout).toContain('compressed 1 of 1 files');
    } finally {
      closeSync(writer);
    }
    expect(readdirSync(join(folder, 'log'))).toEqual(['access.log.1793577600', 'b.log.1.gz']);
  });

  it.each([
    ['takes too long', '[ "$1" = 60 ] && exit 124; shift; exec "$@"'],
    ['shows nothing', 'exit 1'],
  ])('compresses nothing where a look at what is open %s', async (_what, script) => {
    rotated('a.log.1');
    program('timeout', script);
    const { exitCode, stderr } = await run('compress-logs');
    expect([exitCode, stderr]).toEqual([1, 'Which files are open could not be seen.\n']);
    expect(readdirSync(join(folder, 'log'))).toEqual(['a.log.1']);
  });

  it('fails where the disk is so full that nothing could be compressed', async () => {
    rotated('a.log.1');
    program('gzip', 'exit 1');
    await expect(run('compress-logs')).resolves.toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('compressed 0 of 1 files'),
    });
    await expect(run('restore-logs')).resolves.toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(folder, 'log'))).toEqual(['a.log.1']);
  });
});

describe('restore-logs', () => {
  const disk = (freeKib: number) => {
    program(
      'df',
      `echo "Filesystem 1024-blocks Used Available Capacity Mounted on"; echo "/dev/x 9 9 ${freeKib} 99% /"`,
    );
  };

  it('fills no disk that is nearly full, says what stays compressed, and can be run again', async () => {
    for (const name of ['a.log.1', 'b.log.1']) rotated(name);
    await run('compress-logs');
    disk(1);
    const { exitCode, stderr } = await run('restore-logs');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('2 files stay compressed')]);
    expect(readdirSync(join(folder, 'log'))).toEqual(['a.log.1.gz', 'b.log.1.gz']);
    disk(1_000_000);
    await expect(run('restore-logs')).resolves.toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(folder, 'log'))).toEqual(['a.log.1', 'b.log.1']);
  });
});

describe('measure-disk', () => {
  it('says how much compress-logs would take', async () => {
    rotated('a.log.1');
    rotated('b.log-20261031');
    rotated('c.log.1.gz');
    const { stdout } = await run('measure-disk');
    expect(stdout).toMatch(/rotated logs older than a day\n2 files, \d+ KiB\n/);
  });

  it('says of a tree that takes too long that not all of it was seen, and not that there is nothing', async () => {
    program('timeout', 'shift; [ "$1" = find ] && exit 124; exec "$@"');
    const { stdout } = await run('measure-disk');
    expect(stdout).toContain('rotated logs older than a day\nNot all of it was seen.\n0 files');
  });
});
