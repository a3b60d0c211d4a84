import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { projectRoot } from './project-root.ts';

/** `handsoff graph`: a runbook's state machine as a picture. */
export function graphCommand(): Command {
  return new Command('graph')
    .description('Draw the state machine of a runbook as SVG, with what was rehearsed of it.')
    .argument('<id>', 'name of the runbook')
    .option('--out <file>', 'where to write it (default: standard output)')
    .action(async (id: string, { out }: { readonly out?: string }) => {
      const { UnknownRunbookError } = await import('../infra/config/find-runbooks.ts');
      const { listRunbooks } = await import('../validation/runbook-source.ts');
      const known = listRunbooks(projectRoot);
      if (!known.includes(id)) throw new UnknownRunbookError([id], known);
      const { drawRunbook } = await import('./graph/draw-runbook.ts');
      const svg = await drawRunbook(projectRoot, id);
      if (out === undefined) process.stdout.write(svg);
      else writeFileSync(out, svg);
    });
}
