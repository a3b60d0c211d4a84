import { spawn } from 'node:child_process';

/** How long a script of a rehearsal may really run, in milliseconds of this machine's time. */
export const REAL_LIMIT_MS = 20_000;
/** Beyond any output that SSM keeps, in characters. */
const MAX_OUTPUT = 200_000;

/** Raised when this machine lacks a program that a rehearsal really runs. */
export class ProgramMissingError extends Error {
  override readonly name = 'ProgramMissingError' as const;

  constructor(program: string, cause: unknown) {
    super(
      `This machine has no ${program}, which a rehearsal with "run: real" needs: install it, or describe in the world what the script gives.`,
      { cause },
    );
  }
}

/** The error of a program that could not be started: a `ProgramMissingError` where this machine does not have it. */
export function whyNotStarted(program: string, error: Error): Error {
  return 'code' in error && error.code === 'ENOENT' ? new ProgramMissingError(program, error) : error;
}

/** A program to run for real. It inherits nothing but PATH. */
export interface RealProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly limitMs: number;
}

/** How a program ended. */
export interface RealEnd {
  /** -1 when it was stopped. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly isLate: boolean;
}

/** Runs a program to its end, or stops it and all that it started. Throws a `ProgramMissingError`. */
export function runProgram({ program, args, directory, environment, limitMs }: RealProgram): Promise<RealEnd> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...environment };
    const child = spawn(program, args, { cwd: directory, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    let isLate = false;
    const stop = () => {
      isLate = true;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(stop, limitMs);
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        if (texts[stream].length < MAX_OUTPUT) texts[stream] += text;
      });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(whyNotStarted(program, error));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ...texts, exitCode: isLate ? -1 : (code ?? -1), isLate });
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
