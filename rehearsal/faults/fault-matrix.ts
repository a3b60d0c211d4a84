import { automationFaults } from './automation-faults.ts';
import { failedInPart } from '../partial-failure.ts';
import type { GeneratedScenario, MatrixFacts, PassedPlay } from './generated-scenario.ts';
import { lookingFaults } from './looking-faults.ts';
import { machineFaults } from './machine-faults.ts';
import { commonFaults, surroundingFaults } from './surrounding-faults.ts';

/** The runbook that every project has. */
const commonRunbook = 'default';

/**
 * Everything that can break, one scenario each: every call that the runbook makes in any of its rehearsals, and what
 * stands around it; with the runbook `default` also what stands around all of them. The same thing breaking in the same
 * way is played once, in the rehearsal that comes furthest.
 */
export function faultMatrix(plays: readonly PassedPlay[], known: Omit<MatrixFacts, 'partial'>): GeneratedScenario[] {
  const ordered = plays
    .filter(({ rehearsal }) => rehearsal.faults.length === 0)
    .toSorted((a, b) => reach(b) - reach(a));
  const [furthest] = ordered;
  const facts = { ...known, partial: partialCalls(ordered) };
  const scenarios = [
    ...ordered.flatMap((play) => [
      ...lookingFaults(play, facts),
      ...machineFaults(play, facts),
      ...automationFaults(play, facts),
    ]),
    ...(furthest ? surroundingFaults(furthest, facts) : []),
    ...(furthest && facts.runbook.id === commonRunbook ? commonFaults(furthest) : []),
  ];
  return [...new Map(scenarios.toReversed().map((scenario) => [scenario.name, scenario])).values()].toReversed();
}

/**
 * One that recovers comes furthest; else the one in which most is called. What breaks around a command is the same whether
 * its script is really run, which takes longest, so the world's word for it is preferred.
 */
function reach({ rehearsal, played }: PassedPlay): number {
  const isRepaired = played.timeline.some(({ kind }) => kind === 'automation-started');
  const isRecovered = played.incident?.remediation === 'recovered';
  const isTold = rehearsal.world.commands.every(({ run }) => run === undefined);
  return (isRecovered ? 20_000 : 0) + (isRepaired ? 10_000 : 0) + (isTold ? 5000 : 0) + played.calls.length;
}

function partialCalls(plays: readonly PassedPlay[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { service, operation, outcome } of plays.flatMap(({ played }) => played.worldCalls)) {
    const name = `${service}:${operation}`;
    if (names.has(name) || outcome.kind !== 'output') continue;
    if (failedInPart(service, operation, outcome.output)) names.add(name);
  }
  return names;
}
