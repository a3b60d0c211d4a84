import { relative } from 'node:path';
import type { LoadedConfig } from '../infra/config/load-config.ts';
import type { Problem } from '../infra/config/yaml-file.ts';
import { type Rehearsal, RehearsalFileError, readRehearsal, rehearsalFiles } from '../rehearsal/rehearsal-file.ts';
import { whoTakes } from './who-takes.ts';

/**
 * Where a runbook takes the alert of another one's rehearsal: that one would never be started again, however well rehearsed.
 * Each is said once of the two.
 */
export function takenAlerts(projectRoot: string, config: LoadedConfig): readonly Problem[] {
  return config.runbooks.flatMap(({ directory, manifest: { id } }) => {
    const found = rehearsalFiles(directory).map((file) => ({ file, taker: takerOf(file, config) }));
    const first = new Map(found.toReversed().map(({ file, taker }) => [taker, file]));
    return config.runbooks
      .filter(({ manifest }) => manifest.id !== id && first.has(manifest.id))
      .map(({ manifest, at }) => {
        const file = relative(projectRoot, first.get(manifest.id) ?? '').replaceAll('\\', '/');
        return at(
          ['match'],
          `takes the alert of ${file}, which is to start ${id}; narrow it until it does not, or extend that runbook instead.`,
        );
      });
  });
}

function takerOf(file: string, config: LoadedConfig): string | undefined {
  const rehearsal = readIfRight(file);
  return rehearsal && whoTakes(config, rehearsal.event);
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
