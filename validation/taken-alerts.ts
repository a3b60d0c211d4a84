import type { LoadedConfig } from '../infra/config/load-config.ts';
import type { Problem } from '../infra/config/source-file.ts';
import type { RunbookSource } from './runbook-source.ts';
import { whoTakes } from './who-takes.ts';

/**
 * Where a runbook takes the alert of another one's rehearsal: that one would never be started again, however well rehearsed.
 * Each is said once of the two. And where the alert of a rehearsal starts none, or `default` in place of its own. What is wrong
 * with a rehearsal that cannot be read is said elsewhere.
 */
export function takenAlerts(config: LoadedConfig, sources: readonly RunbookSource[]): readonly Problem[] {
  return sources.flatMap(({ id, rehearsals }) => {
    const found = rehearsals.flatMap(({ source, rehearsal }) =>
      rehearsal ? [{ source, taker: whoTakes(config, rehearsal.event) }] : [],
    );
    const first = new Map(found.toReversed().map(({ source, taker }) => [taker, source.shownAs]));
    const missed = found
      .filter(({ taker }) => taker === undefined || (taker === 'default' && id !== 'default'))
      .map(({ source }) =>
        source.at(
          ['event'],
          'this event does not start the runbook; correct it, or match in runbook.yaml. npx handsoff explain shows what an event is read as.',
        ),
      );
    const taken = config.runbooks
      .filter(({ manifest }) => manifest.id !== id && manifest.id !== 'default' && first.has(manifest.id))
      .map(({ manifest, at }) =>
        at(
          ['match'],
          `takes the alert of ${first.get(manifest.id)}, which is to start ${id}; narrow it until it does not, or extend that runbook instead.`,
        ),
      );
    return [...missed, ...taken];
  });
}
