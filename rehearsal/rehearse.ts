import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLock } from '../infra/certificates.ts';
import { bundleWorker } from './bundle-worker.ts';
import {
  type ChosenRunbooks,
  type PreparedRehearsal,
  type PreparedRunbook,
  type PreparedRunbooks,
  prepareRehearsal,
} from './prepare-rehearsal.ts';
import { type RunbookRehearsal, type ScenarioResult, withProblems } from './runbook-rehearsal.ts';
import type { FromWorker, HappenedInFile, ToWorker } from './worker-messages.ts';

/** What is rehearsed, and who hears of it. */
export interface RehearseOptions {
  readonly chosen: ChosenRunbooks;
  /** Synthesises it into a directory, which is removed in the end. The processes start meanwhile. @default prepareRehearsal */
  readonly prepare?: typeof prepareRehearsal;
  /** Told when the stack is synthesised, and what exactly is rehearsed. */
  readonly onPrepared?: (runbooks: readonly PreparedRunbook[]) => void;
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

/**
 * All functions run in the process that plays, and what they ask of AWS makes many objects that soon are none: with more
 * room for young ones there is less to clear away.
 */
const workerFlags = ['--max-semi-space-size=64', '--min-semi-space-size=32'];

/** Rehearses runbooks side by side, each process on a stack of its own. Answers in the order in which they were given. */
export async function rehearse(options: RehearseOptions): Promise<RunbookRehearsal[]> {
  const { chosen, prepare = prepareRehearsal, workers = availableParallelism(), signal } = options;
  signal?.throwIfAborted();
  const count = Math.max(1, Math.min(workers, chosen.runbooks.length));
  // One of its own: others may rehearse in this checkout at the same time.
  const buildDirectory = mkdtempSync(join(tmpdir(), 'handsoff-rehearsal-'));
  const starting = bundleWorker().then((worker) => Array.from({ length: count }, () => startChild(worker)));
  const toAll = (what: (child: ChildProcess) => void) =>
    void starting.then((children) => children.forEach(what)).catch(() => {});
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const end = () => reject(new Error('The rehearsal was stopped.'));
    signal?.addEventListener('abort', end, { once: true, signal: over.signal });
  });
  try {
    const preparing = prepare(chosen, buildDirectory, (directories) =>
      toAll((child) => tell(child, { kind: 'link', directories })),
    );
    const [children, prepared] = await Promise.race([Promise.all([starting, preparing]), aborted]);
    options.onPrepared?.(prepared.runbooks);
    return await Promise.race([playAll(children, prepared, options), aborted]);
  } finally {
    over.abort();
    toAll((child) => child.kill('SIGKILL'));
    await rm(buildDirectory, { recursive: true, force: true });
  }
}

async function playAll(
  children: readonly ChildProcess[],
  { runbooks, ...prepared }: PreparedRunbooks,
  options: RehearseOptions,
): Promise<RunbookRehearsal[]> {
  // Whoever has most to play begins, so that nobody plays alone at the end.
  const waiting = runbooks.toSorted((a, b) => weightOf(b) - weightOf(a));
  const looking = options.hasMatrices ? problemsOfFolders(prepared.projectRoot, runbooks) : undefined;
  const results = new Map<string, Promise<RunbookRehearsal>>();
  const finish = async (played: RunbookRehearsal) => {
    const result = withProblems(played, (await looking)?.get(played.id) ?? []);
    options.onRunbook?.(result);
    return result;
  };
  await Promise.all([
    looking,
    ...children.map((child) =>
      workThrough(child, waiting, prepared, options, (played) => {
        const finished = finish(played);
        // Whoever waits for all of it hears what went wrong with it.
        finished.catch(() => undefined);
        results.set(played.id, finished);
      }),
    ),
  ]);
  return Promise.all(runbooks.flatMap(({ manifest }) => results.get(manifest.id) ?? []));
}

/** What `handsoff validate` says of each runbook: a certificate lets it act, so its folder has to be right as well. */
async function problemsOfFolders(
  projectRoot: string,
  runbooks: readonly PreparedRunbook[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  // Loaded when the processes play: until then this one has enough to do.
  const [{ isOfRunbook, validateRunbooks }, { problemText }, { readProjectFacts }] = await Promise.all([
    import('../validation/validate-runbooks.ts'),
    import('../infra/config/source-file.ts'),
    import('../validation/project-facts.ts'),
  ]);
  const ids = runbooks.map(({ manifest }) => manifest.id);
  const seenDefinitions = new Set(runbooks.filter(isDefinitionSeen).map(({ manifest }) => manifest.id));
  const { problems } = await validateRunbooks(projectRoot, ids, { ...readProjectFacts(projectRoot), seenDefinitions });
  return new Map(ids.map((id) => [id, problems.filter((problem) => isOfRunbook(id, problem)).map(problemText)]));
}

/** Whether its certificate is of this very definition: it got it only because nothing was wrong with that. */
function isDefinitionSeen({ directory, artifacts }: PreparedRunbook): boolean {
  const file = 'definition.asl.json';
  const certified = readLock(directory)?.artifacts[file];
  return certified !== undefined && certified === artifacts[file];
}

/** One process takes one runbook after another until none is left. */
async function workThrough(
  child: ChildProcess,
  waiting: PreparedRunbook[],
  prepared: PreparedRehearsal,
  { hasMatrices, onScenario, onHappened }: RehearseOptions,
  onRunbook: (result: RunbookRehearsal) => void,
): Promise<void> {
  const goOn = () => {
    const runbook = waiting.shift();
    tell(child, runbook ? { kind: 'rehearse', runbook } : { kind: 'close' });
  };
  tell(child, { kind: 'open', prepared, hasMatrices });
  await listen(child, (message) => {
    if (message.kind === 'scenario') onScenario?.(message.runbook, message.result);
    if (message.kind === 'happened') onHappened?.(message);
    if (message.kind === 'runbook') onRunbook(message.result);
    if (message.kind === 'failed') throw failureOf(message);
    if (message.kind === 'ready' || message.kind === 'runbook') goOn();
  });
}

/** What a stack does not come up with is most often wrong in a folder. */
function failureOf({ message, stack }: { readonly message: string; readonly stack: string | undefined }): Error {
  const error = new Error(`${message}\nIf that is in a runbook, npx handsoff validate says where, and what to do.`);
  if (stack) error.stack = stack;
  return error;
}

function tell(child: ChildProcess, message: ToWorker): void {
  // One that has ended is heard of elsewhere.
  child.send(message, () => undefined);
}

function startChild(worker: string): ChildProcess {
  return fork(worker, {
    serialization: 'advanced',
    execArgv: workerFlags,
    env: { ...process.env, TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
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
    const end = (code: number | null, killed: string | null) => {
      if (code === 0) resolve();
      else reject(new Error(`A rehearsing process ended ${killed ? `by ${killed}` : `with code ${code}`}.`));
    };
    // It may have ended before there was anything to tell it.
    if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode ?? 1, child.signalCode);
    else child.on('exit', end);
  });
}

function weightOf({ manifest }: PreparedRunbook): number {
  return (manifest.remediation ? 10 : 0) + manifest.mutations.length + manifest.diagnostics.length;
}
