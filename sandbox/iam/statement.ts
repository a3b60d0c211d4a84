import type { Condition } from './condition.ts';
import type { Request } from './request.ts';

/** How strongly a principal element names the caller: itself, or only the account that it belongs to. */
export type PrincipalMatch = 'direct' | 'account';

/** One action, resource or principal of a statement (or all of a NotAction, NotResource or NotPrincipal together). */
export interface Alternative<Result> {
  /** As the policy writes it. */
  readonly text: string;
  matches(request: Request): Result | undefined;
}

/** The smallest thing that a template allows: one action on one resource, to one principal where a policy names it. */
export interface Grant {
  readonly id: string;
  readonly stack: string;
  readonly logicalId: string;
  /** The path to the statement inside the resource, such as `Properties.PolicyDocument.Statement[0]`. */
  readonly path: string;
  readonly action: string;
  readonly resource: string;
  readonly principal?: string;
}

/** One statement of a policy, compiled. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly Alternative<true>[];
  readonly resources: readonly Alternative<true>[];
  readonly principals: readonly Alternative<PrincipalMatch>[];
  readonly condition: Condition;
  /** The grant behind each combination of action, resource and principal. */
  grantOf(action: number, resource: number, principal: number): Grant;
}

/** What the statements of one policy, or of several, say about a request. */
export interface Verdict {
  readonly isDenied: boolean;
  /** The grants that allow the request to the caller itself. */
  readonly direct: readonly string[];
  /** The grants that leave it to the caller's account to allow the request. */
  readonly account: readonly string[];
}

/** Evaluates statements for one request, as if the grants in `removed` were not there. */
export function judge(statements: readonly Statement[], request: Request, removed: ReadonlySet<string>): Verdict {
  const direct: string[] = [];
  const account: string[] = [];
  let isDenied = false;
  for (const statement of statements) {
    const matches = matchStatement(statement, request);
    if (statement.effect === 'Deny') isDenied ||= matches.length > 0;
    else {
      for (const { grant, strength } of matches) {
        if (!removed.has(grant.id)) (strength === 'direct' ? direct : account).push(grant.id);
      }
    }
  }
  return { isDenied, direct, account };
}

function matchStatement(statement: Statement, request: Request): readonly { grant: Grant; strength: PrincipalMatch }[] {
  const resources = findMatches(statement.resources, request);
  if (resources.length === 0) return [];
  const actions = findMatches(statement.actions, request);
  if (actions.length === 0) return [];
  const principals = findMatches(statement.principals, request);
  if (principals.length === 0 || !statement.condition(request.context)) return [];
  return actions.flatMap((action) =>
    resources.flatMap((resource) =>
      principals.map((principal) => ({
        grant: statement.grantOf(action.index, resource.index, principal.index),
        strength: principal.result,
      })),
    ),
  );
}

function findMatches<Result>(alternatives: readonly Alternative<Result>[], request: Request) {
  const found: { readonly index: number; readonly result: Result }[] = [];
  for (const [index, alternative] of alternatives.entries()) {
    const result = alternative.matches(request);
    if (result !== undefined) found.push({ index, result });
  }
  return found;
}
