import { compilePattern } from '../../event-pattern/pattern.ts';

/** What limits an answer of the world: how often it is given, and which calls must have been answered before. */
export interface Limits {
  readonly times?: number | undefined;
  readonly after?: string | readonly string[] | undefined;
}

interface Choice<T> {
  readonly entry: T;
  readonly matches: (subject: unknown) => boolean;
  used: number;
}

/** An ordered list of which the first fitting entry is taken, each at most `times` times and only `after` its calls. */
export class FirstMatch<T extends Limits> {
  readonly #choices: readonly Choice<T>[];

  /** `patternOf` gives an entry's event pattern over the subject, if it has one. */
  constructor(entries: readonly T[], patternOf: (entry: T) => unknown) {
    this.#choices = entries.map((entry) => ({ entry, matches: compileMatch(patternOf(entry)), used: 0 }));
  }

  /** Takes the first entry that fits, or `undefined`. `wasAnswered` tells whether `<service>:<Operation>` was answered yet. */
  take(fits: (entry: T) => boolean, subject: unknown, wasAnswered: (call: string) => boolean): T | undefined {
    const choice = this.#choices.find(
      (candidate) =>
        candidate.used < (candidate.entry.times ?? Number.POSITIVE_INFINITY) &&
        [candidate.entry.after ?? []].flat().every(wasAnswered) &&
        fits(candidate.entry) &&
        candidate.matches(subject),
    );
    if (choice) choice.used += 1;
    return choice?.entry;
  }
}

function compileMatch(pattern: unknown): (subject: unknown) => boolean {
  if (pattern === undefined) return () => true;
  const compiled = compilePattern(pattern);
  return (subject) => compiled.matches(subject);
}
