import type { ResourceChanges } from '../../adapters/resource-changes.ts';
import type { ResourceChange } from '../../domain/track-record.ts';
import type { Here } from '../../domain/triage/is-elsewhere.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { recordedElsewhere } from '../../domain/recorded-elsewhere.ts';

/** How far back a change may lie to be worth a person's look, in minutes. CloudTrail shows events about 5 minutes late. */
const windowMinutes = 60;

/**
 * Who changed the resource lately. What a service refused changed nothing, and is told beside it. Unknown where CloudTrail
 * records it elsewhere than `here`.
 */
export function recentChanges(changes: Pick<ResourceChanges, 'between'>, here: Here): Diagnostic {
  return async (alert, now) => {
    const elsewhere = recordedElsewhere(alert, here);
    if (elsewhere) return { verdict: 'unknown', summary: `Who changed it is not known: ${elsewhere}.` };
    const { made, refused } = await changes.between(
      alert.resource,
      new Date(now.getTime() - windowMinutes * 60_000),
      now,
    );
    const tried = refused.map((change) => `${sayChange(change)}, refused: ${change.error_code}`);
    const said = [...made.map(sayChange), ...tried];
    if (made.length > 0)
      return {
        verdict: 'unhealthy',
        summary: `Changed in the last ${windowMinutes} minutes: ${said[0]}.`,
        evidence: said,
      };
    const nothing = `CloudTrail names no change of it in the last ${windowMinutes} minutes`;
    // A name that a sender thought of may be none that CloudTrail knows.
    const { arn, type, id } = alert.resource;
    if (arn === undefined && type === 'unknown')
      return {
        verdict: 'unknown',
        summary: `${nothing}, if ${id} is what AWS calls it.`,
        ...(said.length > 0 && { evidence: said }),
      };
    if (said.length === 0) return { verdict: 'healthy', summary: `${nothing}.` };
    return { verdict: 'healthy', summary: `${nothing}; tried was ${said[0]}.`, evidence: said };
  };
}

function sayChange({ event_name, by, at }: ResourceChange): string {
  return `${event_name} by ${by} at ${at}`;
}
