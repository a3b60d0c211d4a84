import { isRecord, type Members, scalarText } from '../members.ts';
import { compileCondition } from './condition.ts';
import { MalformedPolicyError } from './malformed-policy-error.ts';
import { compileArn, compilePattern, compileWildcard, type Matcher } from './pattern.ts';
import { checkVariables } from './policy-variables.ts';
import { compileNotPrincipal, compilePrincipals } from './principal-element.ts';
import type { Alternative, Grant, PrincipalMatch, Statement } from './statement.ts';

/** Where a policy stands and what it belongs to. */
export interface PolicyOrigin {
  readonly stack: string;
  readonly logicalId: string;
  /** The path to the document, such as `Properties.PolicyDocument`. */
  readonly path: string;
  /** `identity` names resources, `trust` names principals, `resource` names both. */
  readonly kind: 'identity' | 'trust' | 'resource';
  /** For a trust policy, the ARN of its role. */
  readonly resource?: string;
  /** The one grant that stands for the whole policy, when the template does not hold its statements. */
  readonly whole?: Grant;
}

const DOCUMENT_KEYS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_KEYS = new Set(
  'Sid Effect Action NotAction Resource NotResource Principal NotPrincipal Condition'.split(' '),
);
const CURRENT_VERSION = '2012-10-17';
const ACTION = /^(\*|[a-z0-9-]+:[a-z0-9*?]+)$/i;
const RESOURCE = /^(\*|arn:[^:]+:[a-z0-9-]+(:.*)?|\$\{.*)$/s;

/**
 * Checks a policy document as strictly as IAM does and compiles its statements. Throws a `MalformedPolicyError` for
 * what IAM refuses. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function compilePolicy(document: unknown, origin: PolicyOrigin): readonly Statement[] {
  const place = `${origin.stack}/${origin.logicalId} ${origin.path}`;
  if (!isRecord(document)) throw new MalformedPolicyError(place, 'the policy document is not an object.');
  refuseUnknown(document, DOCUMENT_KEYS, place);
  const { Version: version = '2008-10-17', Statement: statements } = document;
  if (version !== '2008-10-17' && version !== CURRENT_VERSION) {
    throw new MalformedPolicyError(place, `there is no policy version ${JSON.stringify(version)}.`);
  }
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements ?? []].flat();
  if (list.length === 0) throw new MalformedPolicyError(place, 'the policy has no statements.');
  checkSids(list, origin.kind, place);
  const hasVariables = version === CURRENT_VERSION;
  return list.map((statement, index) => {
    const path = Array.isArray(statements) ? `${origin.path}.Statement[${index}]` : `${origin.path}.Statement`;
    return compileStatement(statement, { ...origin, path }, hasVariables);
  });
}

/** Compiles one statement. `origin.path` is the path to the statement. */
export function compileStatement(value: unknown, origin: PolicyOrigin, hasVariables: boolean): Statement {
  const place = `${origin.stack}/${origin.logicalId} ${origin.path}`;
  if (!isRecord(value)) throw new MalformedPolicyError(place, 'the statement is not an object.');
  refuseUnknown(value, STATEMENT_KEYS, place);
  const { Effect: effect } = value;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new MalformedPolicyError(place, 'Effect is neither Allow nor Deny.');
  const actions = compileActions(value, place);
  const resources = compileResources(value, origin, hasVariables, place);
  const principals = compilePrincipalElement(value, origin, place);
  const condition = compileCondition(value['Condition'], hasVariables, `${place}.Condition`);
  const grants = listGrants(origin, [actions, resources, principals]);
  const grantOf = (action: number, resource: number, principal: number) => {
    const grant = grants[(action * resources.length + resource) * principals.length + principal];
    if (!grant) throw new RangeError(`${place} has no such grant.`);
    return grant;
  };
  return { effect, actions, resources, principals, condition, grantOf };
}

/** Every grant of a statement that allows something. */
export function grantsOf(statement: Statement): readonly Grant[] {
  if (statement.effect === 'Deny') return [];
  return statement.actions.flatMap((_action, action) =>
    statement.resources.flatMap((_resource, resource) =>
      statement.principals.map((_principal, principal) => statement.grantOf(action, resource, principal)),
    ),
  );
}

function compileActions(statement: Members, place: string): readonly Alternative<true>[] {
  const { patterns, isNegated } = readElement(statement, 'Action', place);
  for (const pattern of patterns) {
    if (!ACTION.test(pattern))
      throw new MalformedPolicyError(place, `"${pattern}" is no action such as "sqs:SendMessage".`);
  }
  const matchers = patterns.map((pattern) => compileWildcard(pattern.toLowerCase()));
  return toAlternatives(patterns, matchers, isNegated, 'action');
}

function compileResources(statement: Members, origin: PolicyOrigin, hasVariables: boolean, place: string) {
  if (origin.kind === 'trust') {
    if ('Resource' in statement || 'NotResource' in statement)
      throw new MalformedPolicyError(place, 'Has prohibited field Resource.');
    return [{ text: origin.resource ?? '*', matches: () => true as const }];
  }
  const { patterns, isNegated } = readElement(statement, 'Resource', place);
  for (const pattern of patterns) {
    if (!RESOURCE.test(pattern))
      throw new MalformedPolicyError(place, `Resource ${pattern} must be in ARN format or "*".`);
    if (hasVariables) checkVariables(pattern, place);
  }
  const matchers = patterns.map((pattern) => compilePattern(pattern, compileArn, hasVariables));
  return toAlternatives(patterns, matchers, isNegated, 'resource');
}

function compilePrincipalElement(
  statement: Members,
  origin: PolicyOrigin,
  place: string,
): readonly Alternative<PrincipalMatch>[] {
  const { Principal: principal, NotPrincipal: notPrincipal } = statement;
  if (origin.kind === 'identity') {
    if (principal === undefined && notPrincipal === undefined) return [{ text: '', matches: () => 'direct' }];
    throw new MalformedPolicyError(place, 'Policy document should not specify a principal.');
  }
  if ((principal === undefined) === (notPrincipal === undefined)) {
    throw new MalformedPolicyError(place, 'exactly one of Principal and NotPrincipal is needed.');
  }
  if (principal !== undefined) return compilePrincipals(principal, place);
  if (origin.kind === 'trust') throw new MalformedPolicyError(place, 'a trust policy cannot have NotPrincipal.');
  return compileNotPrincipal(notPrincipal, place);
}

function readElement(statement: Members, element: 'Action' | 'Resource', place: string) {
  const { [element]: plain, [`Not${element}`]: negated } = statement;
  if ((plain === undefined) === (negated === undefined)) {
    throw new MalformedPolicyError(place, `exactly one of ${element} and Not${element} is needed.`);
  }
  const list: readonly unknown[] = [plain ?? negated].flat();
  if (list.length === 0)
    throw new MalformedPolicyError(place, `Policy statement must contain ${element.toLowerCase()}s.`);
  const patterns = list.map((pattern) => {
    if (typeof pattern !== 'string' || pattern === '')
      throw new MalformedPolicyError(place, `${element} is not a text.`);
    return pattern;
  });
  return { patterns, isNegated: plain === undefined };
}

function toAlternatives(
  patterns: readonly string[],
  matchers: readonly Matcher[],
  isNegated: boolean,
  field: 'action' | 'resource',
): readonly Alternative<true>[] {
  if (isNegated) {
    const fits: Alternative<true>['matches'] = (request) =>
      matchers.some((matches) => matches(request[field], request.context)) ? undefined : true;
    return [{ text: `not ${patterns.join(', ')}`, matches: fits }];
  }
  return matchers.map((matches, index) => ({
    text: patterns[index] ?? '',
    matches: (request) => matches(request[field], request.context) || undefined,
  }));
}

function listGrants(origin: PolicyOrigin, axes: readonly (readonly Alternative<unknown>[])[]): readonly Grant[] {
  const { stack, logicalId, path, whole } = origin;
  const [actions = [], resources = [], principals = []] = axes.map((axis) => axis.map(({ text }) => text));
  return actions.flatMap((action) =>
    resources.flatMap((resource) =>
      principals.map((principal) => {
        const to = principal === '' ? {} : { principal };
        const id = [`${stack}/${logicalId} ${path}`, action, resource, principal].filter(Boolean).join(' | ');
        return whole ?? { id, stack, logicalId, path, action, resource, ...to };
      }),
    ),
  );
}

function refuseUnknown(value: Members, known: ReadonlySet<string>, place: string): void {
  const unknown = Object.keys(value).find((key) => !known.has(key));
  if (unknown) throw new MalformedPolicyError(place, `a policy has no element ${unknown}.`);
}

function checkSids(statements: readonly unknown[], kind: PolicyOrigin['kind'], place: string): void {
  const sids = statements.flatMap((statement) =>
    isRecord(statement) ? [scalarText(statement['Sid']) ?? []].flat() : [],
  );
  const repeated = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (repeated !== undefined) throw new MalformedPolicyError(place, `Statement IDs (SID) must be unique: ${repeated}.`);
  const odd = kind === 'resource' ? undefined : sids.find((sid) => !/^[A-Za-z0-9]*$/.test(sid));
  if (odd !== undefined) throw new MalformedPolicyError(place, `Statement IDs (SID) must be alpha-numeric: ${odd}.`);
}
