import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DescribedScript } from './description.ts';
import { parseDurationMs } from './duration.ts';
import { RealFolder } from './real-folder.ts';
import { REAL_LIMIT_MS, type RealEnd, runProgram } from './real-process.ts';
import type { ScriptRequest, ScriptResult } from './script.ts';

/** Calls the handler with the input and a context, as Automation does, and leaves what it returns in a file of the folder. */
const DRIVER = `import json, sys
names = {"__name__": "script", "exit": sys.exit, "quit": sys.exit}
with open("_script.py") as file:
    exec(compile(file.read(), "script.py", "exec"), names)
request = json.load(sys.stdin)
value = names[request["handler"]](request["input"], {})
with open("_result.json", "w") as file:
    json.dump(value, file)
`;
const DRIVER_FILES = ['_driver.py', '_script.py', '_result.json'];

/** What a script gave for an input, by both: a matrix plays the same one dozens of times, and to start Python is slow. */
const known = new Map<string, Promise<Omit<ScriptResult, 'lastsMs'>>>();

/**
 * Really runs the script of `aws:executeScript` with this machine's Python, in a folder of its own; once in a process for
 * the same input. It has the standard library alone: what asks AWS with boto3 has to be answered by the world. How long it
 * takes does not count: `lasts` does.
 */
export async function runPython(described: DescribedScript, request: ScriptRequest): Promise<ScriptResult> {
  const { files: seeds = {}, lasts } = described;
  const { script, handler, input, timeoutSeconds } = request;
  const key = JSON.stringify([process.env['PATH'], script, handler, input, timeoutSeconds, seeds]);
  const running = known.get(key) ?? runOnce(seeds, request);
  known.set(key, running);
  // What could not be run at all is tried anew: somebody may have installed what was missing.
  running.catch(() => known.delete(key));
  return { ...(await running), lastsMs: parseDurationMs(lasts ?? '0s') };
}

async function runOnce(
  seeds: NonNullable<DescribedScript['files']>,
  { script, handler, input, timeoutSeconds }: ScriptRequest,
): Promise<Omit<ScriptResult, 'lastsMs'>> {
  const folder = await RealFolder.make(seeds);
  try {
    await writeFile(join(folder.path, '_script.py'), script);
    await writeFile(join(folder.path, '_driver.py'), DRIVER);
    const end = await runProgram({
      program: await interpreterOf(process.env['PATH'] ?? ''),
      // Without what is installed beside the standard library, it starts in half the time.
      args: ['-I', '-S', '-B', '_driver.py'],
      directory: folder.path,
      environment: {},
      input: JSON.stringify({ handler, input }),
      limitMs: Math.min(timeoutSeconds * 1000, REAL_LIMIT_MS),
    });
    const files = (await folder.files()).filter((name) => !DRIVER_FILES.includes(name));
    return { outcome: await readOutcome(folder.path, end), files };
  } finally {
    await folder.remove();
  }
}

/** The interpreter itself, by the PATH that it was looked for in: what stands before it, such as a version manager, is slow. */
const interpreters = new Map<string, Promise<string>>();

function interpreterOf(path: string): Promise<string> {
  const found = interpreters.get(path) ?? findInterpreter();
  interpreters.set(path, found);
  return found;
}

async function findInterpreter(): Promise<string> {
  const args = ['-I', '-c', 'import sys; print(sys.executable)'];
  const { stdout } = await runProgram({
    program: 'python3',
    args,
    directory: tmpdir(),
    environment: {},
    limitMs: REAL_LIMIT_MS,
  });
  return stdout.trim() || 'python3';
}

async function readOutcome(folder: string, { exitCode, stderr, isLate }: RealEnd): Promise<ScriptResult['outcome']> {
  if (isLate) return { error: 'The script took too long and was stopped' };
  if (exitCode !== 0) return { error: `Failed to run the script: ${stderr.trim()}` };
  const value: unknown = JSON.parse(await readFile(join(folder, '_result.json'), 'utf8'));
  return { value };
}
