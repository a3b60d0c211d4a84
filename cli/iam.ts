import { Command } from 'commander';
import { projectRoot } from './project-root.ts';

/** `handsoff iam`: what a runbook may do in the account, and why each line of it is there. */
export function iamCommand(): Command {
  return new Command('iam')
    .description("Print the policies of a runbook's roles line by line, why each is there, and what stays denied.")
    .argument('<id>', 'the runbook')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nNothing is deployed or asked of AWS: this is what the next synthesis makes of the files.' +
        '\nExit codes: 0 they are printed, 2 they cannot be.' +
        '\n\nExample:\n  npx handsoff iam ec2-status-check-failed',
    )
    .action(run);
}

async function run(id: string, { json }: { readonly json?: true }): Promise<void> {
  const [{ listFunctions }, { findRunbook }, { loadConfig }, { policiesOfRunbook }, { showPolicies }] =
    await Promise.all([
      import('../infra/list-functions.ts'),
      import('../infra/config/find-runbooks.ts'),
      import('../infra/config/load-config.ts'),
      import('./iam/policies-of-runbook.ts'),
      import('./iam/show-policies.ts'),
    ]);
  const config = loadConfig(projectRoot);
  const folder = findRunbook(config, id);
  const known = config.runbooks.map(({ manifest }) => manifest.id);
  const policies = policiesOfRunbook(folder, listFunctions(projectRoot), known, projectRoot);
  if (json) console.log(JSON.stringify(policies, null, 2));
  else for (const line of showPolicies(policies)) console.log(line);
}
