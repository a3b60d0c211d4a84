import { modes } from '../../functions/domain/incident.ts';
import { askOnTerminal } from '../ask-on-terminal.ts';
import {
  checkMode,
  checkTitle,
  type Flags,
  metricFor,
  metricOf,
  modesOf,
  NewRunbookError,
  oneOf,
  titleOf,
} from './answers.ts';
import { type Target, triggers } from './targets.ts';

/** What the questions offer. */
export interface Offers {
  /** Kinds of targets, by name. */
  readonly targets: Readonly<Record<string, Target>>;
  /** Who owns it where nobody says otherwise. */
  readonly owner: string;
}

/**
 * Asks a person on the terminal for what was not said; Enter takes what stands in brackets. An answer that cannot be is
 * refused and asked for again. Throws a `NotAnsweredError`.
 */
export function askForTheRest(id: string, flags: Flags, offers: Offers): Promise<Flags> {
  return askOnTerminal('Nothing was made.', (put) => askWith(put, id, flags, offers));
}

async function askWith(
  put: (question: string) => Promise<string>,
  id: string,
  flags: Flags,
  { targets, owner }: Offers,
): Promise<Flags> {
  const ask = async (
    given: string | undefined,
    question: string,
    otherwise: string,
    check: (answer: string) => unknown = () => undefined,
  ) => {
    if (given !== undefined) {
      check(given);
      return given;
    }
    for (;;) {
      const line = await put(`${question} [${otherwise}] `);
      const answer = line.trim() || otherwise;
      const wrong = whyWrong(() => check(answer));
      if (wrong === undefined) return answer;
      console.log(wrong);
    }
  };
  const askOne = async <Name extends string>(flag: keyof Flags, question: string, names: readonly Name[]) => {
    const [otherwise = ''] = names;
    const check = (answer: string) => oneOf(`--${flag}`, answer, names);
    return check(await ask(flags[flag]?.toString(), `${question} (${names.join(', ')})?`, otherwise, check));
  };
  const said = flags.mode === undefined ? undefined : oneOf('--mode', flags.mode, modes);
  const title = await ask(flags.title, 'What is wrong, in a few words?', titleOf(id), checkTitle);
  const trigger = await askOne('trigger', 'What starts it', triggers);
  const kinds = Object.keys(targets);
  // What changes something changes one kind of thing.
  const changing = kinds.filter((kind) => modesOf(trigger, targets[kind]).length > 1);
  const changes = flags.target === undefined && said !== undefined && said !== 'observe';
  if (changes && changing.length === 0) checkMode(said, trigger, undefined, kinds);
  const about = await askOne('target', 'What is it about', changes ? changing : ['none', ...kinds]);
  const target = targets[about];
  const possible = modesOf(trigger, target);
  const mode = possible.length > 1 ? await askOne('mode', 'What may it do', possible) : (flags.mode ?? possible[0]);
  const metric =
    trigger === 'alarm'
      ? await ask(flags.metric, 'Which metric, <namespace>/<name>?', metricFor(target), metricOf)
      : flags.metric;
  const service = await ask(flags.service, 'Who owns it, or which service?', owner);
  return {
    ...flags,
    title,
    trigger,
    mode,
    service,
    ...(target && { target: about }),
    ...(metric !== undefined && { metric }),
  };
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
