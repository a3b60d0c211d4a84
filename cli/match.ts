import { Command } from 'commander';
import { compilePattern, EventFields, InvalidEventError, InvalidEventPatternError } from '../event-pattern/pattern.ts';
import { messageOf } from './message-of.ts';
import { readTextFile } from './read-text-file.ts';

interface MatchOptions {
  readonly pattern: string;
  readonly event: string;
  readonly json?: true;
}

/** Raised for what a person must set right: the exit code is 2 and the message says what, which and what to do. */
class MatchInputError extends Error {
  override readonly name = 'MatchInputError' as const;
}

const INPUT_EXIT_CODE = 2;
const STANDARD_INPUT = '-';

/**
 * `handsoff match`: prints `true` or `false` and exits 0 for both; a pattern that EventBridge refuses, a file that cannot
 * be read, or an event that is no JSON object exits 2 with the reason on standard error.
 */
export function matchCommand(): Command {
  return new Command('match')
    .description('Say whether an EventBridge event pattern matches an event, as EventBridge itself would.')
    .requiredOption('-p, --pattern <file>', 'file with the event pattern, or - for standard input')
    .requiredOption('-e, --event <file>', 'file with the event, or - for standard input')
    .option('--json', 'print {"matches": …} or {"error": …} as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 it was said, true or false; 2 the pattern or the event cannot be read.' +
        '\n\nExample:\n  npx handsoff match --pattern pattern.json --event event.json',
    )
    .action((options: MatchOptions) => {
      process.exitCode = runMatch(options);
    });
}

function runMatch(options: MatchOptions): number {
  try {
    const matches = match(options);
    console.log(options.json ? JSON.stringify({ matches }) : String(matches));
    return 0;
  } catch (error) {
    if (!(error instanceof MatchInputError)) throw error;
    if (options.json) console.log(JSON.stringify({ error: error.message }));
    console.error(error.message);
    return INPUT_EXIT_CODE;
  }
}

function match({ pattern, event }: MatchOptions): boolean {
  if (pattern === STANDARD_INPUT && event === STANDARD_INPUT) {
    throw new MatchInputError('--pattern and --event cannot both be - (standard input): name a file for one of them.');
  }
  const compiled = readWith(pattern, 'pattern', compilePattern);
  return compiled.matches(readWith(event, 'event', (text) => new EventFields(text)));
}

function readWith<T>(file: string, what: string, parse: (text: string) => T): T {
  const text = readText(file, what);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof InvalidEventPatternError) && !(error instanceof InvalidEventError)) throw error;
    throw new MatchInputError(`${error.message}\n in ${placeOf(file)}: correct the ${what} there and run again.`, {
      cause: error,
    });
  }
}

function readText(file: string, what: string): string {
  try {
    return readTextFile(file);
  } catch (cause) {
    throw new MatchInputError(
      `The ${what} cannot be read from ${placeOf(file)} (${messageOf(cause)}): give --${what} a file that exists and may be read, or -.`,
      { cause },
    );
  }
}

function placeOf(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : file;
}
