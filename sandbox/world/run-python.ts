import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DescribedScript } from './description.ts';
import { parseDurationMs } from './duration.ts';
import { type HostedEnd, hostFiles, PythonHost } from './python-host.ts';
import { RealFolder } from './real-folder.ts';
import { REAL_LIMIT_MS } from './real-process.ts';
import type { ScriptRequest, ScriptResult } from './script.ts';

/**
 * Really runs the script of `aws:executeScript` with this machine's Python, in a folder of its own. It has the standard
 * library alone: what asks AWS with boto3 has to be answered by the world. How long it takes does not count: `lasts` does.
 */
export async function runPython(described: DescribedScript, request: ScriptRequest): Promise<ScriptResult> {
  const { files: seeds = {}, lasts } = described;
  const { script, handler, input, timeoutSeconds } = request;
  const folder = await RealFolder.make(seeds);
  try {
    await writeFile(join(folder.path, hostFiles.script), script);
    const seconds = Math.min(timeoutSeconds, REAL_LIMIT_MS / 1000);
    const host = PythonHost.on(process.env['PATH'] ?? '/usr/bin:/bin');
    const end = await host.run({ directory: folder.path, handler, input, seconds });
    const own: readonly string[] = Object.values(hostFiles);
    const files = (await folder.files()).filter((name) => !own.includes(name));
    return { outcome: await readOutcome(folder.path, end), files, lastsMs: parseDurationMs(lasts ?? '0s') };
  } finally {
    await folder.remove();
  }
}

async function readOutcome(folder: string, { exitCode, isLate }: HostedEnd): Promise<ScriptResult['outcome']> {
  if (isLate) return { error: 'The script took too long and was stopped' };
  const read = async (name: string) => readFile(join(folder, name), 'utf8');
  if (exitCode !== 0) return { error: `Failed to run the script: ${(await read(hostFiles.stderr)).trim()}` };
  const value: unknown = JSON.parse(await read(hostFiles.result));
  return { value };
}
