import { createInterface } from 'node:readline/promises';

/** Raised when the person ends the questions with a key; its message says what came of that. */
export class NotAnsweredError extends Error {
  override readonly name = 'NotAnsweredError' as const;
}

/** Lets `ask` put questions to the person on the terminal. Throws a `NotAnsweredError` that says `otherwise`. */
export async function askOnTerminal<Answer>(
  otherwise: string,
  ask: (question: (text: string) => Promise<string>) => Promise<Answer>,
): Promise<Answer> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const stop = new AbortController();
  terminal.once('SIGINT', () => stop.abort());
  terminal.once('close', () => stop.abort());
  try {
    return await ask((text) => terminal.question(text, { signal: stop.signal }));
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new NotAnsweredError(otherwise, { cause: error });
  } finally {
    terminal.close();
  }
}
