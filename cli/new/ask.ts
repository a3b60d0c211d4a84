import { createInterface } from 'node:readline/promises';
import { modes } from '../../functions/domain/incident.ts';
import { checkTitle, type Flags, metricOf, NewRunbookError, oneOf, titleOf } from './answers.ts';
import { triggers } from './targets.ts';

/** What the questions offer. */
export interface Offers {
  /** Kinds of targets. */
  readonly targets: readonly string[];
  /** Who owns it where nobody says otherwise. */
  readonly owner: string;
}

/** Raised when the person ends the questions with a key. */
export class NotAnsweredError extends Error {
  override readonly name = 'NotAnsweredError' as const;
}

/**
 * Asks a person on the terminal for what was not said; Enter takes what stands in brackets. An answer that cannot be is
 * refused and asked for again. Throws a `NotAnsweredError`.
 */
export async function askForTheRest(id: string, flags: Flags, { targets, owner }: Offers): Promise<Flags> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const stop = new AbortController();
  terminal.once('SIGINT', () => stop.abort());
  terminal.once('close', () => stop.abort());
  const ask = async (
    given: string | undefined,
    question: string,
    otherwise: string,
    check: (answer: string) => unknown = () => undefined,
  ) => {
    if (given !== undefined) return given;
    for (;;) {
      const line = await terminal.question(`${question} [${otherwise}] `, { signal: stop.signal });
      const answer = line.trim() || otherwise;
      const wrong = whyWrong(() => check(answer));
      if (wrong === undefined) return answer;
      console.log(wrong);
    }
  };
  const askOne = (flag: keyof Flags, given: string | undefined, question: string, names: readonly string[]) => {
    const [otherwise = ''] = names;
    return ask(given, `${question} (${names.join(', ')})?`, otherwise, (answer) => oneOf(`--${flag}`, answer, names));
  };
  try {
    const title = await ask(flags.title, 'What is wrong, in a few words?', titleOf(id), checkTitle);
    const trigger = await askOne('trigger', flags.trigger, 'What starts it', triggers);
    // What changes something changes one kind of thing.
    const changes = flags.mode !== undefined && flags.mode !== 'observe';
    const about = await askOne('target', flags.target, 'What is it about', changes ? targets : ['none', ...targets]);
    const otherwise = about === 'none' || trigger === 'webhook' ? 'observe' : 'approve';
    const possible = otherwise === 'observe' ? [otherwise] : [otherwise, ...modes.filter((mode) => mode !== otherwise)];
    const mode =
      flags.mode ?? (possible.length > 1 ? await askOne('mode', undefined, 'What may it do', possible) : otherwise);
    const checkMetric = (answer: string) => answer === 'usual' || metricOf(answer);
    const metric =
      trigger === 'alarm'
        ? await ask(flags.metric, 'Which metric, <namespace>/<name>?', 'usual', checkMetric)
        : 'usual';
    const service = await ask(flags.service, 'Who owns it, or which service?', owner);
    return {
      ...flags,
      title,
      trigger,
      mode,
      service,
      ...(about !== 'none' && { target: about }),
      ...(metric !== 'usual' && { metric }),
    };
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new NotAnsweredError('Nothing was made.', { cause: error });
  } finally {
    terminal.close();
  }
}

function whyWrong(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof NewRunbookError)) throw error;
    return error.message;
  }
}
