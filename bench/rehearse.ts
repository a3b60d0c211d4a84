import { projectRoot } from '../cli/project-root.ts';
import { chooseRunbooks } from '../rehearsal/prepare-rehearsal.ts';
import { rehearse } from '../rehearsal/rehearse.ts';
import type { RunbookRehearsal, ScenarioKind } from '../rehearsal/runbook-rehearsal.ts';
import { printTable } from './table.ts';

/** Every runbook with everything that can break in it: what is played, what is seen of it, and how long it takes. */
export async function rehearsals(): Promise<void> {
  const began = performance.now();
  let synthesisedMs = 0;
  const results = await rehearse({
    chosen: chooseRunbooks(projectRoot, []),
    onPrepared: () => {
      synthesisedMs = performance.now() - began;
    },
    hasMatrices: true,
  });
  const seconds = (performance.now() - began) / 1000;
  printTable(
    ['runbook', 'rehearsals', 'faults', 'guards', 'states', 'transitions', 'worst case s', 'played s', 'passed'],
    results.map((result) => [
      result.id,
      countOf(result, 'rehearsal'),
      countOf(result, 'fault'),
      countOf(result, 'guard'),
      `${result.coverage.states.seen}/${result.coverage.states.of}`,
      `${result.coverage.transitions.seen}/${result.coverage.transitions.of}`,
      result.worst_case_seconds,
      (result.real_ms / 1000).toFixed(1),
      result.passed ? 'yes' : 'NO',
    ]),
  );
  const scenarios = results.reduce((sum, result) => sum + result.scenarios.length, 0);
  console.log(
    `\n${scenarios} scenarios of ${results.length} runbooks in ${seconds.toFixed(1)} s, ` +
      `${(synthesisedMs / 1000).toFixed(1)} s of it to synthesise the stack, Node ${process.version}.`,
  );
}

function countOf({ scenarios }: RunbookRehearsal, wanted: ScenarioKind): number {
  return scenarios.filter(({ kind }) => kind === wanted).length;
}
