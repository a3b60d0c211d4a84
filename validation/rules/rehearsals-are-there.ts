import type { Rehearsal } from '../../rehearsal/rehearsal-file.ts';
import type { Rule } from '../rule.ts';
import type { RunbookSource } from '../runbook-source.ts';
import { type Problem, SourceFile } from '../../infra/config/source-file.ts';

/**
 * There is a rehearsal, each can be read and says what it expects, and a runbook that may change something shows at least once
 * that it does and at least once that it decides not to.
 */
export const rehearsalsAreThere: Rule = {
  name: 'rehearsals-are-there',
  check(runbook) {
    const { rehearsals, shownAs } = runbook;
    const folder = new SourceFile('', `${shownAs}/rehearsals`);
    if (rehearsals.length === 0)
      return [
        folder.at([], 'holds no rehearsal; write one as docs/add-a-runbook.md says: until then it only observes.'),
      ];
    const read = rehearsals.flatMap(({ rehearsal }) => rehearsal ?? []);
    return [
      ...rehearsals.flatMap(({ problems }) => problems),
      ...rehearsals.flatMap(({ source, rehearsal }) => (rehearsal ? checkExpectation(source, rehearsal, runbook) : [])),
      // One that cannot be read may be the one that is missed.
      ...(read.length === rehearsals.length ? checkVariety(read, runbook, folder) : []),
    ];
  },
};

function checkExpectation(source: SourceFile, { expect }: Rehearsal, { states, machine }: RunbookSource): Problem[] {
  if (!expect)
    return [source.at([], 'says nothing under expect; handsoff rehearse --update writes down what happens.')];
  if (!machine) return [];
  return expect.path.flatMap((name, index) =>
    states.some((site) => site.name === name)
      ? []
      : [source.at(['expect', 'path', index], `the definition has no state ${name}; name one that it has.`)],
  );
}

function checkVariety(rehearsals: readonly Rehearsal[], { settings }: RunbookSource, folder: SourceFile): Problem[] {
  if (!settings?.remediation) return [];
  const wanted = settings.remediation.contains ? 'contained' : 'recovered';
  const ends = rehearsals.flatMap(({ expect }) => expect ?? []);
  const acts = ends.some(({ outcome }) => outcome === wanted);
  const declines = ends.some(({ outcome, mutations }) => outcome !== wanted && mutations.length === 0);
  return [
    ...(acts ? [] : [folder.at([], `none expects the outcome ${wanted}; show once that the change helps.`)]),
    ...(declines ? [] : [folder.at([], 'none decides not to act; show once what makes it call a person instead.')]),
  ];
}
