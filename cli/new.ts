import { join } from 'node:path';
import { Command } from 'commander';
import type { Flags } from './new/answers.ts';
import { projectRoot } from './project-root.ts';

/** `handsoff new`: a complete runbook folder, rehearsed from its first minute. */
export function newCommand(): Command {
  return new Command('new')
    .description('Make a runbook: a folder that passes validate and rehearse as it is, to be changed from there.')
    .argument('<id>', 'its name, in kebab-case, such as checkout-latency')
    .option('--trigger <kind>', 'what starts it: alarm, event or webhook (default: alarm)')
    .option('--metric <namespace/name>', 'the metric of the alarm, such as AWS/ECS/CPUUtilization')
    .option('--dimension <name=value...>', 'dimensions of the recorded alarm, such as ServiceName=checkout')
    .option('--service <owner>', 'who owns it, or the id of a service of config/services.yaml')
    .option('--mode <mode>', 'observe, approve or act (default: approve where it can change its target, else observe)')
    .option(
      '--target <kind>',
      'what it changes: instance, ecs-service, lambda-function, rds-instance, sqs-queue or dynamodb-table',
    )
    .option('--title <text>', 'what is wrong, in a few words')
    .option('--json', 'print { runbook, files } as JSON')
    .addHelpText(
      'after',
      '\nOn a terminal it asks for what was not said; elsewhere it takes sensible values.\nExit codes: 0 it is made, 2 it cannot be made, 130 a key ended the questions.' +
        '\n\nExample:\n  npx handsoff new checkout-latency --trigger alarm --metric AWS/ECS/CPUUtilization --target ecs-service --mode approve',
    )
    .action(async (id: string, { json, ...flags }: Flags & { readonly json?: true }) => {
      const files = await makeNew(id, flags, process.stdin.isTTY && process.stdout.isTTY && !json);
      if (json) console.log(JSON.stringify({ runbook: id, files }));
      else for (const line of nextSteps(id, files)) console.log(line);
    });
}

async function makeNew(id: string, flags: Flags, mayAsk: boolean): Promise<string[]> {
  const [{ loadConfig }, { listRunbooks, runbooksFolder }, answers, { readTargets }, { makeRunbook, writeRunbook }] =
    await Promise.all([
      import('../infra/config/load-config.ts'),
      import('../validation/runbook-source.ts'),
      import('./new/answers.ts'),
      import('./new/targets.ts'),
      import('./new/make-runbook.ts'),
    ]);
  answers.checkId(id, listRunbooks(projectRoot));
  const targets = readTargets();
  const config = loadConfig(projectRoot);
  const { askForTheRest } = await import('./new/ask.ts');
  const offers = { targets, owner: answers.defaultOwner(config.deployed) };
  const said = mayAsk ? await askForTheRest(id, flags, offers) : flags;
  const files = makeRunbook(answers.answersFrom(id, said, config, targets));
  const { whoTakes } = await import('../validation/who-takes.ts');
  const taker = whoTakes(config, recordedEvent(files));
  if (taker !== undefined && taker !== 'default')
    throw new answers.NewRunbookError(
      `The runbook ${taker} takes already what would start ${id}. ${(said.trigger ?? 'alarm') === 'alarm' ? 'Name another --metric' : 'Choose another --trigger'}, or extend that one.`,
    );
  writeRunbook(join(projectRoot, runbooksFolder, id), files);
  return [...files.keys()].map((name) => `${runbooksFolder}/${id}/${name}`).toSorted();
}

function recordedEvent(files: ReadonlyMap<string, string>): unknown {
  return JSON.parse(files.get('rehearsals/alarm.json') ?? files.get('rehearsals/event.json') ?? '{}');
}

function nextSteps(id: string, files: readonly string[]): string[] {
  const steps = [
    [`npx handsoff validate ${id}`, 'checks all of it'],
    [`npx handsoff rehearse ${id}`, 'plays it, and writes its certificate'],
    ['npx cdk synth --quiet', 'makes its rule, machine, roles and documents'],
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    ...files,
    '',
    'Next:',
    ...steps.map(([command, does]) => `  ${command.padEnd(width)}  ${does}`),
    'Then say in runbook.yaml and README.md what only you know.',
  ];
}
