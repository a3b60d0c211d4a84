import { isRecord } from '../members.ts';
import { UnsupportedInSandboxError } from '../aws.ts';
import { MalformedPolicyError } from './malformed-policy-error.ts';
import type { Alternative, PrincipalMatch } from './statement.ts';

const KINDS = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);
const ACCOUNT = /^(?:(\d{12})|arn:[a-z-]+:iam::(\d{12}):root)$/;
const IAM_ARN = /^arn:[a-z-]+:iam::\d{12}:(role|user)\/[^*?]+$/;

/**
 * Compiles the Principal element of a statement. A role's account matches only as such: the account must allow the
 * request itself. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function compilePrincipals(element: unknown, place: string): readonly Alternative<PrincipalMatch>[] {
  if (element === '*') return [compileOne('AWS', '*', place)];
  return listPrincipals(element, place).map(([kind, value]) => compileOne(kind, value, place));
}

/**
 * Compiles NotPrincipal, for services alone: for roles it depends on the name of the session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function compileNotPrincipal(element: unknown, place: string): readonly Alternative<PrincipalMatch>[] {
  const listed = listPrincipals(element, place);
  const other = listed.find(([kind]) => kind !== 'Service');
  if (other) throw new UnsupportedInSandboxError(`NotPrincipal with ${other[0]} ${other[1]} (${place})`);
  const exempt = listed.map(([kind, value]) => compileOne(kind, value, place));
  const text = `not ${listed.map(([, value]) => value).join(', ')}`;
  return [{ text, matches: (request) => (exempt.some((one) => one.matches(request)) ? undefined : 'direct') }];
}

function listPrincipals(element: unknown, place: string): readonly (readonly [kind: string, value: string])[] {
  if (!isRecord(element)) throw new MalformedPolicyError(place, 'Principal is neither "*" nor an object.');
  const listed = Object.entries(element).flatMap(([kind, values]) => {
    if (!KINDS.has(kind)) throw new MalformedPolicyError(place, `a Principal has no ${kind}.`);
    return [values].flat().map((value) => {
      if (typeof value !== 'string' || value === '') throw new MalformedPolicyError(place, `${kind} is not a text.`);
      return [kind, value] as const;
    });
  });
  if (listed.length === 0) throw new MalformedPolicyError(place, 'Principal names nobody.');
  return listed;
}

function compileOne(kind: string, value: string, place: string): Alternative<PrincipalMatch> {
  const text = value;
  if (kind === 'AWS') return compileAws(value, place);
  if (kind === 'Service') {
    if (!value.includes('.')) throw new MalformedPolicyError(place, `${value} is no service principal.`);
    return {
      text,
      matches: ({ principal }) => when(principal.kind === 'service' && principal.name === value, 'direct'),
    };
  }
  // Nobody in the sandbox signs in through a provider or by a canonical id.
  return { text, matches: () => undefined };
}

function compileAws(value: string, place: string): Alternative<PrincipalMatch> {
  const text = value;
  if (value === '*') return { text, matches: () => 'direct' };
  const [, digits, rootOf] = ACCOUNT.exec(value) ?? [];
  const account = digits ?? rootOf;
  if (account) {
    return {
      text,
      matches: ({ principal }) => when(principal.kind === 'role' && principal.account === account, 'account'),
    };
  }
  if (value.includes(':assumed-role/'))
    throw new UnsupportedInSandboxError(`the session principal ${value} (${place})`);
  if (!IAM_ARN.test(value)) throw new MalformedPolicyError(place, `Invalid principal in policy: ${value}.`);
  return { text, matches: ({ principal }) => when(principal.kind === 'role' && principal.arn === value, 'direct') };
}

function when<Result>(holds: boolean, result: Result): Result | undefined {
  return holds ? result : undefined;
}
