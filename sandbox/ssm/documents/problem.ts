/** One thing that Systems Manager would refuse in a document, and where: `mainSteps[0].onFailure`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Takes one problem. */
export type Report = (path: string, message: string) => void;

/** Runs a check and gives all that it reported, in order. */
export function collectProblems(check: (report: Report) => void): Problem[] {
  const problems: Problem[] = [];
  check((path, message) => problems.push({ path, message }));
  return problems;
}
