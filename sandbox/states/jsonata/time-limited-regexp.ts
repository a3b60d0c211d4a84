import { createContext, Script } from 'node:vm';

/** Longest one regular expression may search one string, in milliseconds of real time. */
const SEARCH_LIMIT_MS = 1000;
/** A pattern without nested or adjacent repetition cannot backtrack for long. */
const REPETITION = /[*+}]/g;
const RUN = new Script('search()');

/** A regular expression that gives up on a string which makes it backtrack for too long. */
export class TimeLimitedRegExp extends RegExp {
  override exec(text: string): RegExpExecArray | null {
    if ((this.source.match(REPETITION)?.length ?? 0) < 2) return super.exec(text);
    const context = createContext({ search: () => super.exec(text) });
    try {
      return RUN.runInContext(context, { timeout: SEARCH_LIMIT_MS }) as RegExpExecArray | null;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new Error(`Evaluation timeout after ${SEARCH_LIMIT_MS} milliseconds in /${this.source}/`, { cause: error });
    }
  }
}

/** The error comes from another realm, so it is no `Error` of this one. */
function isTimeout(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
