import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandRequest, CommandResult } from './command.ts';
import type { DescribedCommand } from './description.ts';
import { parseDurationMs } from './duration.ts';
import { RealFolder } from './real-folder.ts';
import { REAL_LIMIT_MS, runProgram } from './real-process.ts';

/** Raised for a script whose parameters point out of the folder that it may work in. */
export class OutsideFolderError extends Error {
  override readonly name = 'OutsideFolderError' as const;

  constructor(variable: string, path: string) {
    super(
      `${variable} is ${path}, a path of this machine: name it, or one above it, in "paths" of the command, so that the folder of the rehearsal stands for it.`,
    );
  }
}

/**
 * Really runs the script of a command, as the agent would: its lines in a file that `sh` starts, with the variables of its
 * parameters, in a folder of its own. The absolute `paths` that the world names lie in that folder; that alone is changed in
 * the script, in the variables, and back again in what it prints. How long it takes does not count: `lasts` does.
 */
export async function runShell(described: DescribedCommand, request: CommandRequest): Promise<CommandResult> {
  const { paths = [], files = {}, lasts } = described;
  const { script = [], environment = {}, timeoutSeconds = Number.POSITIVE_INFINITY } = request;
  refuseOutside(environment, paths);
  const folder = await RealFolder.make(files);
  try {
    const inFolder = (text: string) => movePaths(text, paths, folder.path);
    const file = join(folder.path, '_script.sh');
    await writeFile(file, inFolder(script.join('\n')));
    await chmod(file, 0o700);
    const end = await runProgram({
      program: 'sh',
      args: ['-c', file],
      directory: folder.path,
      environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, inFolder(value)])),
      limitMs: Math.min(timeoutSeconds * 1000, REAL_LIMIT_MS),
    });
    const asOnNode = (text: string) => text.replaceAll(folder.path, '');
    return {
      status: end.isLate ? 'TimedOut' : end.exitCode === 0 ? 'Success' : 'Failed',
      exitCode: end.exitCode,
      stdout: asOnNode(end.stdout),
      stderr: asOnNode(end.stderr),
      lastsMs: parseDurationMs(lasts ?? '0s'),
      files: (await folder.files()).filter((name) => name !== '_script.sh'),
    };
  } finally {
    await folder.remove();
  }
}

function refuseOutside(environment: Readonly<Record<string, string>>, paths: readonly string[]): void {
  for (const [name, value] of Object.entries(environment)) {
    const isInside = paths.some((path) => value === path || value.startsWith(`${path}/`));
    if (value.startsWith('/') && !isInside) throw new OutsideFolderError(name, value);
  }
}

/** Puts the folder before every mention of one of the paths, where it begins a path and ends with a whole name of it. */
function movePaths(text: string, paths: readonly string[], folder: string): string {
  if (paths.length === 0) return text;
  const longestFirst = [...paths].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((path) => path.replaceAll(/[.+?^${}()|[\]\\*]/g, '\\$&'));
  const mention = new RegExp(`(?<![\\w./-])(?:${escaped.join('|')})(?![\\w.-])`, 'g');
  return text.replaceAll(mention, (path) => folder + path);
}
