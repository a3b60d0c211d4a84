import type { Difference } from './difference.ts';
import type { Rehearsal } from './rehearsal-file.ts';
import type { Fault } from './rehearsal-schema.ts';
import type { Played } from './scene.ts';

/** What a rehearsal says that breaks although nothing in its play could: `broken` are the faults that broke a call. */
export function checkFaults(
  { faults, people: { approver } }: Rehearsal,
  { timeline, calls }: Played,
  broken: ReadonlySet<Fault>,
): Difference | undefined {
  const isAsked = timeline.some(({ kind }) => kind === 'approval-requested');
  const hasStatus = calls.some(({ operation }) => operation === 'StartAutomationExecution');
  const idle = faults.flatMap((fault, index) => {
    if (fault.call && !broken.has(fault))
      return [
        `faults.${index}: no call of ${fault.call} that ${fault.input ? 'fits its input' : 'another does not break'}`,
      ];
    return fault.lost && !hasStatus ? [`faults.${index}: no automation, whose status event could get lost`] : [];
  });
  if (approver !== 'agrees' && !isAsked) idle.push(`people.approver: nobody is asked, so nobody ${says[approver]}`);
  if (idle.length === 0) return undefined;
  return { what: 'faults', expected: ['everything that the file says breaks something'], found: idle };
}

const says = { refuses: 'refuses', silent: 'is silent', 'asks-late': 'agrees too late' } as const;
