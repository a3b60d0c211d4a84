import type { Finding } from '../functions/domain/incident.ts';
import type { Assembly } from '../sandbox/assembly/assembly.ts';
import { changingCalls, nameOfCall } from './changing-calls.ts';
import type { Difference } from './difference.ts';
import { memberOf } from './recorded-findings.ts';
import type { Expectation } from './rehearsal-schema.ts';
import type { RehearsedRunbook } from './rehearsed-runbook.ts';
import type { Played } from './scene.ts';

/** What happened in a play, in the words of an expectation. */
export interface Happened {
  readonly outcome: string;
  readonly path: readonly string[];
  readonly findings: Readonly<Record<string, Finding['verdict']>>;
  readonly mutations: readonly string[];
  readonly told: readonly string[];
}

/** Reads what happened in a play. */
export function whatHappened(played: Played, runbook: RehearsedRunbook, assembly: Assembly): Happened {
  const findings = played.timeline.flatMap((entry) => entry.findings ?? []);
  return {
    outcome: outcomeOf(played),
    path: statesEntered(played),
    findings: Object.fromEntries(findings.map(({ diagnostic, verdict }) => [diagnostic, verdict])),
    mutations: changingCalls(played.calls, runbook, assembly).map(nameOfCall),
    told: played.timeline.map(({ kind }) => kind),
  };
}

/** Compares what happened with what was expected. */
export function checkExpectations(expected: Expectation, happened: Happened): Difference[] {
  const { outcome, path, mutations } = happened;
  const differences = [
    compare('outcome', [expected.outcome], [outcome]),
    compare('path', expected.path, path),
    compare('findings', spell(expected.findings), spell(happened.findings, Object.keys(expected.findings))),
    compare('mutations', expected.mutations, mutations),
    ...(isInOrder(expected.told, happened.told)
      ? []
      : [{ what: 'told', expected: expected.told, found: happened.told }]),
  ];
  return differences.filter((difference) => difference !== undefined);
}

/** What the runbook's machine answered, as JSON where it is no text; the status of one that did not answer, in small letters. */
export function outcomeOf({ runbook }: Played): string {
  if (!runbook) return 'not-started';
  if (runbook.output === undefined) return runbook.status.toLowerCase().replace('_', '-');
  const outcome = memberOf(JSON.parse(runbook.output), 'outcome');
  if (outcome === undefined) return 'no-outcome';
  return typeof outcome === 'string' ? outcome : JSON.stringify(outcome);
}

/** The states of the runbook's machine in the order in which they were entered. */
function statesEntered({ runbook }: Played): string[] {
  return (runbook?.history ?? []).flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
}

function compare(what: string, expected: readonly string[], found: readonly string[]): Difference | undefined {
  const isSame = expected.length === found.length && expected.every((line, index) => line === found[index]);
  return isSame ? undefined : { what, expected, found };
}

function spell(findings: Readonly<Record<string, string>>, names = Object.keys(findings)): string[] {
  return names.map((name) => `${name}: ${findings[name] ?? 'no finding'}`);
}

/** Whether every line of `wanted` occurs in `lines`, in that order; others may stand between them. */
function isInOrder(wanted: readonly string[], lines: readonly string[]): boolean {
  let position = 0;
  for (const line of lines) if (line === wanted[position]) position += 1;
  return position === wanted.length;
}
