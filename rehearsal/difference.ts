/** One thing that is not as it has to be. */
export interface Difference {
  /** What is compared, such as `path`, or the rule that was broken. */
  readonly what: string;
  /** What had to be so, line by line. */
  readonly expected: readonly string[];
  /** What was so, line by line. */
  readonly found: readonly string[];
}
