import type { Difference } from './difference.ts';
import type { Rehearsal } from './rehearsal-file.ts';
import type { Fault } from './rehearsal-schema.ts';
import type { Played } from './scene.ts';

/** What a rehearsal says that breaks although nothing in its play could: `broken` are the faults that broke a call. */
export function checkFaults(
  { faults, people: { approver }, world }: Rehearsal,
  { timeline, calls }: Played,
  broken: ReadonlySet<Fault>,
): Difference | undefined {
  const isAsked = timeline.some(({ kind }) => kind === 'approval-requested');
  const hasStatus = calls.some(({ operation }) => operation === 'StartAutomationExecution');
  const idle = faults.flatMap((fault, index) => {
    const name = `faults.${index}`;
    if (fault.call && !broken.has(fault)) return [`${name}: no call of ${fault.call} that ${unbroken(fault)}`];
    if (fault.lost && !hasStatus) return [`${name}: no automation, whose status event could get lost`];
    return fault.late && world.happenings.length === 0 ? [`${name}: no happening that could come late`] : [];
  });
  if (approver !== 'agrees' && !isAsked) idle.push(`people.approver: nobody is asked, so nobody ${says[approver]}`);
  if (idle.length === 0) return undefined;
  return { what: 'faults', expected: ['everything that the file says breaks something'], found: idle };
}

function unbroken({ error, input }: Fault): string {
  if (error === 'partial') return 'says in its answer what did not succeed';
  return input ? 'fits its input' : 'another does not break';
}

const says = { refuses: 'refuses', silent: 'is silent', 'asks-late': 'agrees too late' } as const;
