import { compileBranches, type Branch } from './compile-branches.ts';
import { EventFields } from './event-fields.ts';
import { satisfies, type Step, stepsOf } from './find-match.ts';
import { InvalidEventPatternError, PatternProblem } from './invalid-event-pattern-error.ts';
import { JsonTextError, nodeOf, readJson, type JsonNode } from './json-text.ts';
import { wildcardComplexity } from './wildcard-complexity.ts';

export { EventFields, InvalidEventError } from './event-fields.ts';
export { InvalidEventPatternError } from './invalid-event-pattern-error.ts';

/**
 * From here on a pattern is too complex. AWS publishes no number: it refuses the user guide's example, which measures 10,
 * and is known to accept patterns that measure 9.
 */
const TOO_COMPLEX = 10;
const TOO_COMPLEX_REASON =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

/** A compiled EventBridge event pattern. */
export class EventPattern {
  readonly #branches: readonly (readonly Step[])[];

  constructor(branches: readonly Branch[]) {
    this.#branches = branches.map(stepsOf);
  }

  /**
   * Says whether the event satisfies the pattern. The event is JSON text, a parsed value, or prepared `EventFields`.
   * Throws `InvalidEventError` for text that is not JSON and for anything but an object.
   */
  matches(event: unknown): boolean {
    const fields = event instanceof EventFields ? event : new EventFields(event);
    return this.#branches.some((steps) => satisfies(steps, fields));
  }
}

/**
 * Compiles an event pattern, given as JSON text or as a parsed value, with the semantics of EventBridge. Throws
 * `InvalidEventPatternError` for what EventBridge refuses. The length of a pattern is a quota of rules, not checked here.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
 */
export function compilePattern(pattern: unknown): EventPattern {
  const text = typeof pattern === 'string' ? pattern : undefined;
  try {
    const root = text === undefined ? nodeOf(pattern) : readJson(text);
    const branches = compileBranches(root);
    refuseTooComplex(root);
    return new EventPattern(branches);
  } catch (error) {
    if (!(error instanceof PatternProblem) && !(error instanceof JsonTextError)) throw error;
    const path = error instanceof PatternProblem ? (error.path ?? '') : '';
    throw new InvalidEventPatternError(
      error.message,
      path,
      text === undefined ? undefined : positionIn(text, error.at),
    );
  }
}

function refuseTooComplex(root: JsonNode): void {
  if (wildcardComplexity(root, TOO_COMPLEX) >= TOO_COMPLEX) throw new PatternProblem(TOO_COMPLEX_REASON, 0);
}

function positionIn(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
