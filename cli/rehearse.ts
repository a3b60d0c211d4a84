import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import type { PreparedRunbook } from '../rehearsal/prepare-rehearsal.ts';
import type { RunbookRehearsal } from '../rehearsal/runbook-rehearsal.ts';
import type { ChangedRunbooks } from '../rehearsal/watch-runbooks.ts';
import { messageOf } from './message-of.ts';
import { checkFolderOf } from './output-file.ts';
import { paint } from './paint.ts';
import { projectRoot } from './project-root.ts';

interface RehearseCommandOptions {
  readonly quick?: true;
  readonly update?: true;
  readonly watch?: true;
  readonly json?: true;
  readonly junit?: string;
}

const help = `
Exit codes: 0 everything passed, 1 something did not, 2 nothing could be rehearsed.

A runbook that passes, and in which npx handsoff validate finds nothing wrong, gets its certificate,
rehearsal.lock.json in its folder: commit it. Without one, or with one of another version, the runbook is deployed in
observe.

Examples:
  npx handsoff rehearse                                every runbook
  npx handsoff rehearse disk-space-low                 one runbook, step by step
  npx handsoff rehearse disk-space-low --quick         only its own rehearsals, while you write them
  npx handsoff rehearse disk-space-low --quick --watch and again whenever a file of it changes
  npx handsoff rehearse disk-space-low --update        expect what happened; read the difference, and rehearse again
  npx handsoff rehearse --junit rehearsals.xml         for CI`;

const paints = {
  good: (text: string) => paint('green', text),
  bad: (text: string) => paint('red', text),
  quiet: (text: string) => paint('dim', text),
  strong: (text: string) => paint('bold', text),
};

/** `handsoff rehearse`: plays runbooks on the stack exactly as it would be deployed, and checks what comes of it. */
export function rehearseCommand(): Command {
  return new Command('rehearse')
    .description('Rehearse runbooks on the stack as it would be deployed, on a virtual clock, without AWS.')
    .argument('[id...]', 'ids of runbooks (default: all of them)')
    .option('--quick', 'only the rehearsals in the folders: nothing that is generated breaks, no guard is tried')
    .option('--watch', 'stay, and rehearse again what changes')
    .option(
      '--update',
      'where something else was expected, write what happened into the rehearsal files, and keep every other line',
    )
    .option('--json', 'print the results as JSON, and nothing else on standard output')
    .option('--junit <file>', 'write the results, or why there are none, as a JUnit file, for CI')
    .addHelpText('after', help)
    .action(async (ids: string[], options: RehearseCommandOptions) => {
      // Until this is loaded nothing has been started, and a key ends it at once.
      await loadRehearsal();
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      try {
        // From the beginning: what is saved during the first run is not missed.
        const changes = options.watch ? await watchRunbooks(stop.signal) : undefined;
        if (changes) await watch(changes, ids, options, stop.signal);
        else process.exitCode = await run(ids, options, stop.signal);
      } catch (error) {
        // A key that stops this stops what it has started as well, and that may be heard of first.
        await setTimeout(100);
        if (!stop.signal.aborted) {
          stop.abort();
          throw error;
        }
        // Something may still be synthesised, for nobody.
        process.exit(130);
      }
    });
}

/** What no other command needs: loaded when it is asked for. */
function loadRehearsal() {
  return Promise.all([
    import('../rehearsal/prepare-rehearsal.ts'),
    import('../rehearsal/rehearse.ts'),
    import('../rehearsal/report-tree.ts'),
    import('../rehearsal/update-expectations.ts'),
    import('../rehearsal/certify-runbook.ts'),
    // Synthesis loads it as well, when a key must not find anything still being loaded.
    import('../infra/make-app.ts'),
  ]);
}

async function run(ids: readonly string[], options: RehearseCommandOptions, signal: AbortSignal): Promise<number> {
  const { json, junit } = options;
  const began = performance.now();
  if (junit) checkFolderOf('--junit', junit);
  const say = json ? () => undefined : (line: string) => console.log(line);
  const { results, raised } = await play(ids, options, signal, say).catch(async (error: unknown) => {
    // What an earlier run wrote would be taken for what this one found.
    if (junit && !signal.aborted)
      await writeJunit(junit, [(await import('./nothing-rehearsed.ts')).nothingRehearsed(error)]);
    throw error;
  });
  if (junit) await writeJunit(junit, results);
  if (json) console.log(JSON.stringify(results, null, 2));
  say('');
  for (const { id, mode } of raised)
    say(paint('dim', `${id} is in observe, and was played in ${mode}, the mode that it would be raised to.`));
  say(verdictOf(results, performance.now() - began));
  return results.every(({ passed }) => passed) ? 0 : 1;
}

async function writeJunit(file: string, results: readonly RunbookRehearsal[]): Promise<void> {
  const { reportJunit } = await import('../rehearsal/report-junit.ts');
  writeFileSync(file, reportJunit(results));
}

/** Rehearses, says what comes of each runbook, and certifies those that pass. */
async function play(
  ids: readonly string[],
  { quick, update, json }: RehearseCommandOptions,
  signal: AbortSignal,
  say: (line: string) => void,
) {
  const [{ chooseRunbooks }, { rehearse }, { reportTree }, { updateExpectations }, { certifyRunbook }] =
    await loadRehearsal();
  const progress = showProgress();
  const chosen = chooseRunbooks(projectRoot, ids);
  progress('synthesising the stack');
  let prepared: readonly PreparedRunbook[] = [];
  const results = await rehearse({
    chosen,
    onPrepared: (runbooks) => {
      prepared = runbooks;
      progress('bringing the stack up');
    },
    hasMatrices: !quick && !update,
    signal,
    onScenario: (id, { name }) => progress(`${id}: ${name}`),
    onRunbook: (result) => {
      progress('');
      for (const line of reportTree(result, { paints, showsSteps: ids.length > 0 })) say(line);
    },
    ...(update && {
      onHappened: ({ file, happened, expected }) => {
        if (!updateExpectations(file, happened, expected)) return;
        progress('');
        (json ? console.error : console.log)(
          `wrote ${relative(projectRoot, file)}: read the difference, and rehearse again.`,
        );
      },
    }),
  }).finally(() => progress(''));
  for (const result of results) {
    const runbook = prepared.find(({ manifest }) => manifest.id === result.id);
    if (runbook) certifyRunbook(runbook, result);
  }
  return { results, raised: chosen.raised };
}

function verdictOf(results: readonly RunbookRehearsal[], elapsedMs: number): string {
  const failed = results.filter(({ passed }) => !passed);
  const scenarios = results.reduce((sum, result) => sum + result.scenarios.length, 0);
  const played = paint(
    'dim',
    `${scenarios} ${scenarios === 1 ? 'scenario' : 'scenarios'} in ${(elapsedMs / 1000).toFixed(1)} s`,
  );
  if (failed.length === 0) return `${paint('green', `All ${results.length} passed.`)} ${played}`;
  return `${paint('red', `${failed.length} of ${results.length} did not pass: ${failed.map(({ id }) => id).join(', ')}.`)} ${played}`;
}

async function watchRunbooks(signal: AbortSignal): Promise<AsyncIterable<ChangedRunbooks>> {
  const { changedRunbooks } = await import('../rehearsal/watch-runbooks.ts');
  return changedRunbooks(projectRoot, signal);
}

/** Rehearses, and again what a file changes of, until it is stopped. What cannot be rehearsed may be mended. */
async function watch(
  changes: AsyncIterable<ChangedRunbooks>,
  ids: readonly string[],
  options: RehearseCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const { UnknownRunbookError } = await import('../infra/config/find-runbooks.ts');
  let isFirst = true;
  let isMended = true;
  const attempt = async (wanted: readonly string[]): Promise<void> => {
    try {
      process.exitCode = await run(wanted, options, signal);
      isMended = true;
    } catch (error) {
      // A name of which there is no runbook was not meant.
      if (signal.aborted || (isFirst && error instanceof UnknownRunbookError)) throw error;
      isMended = false;
      console.error(`handsoff: ${messageOf(error)}`);
      process.exitCode = 2;
    }
    isFirst = false;
    console.error(paint('dim', 'Waiting for changes. Ctrl-C ends this.'));
  };
  await attempt(ids);
  for await (const changed of changes) {
    // What kept it from being rehearsed may stand in any folder, and all that was asked for is still to be done.
    if (!isMended || changed === 'all') await attempt(ids);
    else {
      const wanted = ids.length === 0 ? changed : changed.filter((id) => ids.includes(id));
      if (wanted.length > 0) await attempt(wanted);
    }
  }
}

/** One line on a terminal that says what is being done; nothing elsewhere. */
function showProgress(): (what: string) => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => undefined;
  return (what) => {
    stderr.write(`\r\x1b[2K${what.slice(0, (stderr.columns || 80) - 1)}`);
  };
}
