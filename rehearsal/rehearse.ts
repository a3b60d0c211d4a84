import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { PreparedRehearsal, PreparedRunbook } from './prepare-rehearsal.ts';
import type { RunbookRehearsal, ScenarioResult } from './runbook-rehearsal.ts';
import type { FromWorker, HappenedInFile, ToWorker } from './worker-messages.ts';

/** What is rehearsed, and who hears of it. */
export interface RehearseOptions {
  readonly prepared: PreparedRehearsal;
  readonly runbooks: readonly PreparedRunbook[];
  /** Whether everything that can break is played as well, and every guard that has to refuse. */
  readonly hasMatrices: boolean;
  /** Processes that play side by side. @default - one a core, and no more than there are runbooks */
  readonly workers?: number;
  /** Ends the rehearsal when it is aborted. */
  readonly signal?: AbortSignal;
  readonly onScenario?: (runbook: string, result: ScenarioResult) => void;
  readonly onHappened?: (happened: HappenedInFile) => void;
  readonly onRunbook?: (result: RunbookRehearsal) => void;
}

/** Functions run in the process that plays: one heap, and nothing that crosses from one to another. */
const workerFlags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--interrupt-budget=500000'];

const workerFile = fileURLToPath(new URL('./rehearsal-worker.mjs', import.meta.url));

/** Rehearses runbooks side by side, each process on a stack of its own. Answers in the order in which they were given. */
export async function rehearse(options: RehearseOptions): Promise<RunbookRehearsal[]> {
  const { runbooks, workers = availableParallelism() } = options;
  // Whoever has most to play begins, so that nobody plays alone at the end.
  const waiting = runbooks.toSorted((a, b) => weightOf(b) - weightOf(a));
  const results = new Map<string, RunbookRehearsal>();
  const count = Math.max(1, Math.min(workers, runbooks.length));
  await Promise.all(
    Array.from({ length: count }, () =>
      workThrough(waiting, options, (result) => {
        results.set(result.id, result);
        options.onRunbook?.(result);
      }),
    ),
  );
  return runbooks.flatMap(({ manifest }) => results.get(manifest.id) ?? []);
}

/** One process takes one runbook after another until none is left. */
async function workThrough(
  waiting: PreparedRunbook[],
  { prepared, hasMatrices, signal, onScenario, onHappened }: RehearseOptions,
  onRunbook: (result: RunbookRehearsal) => void,
): Promise<void> {
  const child = fork(workerFile, {
    serialization: 'advanced',
    execArgv: workerFlags,
    env: { ...process.env, TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  const tell = (message: ToWorker) => void child.send(message);
  const goOn = () => {
    const runbook = waiting.shift();
    tell(runbook ? { kind: 'rehearse', runbook } : { kind: 'close' });
  };
  try {
    tell({ kind: 'open', prepared, hasMatrices });
    await listen(child, (message) => {
      if (message.kind === 'scenario') onScenario?.(message.runbook, message.result);
      if (message.kind === 'happened') onHappened?.(message);
      if (message.kind === 'runbook') onRunbook(message.result);
      if (message.kind === 'failed') throw new Error(message.message);
      if (message.kind === 'ready' || message.kind === 'runbook') goOn();
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/** Resolves when the process has ended as it was told, and rejects when it ends in any other way. */
function listen(child: ChildProcess, hear: (message: FromWorker) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromWorker) => {
      try {
        hear(message);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    child.on('error', reject);
    child.on('exit', (code, killed) => {
      if (code === 0) resolve();
      else reject(new Error(`A rehearsing process ended ${killed ? `by ${killed}` : `with code ${code}`}.`));
    });
  });
}

function weightOf({ manifest }: PreparedRunbook): number {
  return (manifest.remediation ? 10 : 0) + manifest.mutations.length + manifest.diagnostics.length;
}
