import type { PageSource } from './runbook-page.ts';
import { showSeconds } from '../../rehearsal/report-tree.ts';
import { cell, code } from './words.ts';

/** The table of all runbooks, with what was rehearsed of each. */
export function indexPage(sources: readonly PageSource[]): string {
  return [
    '# Runbooks',
    '',
    'Made by `npx handsoff docs` from [statemachines/runbooks](../../statemachines/runbooks/). Each page says what a person would do by hand. [How to add one](../add-a-runbook.md).',
    '',
    '| runbook | about | mode | changes |',
    '|---|---|---|---|',
    ...sources.map(
      ({ manifest: { id, title, mode, remediation, mutations } }) =>
        `| [${id}](${id}.md) | ${cell(title)} | ${mode} | ${remediation ? actionsOf(mutations) : 'nothing'} |`,
    ),
    '',
    '## Rehearsed',
    '',
    'What `npx handsoff rehearse` played for the certificates: rehearsals that somebody wrote, and made for each of them a fault at every call and every guard that has to refuse.',
    '',
    '| runbook | rehearsals | faults | guards | states | transitions | longest |',
    '|---|---|---|---|---|---|---|',
    ...sources.map(rehearsedRow),
    '',
  ].join('\n');
}

function actionsOf(mutations: PageSource['manifest']['mutations']): string {
  return [...new Set(mutations.map(({ action }) => code(action)))].join(', ');
}

function rehearsedRow({ manifest: { id }, lock, rehearsals }: PageSource): string {
  if (!lock) return `| ${id} | ${rehearsals.length} | no certificate | | | | |`;
  const count = (kind: string) => lock.scenarios.filter((scenario) => scenario.kind === kind).length;
  const { states, transitions } = lock.coverage;
  return `| ${id} | ${count('rehearsal')} | ${count('fault')} | ${count('guard')} | ${states.seen}/${states.of} | ${transitions.seen}/${transitions.of} | ${showSeconds(lock.worst_case_seconds)} |`;
}
