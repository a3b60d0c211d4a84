import { automationFaults } from './automation-faults.ts';
import type { GeneratedScenario, MatrixFacts, PassedPlay } from './generated-scenario.ts';
import { lookingFaults } from './looking-faults.ts';
import { machineFaults } from './machine-faults.ts';
import { partialFaults } from './partial-faults.ts';
import { surroundingFaults, tellingFault } from './surrounding-faults.ts';

/**
 * Everything that can break, one scenario each: every call that the runbook makes in any of its rehearsals, and what
 * stands around it. The same thing breaking in the same way is played once, in the rehearsal that comes furthest.
 */
export function faultMatrix(plays: readonly PassedPlay[], facts: MatrixFacts): GeneratedScenario[] {
  const ordered = plays
    .filter(({ rehearsal }) => rehearsal.faults.length === 0)
    .toSorted((a, b) => reach(b) - reach(a));
  const [furthest] = ordered;
  const shortest = ordered.at(-1);
  const scenarios = [
    ...ordered.flatMap((play) => [
      ...lookingFaults(play, facts),
      ...machineFaults(play, facts),
      ...automationFaults(play, facts),
      ...partialFaults(play),
    ]),
    ...(furthest ? surroundingFaults(furthest, facts) : []),
    // How messages fare does not depend on what else is done meanwhile.
    ...(shortest ? [tellingFault(shortest)] : []),
  ];
  return [...new Map(scenarios.toReversed().map((scenario) => [scenario.name, scenario])).values()].toReversed();
}

/** One that recovers comes furthest; else the one in which most is called. */
function reach({ played }: PassedPlay): number {
  const isRepaired = played.timeline.some(({ kind }) => kind === 'automation-started');
  const isRecovered = played.incident?.remediation === 'recovered';
  return (isRecovered ? 20_000 : 0) + (isRepaired ? 10_000 : 0) + played.calls.length;
}
