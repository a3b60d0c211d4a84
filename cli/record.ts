import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { RecordedFolder } from '../rehearsal/record/record-rehearsal.ts';
import { explainAws } from './explain-aws.ts';
import { paint } from './paint.ts';
import { projectRoot } from './project-root.ts';

interface RecordOptions {
  readonly out?: string;
  readonly name: string;
  readonly json?: true;
}

const needed =
  'states:DescribeExecution, states:GetExecutionHistory, ssm:GetAutomationExecution, ssm:DescribeAutomationStepExecutions';

const help = `
Reads with your AWS credentials: ${needed}.
Account ids, addresses of e-mail and what looks like a secret are taken out; names of hosts and IP addresses stand as they
were: read the files before you commit them.
Exit codes: 0 it is written, 2 it cannot be.

Examples:
  npx handsoff record arn:aws:states:eu-central-1:111122223333:execution:handsoff-runbook-disk-space-low:inc-0a1b
  npx handsoff start            prints what this needs to record from the running sandbox`;

/** What to do about errors of AWS, by their name. */
const remedies: Readonly<Record<string, string>> = {
  ExecutionDoesNotExist: 'Step Functions forgets an execution 90 days after its end.',
  AutomationExecutionNotFoundException: 'Systems Manager forgets an automation 30 days after its end.',
  AccessDeniedException: `Recording needs ${needed}.`,
};

/** `handsoff record`: makes a rehearsal of what a runbook really did. */
export function recordCommand(): Command {
  return new Command('record')
    .description('Turn an execution of a runbook into a rehearsal: its alert, what AWS answered, and what happened.')
    .argument('<execution-arn>', "execution of a runbook's state machine")
    .option('--out <dir>', "where the files go (default: the runbook's rehearsals/)")
    .option('--name <name>', 'name of the rehearsal', 'recorded')
    .option('--json', 'print { runbook, files, toDo } and nothing else')
    .addHelpText('after', help)
    .action(record);
}

async function record(arn: string, { out, name, json }: RecordOptions): Promise<void> {
  const region = regionOf(arn);
  if (!/^[\w-]+$/.test(name)) throw new Error(`--name ${name} is no name of a file; use letters, digits, - and _.`);
  const [{ SFNClient }, { SSMClient }, { readExecution }, { recordRehearsal }] = await Promise.all([
    import('@aws-sdk/client-sfn'),
    import('@aws-sdk/client-ssm'),
    import('../rehearsal/record/read-execution.ts'),
    import('../rehearsal/record/record-rehearsal.ts'),
  ]);
  const clients = { sfn: new SFNClient({ region }), ssm: new SSMClient({ region }) };
  const execution = await readExecution(arn, clients).catch(explain);
  const home = `statemachines/runbooks/${execution.runbook}/rehearsals`;
  const directory = out ?? join(projectRoot, home);
  const { files, toDo } = recordRehearsal(execution, name, await readFolder(execution.runbook));
  const written = writeFiles(directory, files);
  if (json) {
    console.log(JSON.stringify({ runbook: execution.runbook, files: written, toDo }, null, 2));
    return;
  }
  for (const file of written) console.log(file);
  for (const line of toDo) console.log(paint('yellow', line));
  const isPlayed = resolve(directory) === join(projectRoot, home);
  const move = isPlayed ? '' : `move ${written.length === 1 ? 'it' : 'them'} into ${home}/, and `;
  console.log(paint('dim', `Then: ${move}npx handsoff rehearse ${execution.runbook} --quick`));
}

function regionOf(arn: string): string {
  const [, region] = /^arn:aws[a-z-]*:states:([a-z0-9-]+):\d{12}:execution:[^:]+:[^:]+$/.exec(arn) ?? [];
  if (region) return region;
  throw new Error(
    `${arn} is no ARN of an execution; one is such as arn:aws:states:<region>:<account>:execution:handsoff-runbook-<id>:<name>.`,
  );
}

function explain(error: unknown): never {
  const remedy = error instanceof Error ? remedies[error.name] : undefined;
  if (!(error instanceof Error) || !remedy) return explainAws('')(error);
  throw new Error(`${error.message.replace(/\.?$/, '.')} ${remedy}`, { cause: error });
}

/** Throws for a runbook that is not in this checkout: without its folder nobody knows what its steps read and may change. */
async function readFolder(id: string): Promise<RecordedFolder> {
  const [{ documentsOf }, { readYaml }, { problemText }, { runbookManifest }] = await Promise.all([
    import('../infra/folder-documents.ts'),
    import('../infra/config/yaml-file.ts'),
    import('../infra/config/source-file.ts'),
    import('../infra/config/schemas.ts'),
  ]);
  const home = `statemachines/runbooks/${id}`;
  const folder = join(projectRoot, home);
  if (!existsSync(folder))
    throw new Error(`There is no ${home} here; check out the commit that the runbook was deployed from.`);
  const { value: manifest, problems } = readYaml(join(folder, 'runbook.yaml'), runbookManifest, `${home}/runbook.yaml`);
  if (!manifest) throw new Error(problems.map(problemText).join('\n'));
  return { documents: documentsOf(folder), manifest };
}

/** Writes files of which none is there yet. */
function writeFiles(directory: string, files: Readonly<Record<string, string>>): string[] {
  const written = Object.keys(files).map((file) => join(directory, file));
  const taken = written.find((file) => existsSync(file));
  if (taken) throw new Error(`${taken} is there already; choose another --name.`);
  if (statSync(directory, { throwIfNoEntry: false })?.isFile())
    throw new Error(`--out ${directory} is a file; name a folder.`);
  mkdirSync(directory, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
  return written;
}
