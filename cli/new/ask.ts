import { createInterface } from 'node:readline/promises';
import { modes } from '../../functions/domain/incident.ts';
import { type Flags, titleOf } from './answers.ts';
import { triggers } from './targets.ts';

/** Asks a person on the terminal for what was not said; Enter takes what stands in brackets. */
export async function askForTheRest(id: string, flags: Flags, targets: readonly string[]): Promise<Flags> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ask = async (given: string | undefined, question: string, otherwise: string) =>
    given ?? ((await terminal.question(`${question} [${otherwise}] `)).trim() || otherwise);
  try {
    const title = await ask(flags.title, 'What is wrong, in a few words?', titleOf(id));
    const trigger = await ask(flags.trigger, `What starts it (${triggers.join(', ')})?`, 'alarm');
    const target = await ask(flags.target, `What is it about (${targets.join(', ')}, none)?`, 'none');
    const otherwise = target === 'none' || trigger === 'webhook' ? 'observe' : 'approve';
    const mode = await ask(flags.mode, `What may it do (${modes.join(', ')})?`, otherwise);
    const metric =
      trigger === 'alarm' ? await ask(flags.metric, 'Which metric, <namespace>/<name>?', 'usual') : 'usual';
    const service = await ask(flags.service, 'Who owns it, or which service?', 'platform');
    return {
      ...flags,
      title,
      trigger,
      mode,
      service,
      ...(target !== 'none' && { target }),
      ...(metric !== 'usual' && { metric }),
    };
  } finally {
    terminal.close();
  }
}
