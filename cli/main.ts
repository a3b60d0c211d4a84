import { Command, type CommanderError } from 'commander';
import { NotAnsweredError } from './ask-on-terminal.ts';
import { aslCommand } from './asl.ts';
import { docsCommand } from './docs.ts';
import { explainCommand } from './explain.ts';
import { iamCommand } from './iam.ts';
import { graphCommand } from './graph.ts';
import { matchCommand } from './match.ts';
import { newCommand } from './new.ts';
import { recordCommand } from './record.ts';
import { rehearseCommand } from './rehearse.ts';
import { promoteCommand } from './promote.ts';
import { replayCommand } from './replay.ts';
import { runningSandboxCommands } from './running-sandbox.ts';
import packageJson from '../package.json' with { type: 'json' };
import { startCommand } from './start.ts';
import { validateCommand } from './validate.ts';

/** The `handsoff` command: one file per subcommand, but for the small ones that only ask a running sandbox. */
const program = new Command('handsoff')
  .description('Event-driven incident response that you rehearse before it may act.')
  .version(packageJson.version)
  .addHelpText(
    'after',
    '\nWith HANDSOFF_DEBUG=1 an error says where in the code it comes from; with NO_COLOR=1 nothing is coloured.',
  )
  .addCommand(startCommand())
  .addCommand(newCommand())
  .addCommand(validateCommand())
  .addCommand(graphCommand())
  .addCommand(docsCommand())
  .addCommand(rehearseCommand())
  .addCommand(recordCommand())
  .addCommand(matchCommand())
  .addCommand(aslCommand())
  .addCommand(explainCommand())
  .addCommand(iamCommand())
  .addCommand(replayCommand())
  .addCommand(promoteCommand());
for (const command of runningSandboxCommands()) program.addCommand(command);
for (const command of [program, ...program.commands]) {
  const name = command === program ? 'handsoff' : `handsoff ${command.name()}`;
  command.exitOverride(exitOnUsage).showHelpAfterError(`See \`npx ${name} --help\`.`);
}

// Whoever reads our output may have seen enough, as `head` has: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  console.error(`handsoff: what is printed could not be written: ${error.message}.`);
  process.exit(2);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof NotAnsweredError) {
    console.error(`\n${error.message}`);
    process.exit(130);
  }
  // What a person can mend is said in a line; where it came from helps only those who look for a fault of ours.
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (process.argv.includes('--json')) console.log(JSON.stringify({ error: message }));
  console.error(`handsoff: ${process.env['HANDSOFF_DEBUG'] ? stack : message}`);
  process.exitCode = 2;
}

/** A command line that is not understood ends 2, as whatever cannot be read does: 1 is an answer of many commands. */
function exitOnUsage({ exitCode, message }: CommanderError): never {
  if (exitCode !== 0 && process.argv.includes('--json')) console.log(JSON.stringify({ error: message }));
  process.exit(exitCode === 0 ? 0 : 2);
}
