import { Command } from 'commander';
import { matchCommand } from './match.ts';
import { aslCommand } from './asl.ts';

/** The `handsoff` command: one file per subcommand. */
const program = new Command('handsoff')
  .description('Event-driven incident response that you rehearse before it may act.')
  .showHelpAfterError()
  .addCommand(matchCommand())
  .addCommand(aslCommand());

await program.parseAsync();
