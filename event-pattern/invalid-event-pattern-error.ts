/**
 * Raised for a pattern that EventBridge refuses. The first line of the message is AWS's own, the second says at which
 * field (dotted path) and, when the pattern was given as text, at which line and column.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
 */
export class InvalidEventPatternError extends Error {
  override readonly name = 'InvalidEventPatternException' as const;
  readonly reason: string;
  /** The dotted path of the field that is wrong; empty for the pattern as a whole. */
  readonly path: string;

  constructor(reason: string, path: string, position?: string) {
    const where = [path && `field ${path}`, position].filter(Boolean).join(', ');
    super(`Event pattern is not valid. Reason: ${reason}${where && `\n at ${where}`}`);
    this.reason = reason;
    this.path = path;
  }
}

/** What is wrong with a pattern and where in its text, before the field's path is known. */
export class PatternProblem extends Error {
  override readonly name = 'PatternProblem' as const;
  readonly at: number;
  readonly path: string | undefined;

  constructor(reason: string, at: number, path?: string) {
    super(reason);
    this.at = at;
    this.path = path;
  }

  /** The same problem, told of `path` unless a deeper field was named already. */
  under(path: string): PatternProblem {
    return new PatternProblem(this.message, this.at, this.path ?? path);
  }
}
