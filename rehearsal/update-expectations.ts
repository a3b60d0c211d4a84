import { readFileSync, writeFileSync } from 'node:fs';
import { isMap, parseDocument } from 'yaml';
import type { Happened } from './check-expectations.ts';
import type { Expectation } from './rehearsal-schema.ts';

/** What people do at the end of every play, which no runbook answers for. */
const byPeople = ['closed', 'acknowledged'];

/**
 * Writes what happened into a rehearsal file as what is expected; comments and everything else in it stay. Of the findings
 * it keeps those that the file names, or all where it names none.
 */
export function updateExpectations(file: string, happened: Happened, before: Expectation | undefined): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const named = Object.keys(before?.findings ?? {});
  const findings = Object.entries(happened.findings).filter(([name]) => named.length === 0 || named.includes(name));
  const told = happened.told.filter((kind) => !byPeople.includes(kind));
  const wanted = {
    outcome: happened.outcome,
    path: happened.path,
    findings: Object.fromEntries(findings),
    mutations: happened.mutations,
    told: endsByPerson(happened) ? told.filter((kind) => kind !== 'resolved') : told,
  };
  if (!isMap(document.get('expect'))) document.set('expect', document.createNode({}));
  for (const [key, value] of Object.entries(wanted)) {
    const node = document.createNode(value, { flow: true });
    document.setIn(['expect', key], node);
  }
  const written = document.toString({ lineWidth: 120, flowCollectionPadding: true });
  // Whoever watches the file would hear of it once more.
  if (written !== readFileSync(file, 'utf8')) writeFileSync(file, written);
}

/** Whoever is called resolves the incident at the end of the play. */
function endsByPerson({ outcome }: Happened): boolean {
  return outcome !== 'recovered';
}
