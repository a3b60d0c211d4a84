import { Command } from 'commander';
import { paint } from './paint.ts';
import { projectRoot } from './project-root.ts';

interface Options {
  readonly json?: true;
}

/** `handsoff validate`: everything that is wrong with runbooks, at once, each with its place and what to do. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('Check runbooks completely: manifest, state machine, documents, pattern, links, rehearsals.')
    .argument('[id...]', 'names of runbooks (default: all of them, the configuration and the links of the docs)')
    .option('--json', 'print { runbooks, problems, advice } as JSON')
    .addHelpText('after', '\nExit codes: 0 nothing is wrong, 1 something is, 2 it could not be looked at.')
    .action(async (ids: string[], { json }: Options) => {
      const { validateRunbooks } = await import('../validation/validate-runbooks.ts');
      const { problemText } = await import('../infra/config/source-file.ts');
      const validation = await validateRunbooks(projectRoot, ids);
      const { runbooks, problems, advice } = validation;
      if (json) console.log(JSON.stringify(validation, null, 2));
      else {
        for (const one of problems) console.log(problemText(one));
        for (const one of advice) console.log(paint('dim', `${problemText(one)} (advice)`));
        console.log(paint(problems.length > 0 ? 'red' : 'green', summaryOf(runbooks.length, problems.length)));
      }
      process.exitCode = problems.length > 0 ? 1 : 0;
    });
}

function summaryOf(runbooks: number, problems: number): string {
  const looked = `${runbooks} ${runbooks === 1 ? 'runbook' : 'runbooks'}`;
  if (problems === 0) return `${looked}: nothing wrong.`;
  return `${looked}: ${problems} ${problems === 1 ? 'problem' : 'problems'}.`;
}
