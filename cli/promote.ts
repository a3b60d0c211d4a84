import { Command, Option } from 'commander';
import type { Mode } from '../functions/domain/incident.ts';
import type { RunbookFolder } from '../infra/config/load-config.ts';
import { askOnTerminal } from './ask-on-terminal.ts';
import { defaultPort } from './control-server.ts';
import { explainAws } from './explain-aws.ts';
import { paint } from './paint.ts';
import { readPort } from './port.ts';
import { projectRoot } from './project-root.ts';
import { type Evidence, evidenceOfAccount, evidenceOfSandbox, PromoteError } from './promotion/evidence.ts';
import { raiseMode, targetMode } from './promotion/raise-mode.ts';
import { showEvidence } from './promotion/show-evidence.ts';

interface PromoteOptions {
  readonly to?: Mode;
  readonly table?: string;
  readonly fromSandbox?: true;
  readonly port: number;
  readonly yes?: true;
  readonly json?: true;
}

/** `handsoff promote`: shows how a runbook did before it may do more. */
export function promoteCommand(): Command {
  return new Command('promote')
    .description('Show what a runbook did, or would have done beside what people did; then raise its mode.')
    .argument('<id>', 'the runbook')
    .addOption(new Option('--to <mode>', 'mode to raise it to (default: the next one)').choices(['approve', 'act']))
    .option('--table <name>', "the incident table (default: the account's only one of Handsoff)")
    .option('--from-sandbox', 'take what the running sandbox has seen, not the AWS account')
    .option('--port <number>', 'port of the running sandbox', readPort, defaultPort)
    .option('--yes', 'raise it without a question, also where no incident shows yet how it does')
    .option('--json', 'print { runbook, from, to, promoted, evidence } and nothing else')
    .addHelpText(
      'after',
      '\nThe evidence is read with your own AWS credentials: dynamodb:ListTables, dynamodb:Query, cloudtrail:LookupEvents.' +
        '\nExit codes: 0 it was raised, 1 it was not and the message says why, 2 the evidence could not be read, 130 a key ended the question.' +
        '\n\nExamples:\n  npx handsoff promote disk-space-low\n  npx handsoff promote disk-space-low --from-sandbox --to act',
    )
    .action(promote);
}

async function promote(id: string, options: PromoteOptions): Promise<void> {
  const [{ loadConfig }, { findRunbook }] = await Promise.all([
    import('../infra/config/load-config.ts'),
    import('../infra/config/find-runbooks.ts'),
  ]);
  const folder = findRunbook(loadConfig(projectRoot), id);
  try {
    const to = targetMode(folder, options.to);
    const evidence = options.fromSandbox
      ? await evidenceOfSandbox(folder.manifest, options.port)
      : await evidenceOfAccount(folder.manifest, options.table).catch(explainAws(', or say --from-sandbox'));
    const isAgreed = await decide(folder, to, evidence, options);
    if (isAgreed) raiseMode(folder, to);
    if (options.json)
      console.log(
        JSON.stringify({ runbook: id, from: folder.manifest.mode, to, promoted: isAgreed, evidence }, null, 2),
      );
    else if (isAgreed) {
      console.log(
        `\n${paint('green', '✓')} ${id} is in mode ${to} now. Its certificate is of the old mode, so next:\n`,
      );
      console.log(`  npx handsoff rehearse ${id}\n  npx cdk deploy --all`);
    } else console.log(`\n${id} stays in mode ${folder.manifest.mode}.`);
    if (!isAgreed) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof PromoteError)) throw error;
    if (options.json) console.log(JSON.stringify({ error: error.message }));
    else console.error(`handsoff promote: ${error.message}`);
    process.exitCode = 1;
  }
}

/** Shows the evidence and asks; without a terminal `--yes` must say so. */
async function decide(
  { manifest }: RunbookFolder,
  to: Mode,
  evidence: readonly Evidence[],
  { json, yes }: PromoteOptions,
): Promise<boolean> {
  if (!json) for (const line of showEvidence(manifest.id, evidence)) console.log(line);
  if (yes) return true;
  if (evidence.length === 0)
    throw new PromoteError(
      `there is no evidence of how ${manifest.id} does. Let it go on as it is, or say --yes if you know better.`,
    );
  if (json || !process.stdin.isTTY)
    throw new PromoteError(`nobody is here to ask; look at the evidence and say --yes to raise it to ${to}.`);
  const answer = await askOnTerminal(`${manifest.id} stays in mode ${manifest.mode}.`, (question) =>
    question(`\nRaise ${manifest.id} from ${manifest.mode} to ${to}? Type its name to agree: `),
  );
  return answer.trim() === manifest.id;
}
