import type { ChangeStore } from '../../adapters/change-store.ts';
import { cutText, oneLine } from '../../domain/telling/plain-text.ts';
import type { Diagnostic } from '../diagnostic.ts';

/** How far back a change may lie to be worth a person's look, in minutes. */
const windowMinutes = 60;
const maxShown = 20;

/** What deployment tools announced lately as change events, whatever it was about: the newest first. */
export function announcedChanges(changes: Pick<ChangeStore, 'between'>): Diagnostic {
  return async (_alert, now) => {
    const found = await changes.between(new Date(now.getTime() - windowMinutes * 60_000), now);
    const lines = found.map(
      ({ summary, source, timestamp }) =>
        `${cutText(oneLine(summary), 200)} (${cutText(oneLine(source), 100)}, ${timestamp})`,
    );
    const [newest] = lines.toReversed();
    if (newest === undefined)
      return { verdict: 'healthy', summary: `No change was announced in the last ${windowMinutes} minutes.` };
    return {
      verdict: 'unhealthy',
      summary: `Announced in the last ${windowMinutes} minutes: ${newest}.`,
      evidence: lines.toReversed().slice(0, maxShown),
    };
  };
}
