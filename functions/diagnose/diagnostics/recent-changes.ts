import type { ResourceChanges } from '../../adapters/resource-changes.ts';
import type { Diagnostic } from '../diagnostic.ts';

/** How far back a change may lie to be worth a person's look, in minutes. CloudTrail shows events about 5 minutes late. */
const windowMinutes = 60;

/** Who changed the resource lately. */
export function recentChanges(changes: Pick<ResourceChanges, 'between'>): Diagnostic {
  return async ({ resource }, now) => {
    const found = await changes.between(resource, new Date(now.getTime() - windowMinutes * 60_000), now);
    if (found.length === 0)
      return { verdict: 'healthy', summary: `CloudTrail names no change of it in the last ${windowMinutes} minutes.` };
    const said = found.map(({ event_name, by, at }) => `${event_name} by ${by} at ${at}`);
    return {
      verdict: 'unhealthy',
      summary: `Changed in the last ${windowMinutes} minutes: ${said[0]}.`,
      evidence: said,
    };
  };
}
