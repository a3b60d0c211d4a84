/**
 * Raised when a cloud assembly cannot be deployed as it stands: an unknown or circular reference, a name that AWS
 * refuses, a missing file. `problems` has one sentence for each, with the stack, the resource and the property path.
 */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError' as const;
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(
      problems.length === 1 ? `${problems[0]}` : `${problems.length} problems:\n- ${problems.join('\n- ')}`,
      options,
    );
    this.problems = problems;
  }
}

/** An `AssemblyError` with a single problem at one place, such as `Logic/Handler Properties.Role`. */
export function problemAt(place: string, what: string): AssemblyError {
  return new AssemblyError([`${place}: ${what}`]);
}
