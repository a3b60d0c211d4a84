import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { checkFolderOf } from './output-file.ts';
import { projectRoot } from './project-root.ts';

/** `handsoff graph`: a runbook's state machine as a picture. */
export function graphCommand(): Command {
  return new Command('graph')
    .description('Draw the state machine of a runbook as SVG, with what was rehearsed of it.')
    .argument('<id>', 'name of the runbook')
    .option('--out <file>', 'where to write it (default: standard output)')
    .addHelpText('after', '\nExit codes: 0 it is drawn, 2 it cannot be.')
    .action(async (id: string, { out }: { readonly out?: string }) => {
      if (out !== undefined) checkFolderOf('--out', out);
      const { chooseIds } = await import('../infra/config/find-runbooks.ts');
      const { listRunbooks, readRunbookSource } = await import('../validation/runbook-source.ts');
      chooseIds(listRunbooks(projectRoot), [id]);
      const { drawRunbook } = await import('./graph/draw-runbook.ts');
      const svg = await drawRunbook(readRunbookSource(projectRoot, id));
      if (out === undefined) process.stdout.write(svg);
      else writeFileSync(out, svg);
    });
}
