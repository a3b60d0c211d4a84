import { relative } from 'node:path';
import type { LoadedConfig } from '../infra/config/load-config.ts';
import { type Problem, SourceFile } from '../infra/config/source-file.ts';
import { type Rehearsal, RehearsalFileError, readRehearsal, rehearsalFiles } from '../rehearsal/rehearsal-file.ts';
import { whoTakes } from './who-takes.ts';

/**
 * Where a runbook takes the alert of another one's rehearsal: that one would never be started again, however well rehearsed.
 * Each is said once of the two. And where the alert of a rehearsal starts none, or `default` in place of its own.
 */
export function takenAlerts(projectRoot: string, config: LoadedConfig): readonly Problem[] {
  return config.runbooks.flatMap(({ directory, manifest: { id } }) => {
    const found = rehearsalFiles(directory).flatMap((file) => {
      const rehearsal = readIfRight(file);
      return rehearsal ? [{ file, taker: whoTakes(config, rehearsal.event) }] : [];
    });
    const first = new Map(found.toReversed().map(({ file, taker }) => [taker, file]));
    const missed = found.flatMap(({ file, taker }) =>
      taker === undefined || (taker === 'default' && id !== 'default') ? startsNothing(file, projectRoot) : [],
    );
    const taken = config.runbooks
      .filter(({ manifest }) => manifest.id !== id && manifest.id !== 'default' && first.has(manifest.id))
      .map(({ manifest, at }) => {
        const file = shownAs(first.get(manifest.id) ?? '', projectRoot);
        return at(
          ['match'],
          `takes the alert of ${file}, which is to start ${id}; narrow it until it does not, or extend that runbook instead.`,
        );
      });
    return [...missed, ...taken];
  });
}

function startsNothing(file: string, projectRoot: string): readonly Problem[] {
  const source = SourceFile.read(file, shownAs(file, projectRoot));
  const message =
    'this event does not start the runbook; correct it, or match in runbook.yaml. npx handsoff explain shows what an event is read as.';
  return source ? [source.at(['event'], message)] : [];
}

function shownAs(file: string, projectRoot: string): string {
  return relative(projectRoot, file).replaceAll('\\', '/');
}

/** What is wrong with one that cannot be read is said elsewhere. */
function readIfRight(file: string): Rehearsal | undefined {
  try {
    return readRehearsal(file);
  } catch (error) {
    if (error instanceof RehearsalFileError) return undefined;
    throw error;
  }
}
