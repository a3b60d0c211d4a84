import { Command } from 'commander';
import { projectRoot } from './project-root.ts';

interface Options {
  readonly check?: true;
  readonly json?: true;
}

/** `handsoff docs`: a page and a picture for every runbook, and the schemas that editors read. */
export function docsCommand(): Command {
  return new Command('docs')
    .description('Write the pages and pictures of all runbooks (docs/runbooks), and the schemas for editors.')
    .option('--check', 'write nothing; say which are not as they would be written')
    .option('--json', 'print { files, stale } as JSON')
    .addHelpText('after', '\nExit codes: 0 they are current, 1 --check found some that are not, 2 they cannot be made.')
    .action(async ({ check, json }: Options) => {
      const { docsFiles, staleFiles, writeFiles } = await import('./docs/docs-files.ts');
      const files = await docsFiles(projectRoot);
      const stale = staleFiles(projectRoot, files);
      if (!check) writeFiles(projectRoot, files, stale);
      if (json) console.log(JSON.stringify({ files: [...files.keys()], stale }));
      else for (const line of report(stale, files.size, check === true)) console.log(line);
      process.exitCode = check && stale.length > 0 ? 1 : 0;
    });
}

function report(stale: readonly string[], count: number, isCheck: boolean): string[] {
  if (stale.length === 0) return [`${count} files are current.`];
  return isCheck
    ? [...stale, `${stale.length} ${stale.length === 1 ? 'is' : 'are'} not current. Run: npx handsoff docs`]
    : [...stale, `Wrote ${stale.length} of ${count}; the others were current.`];
}
