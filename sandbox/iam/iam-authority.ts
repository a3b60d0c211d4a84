import type { Assembly } from '../assembly/read-assembly.ts';
import { type Principal, type RequiredGrant, UnsupportedInSandboxError } from '../aws.ts';
import { AccessDeniedError, type DenialReason, type PolicyKind } from './access-denied.ts';
import { buildContext } from './condition-keys.ts';
import { grantsOf } from './policy.ts';
import { accountOf, type Request, type RequestPrincipal } from './request.ts';
import { ResourcePolicies } from './resource-policies.ts';
import { readRoles, type Role } from './role.ts';
import { type Grant, judge, type Statement, type Verdict } from './statement.ts';

export { AccessDeniedError, spellAccessDenied } from './access-denied.ts';
export { MalformedPolicyError } from './malformed-policy-error.ts';
export type { Grant } from './statement.ts';

/** When a request is made. */
export interface AuthorizeContext {
  /** Virtual time in epoch milliseconds. */
  readonly nowMs: number;
}

/** On whose behalf a service assumes a role. */
export interface AssumeContext {
  /** Becomes `aws:SourceArn`, and its account `aws:SourceAccount`. */
  readonly sourceArn?: string;
  /** Virtual time in epoch milliseconds. Without it a condition on the time does not hold. */
  readonly nowMs?: number;
}

interface Rules {
  readonly account: string;
  readonly region: string;
  readonly roles: ReadonlyMap<string, Role>;
  readonly resourcePolicies: ResourcePolicies;
  /** Every grant of the templates by id. */
  readonly grants: ReadonlyMap<string, Grant>;
  /** The identity statements of a role that can apply to an action, by role ARN and action. */
  readonly applicable: Map<string, readonly Statement[]>;
}

const NOTHING: Verdict = { isDenied: false, direct: [], account: [] };
// What a trust policy decides. iam:PassRole, by contrast, only the policies of the caller decide.
const TRUSTED_ACTIONS = /^sts:(assumerole|tagsession|setsourceidentity)$/;

/**
 * Decides what the roles and services of an assembly may do, from its role, boundary, trust and resource policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export class IamAuthority {
  readonly #rules: Rules;
  readonly #removed: ReadonlySet<string>;
  readonly #needed = new Set<string>();
  /** What was allowed to roles without a condition key being asked for, which stays so: role, action and resource. */
  readonly #settled = new Set<string>();

  private constructor(rules: Rules, removed: ReadonlySet<string>) {
    this.#rules = rules;
    this.#removed = removed;
  }

  /**
   * Reads and checks every policy of an assembly. Throws a `MalformedPolicyError` for a policy that IAM refuses and an
   * `UnsupportedInSandboxError` for one that the sandbox cannot evaluate.
   */
  static fromAssembly(assembly: Assembly): IamAuthority {
    const roles = readRoles(assembly);
    const resourcePolicies = new ResourcePolicies(assembly);
    const statements = [
      ...roles.flatMap(({ trust, identity, boundary }) => [...trust, ...identity, ...(boundary ?? [])]),
      ...resourcePolicies.statements,
    ];
    const grants = new Map(statements.flatMap(grantsOf).map((grant) => [grant.id, grant]));
    const byArn = new Map(roles.map((role) => [role.arn, role]));
    const { account, region } = assembly;
    return new IamAuthority(
      { account, region, roles: byArn, resourcePolicies, grants, applicable: new Map() },
      new Set(),
    );
  }

  /**
   * Returns when IAM allows every one of the grants. Throws an `AccessDeniedError` for the first that it does not, and
   * an `UnsupportedInSandboxError` when that depends on a policy that no template holds.
   */
  authorize(principal: Principal, grants: readonly RequiredGrant[], context: AuthorizeContext): void {
    for (const grant of grants) {
      if (principal.kind === 'role') this.#authorizeRole(this.#roleOf(principal.arn), grant, context);
      else this.#authorizeService(principal, grant, context);
    }
  }

  /** Returns when the trust policy lets a service assume the role. Throws an `AccessDeniedError` when it does not. */
  canAssume(roleArn: string, servicePrincipal: string, context: AssumeContext = {}): void {
    const { sourceArn, nowMs } = context;
    const action = 'sts:AssumeRole';
    const request = this.#request(
      { kind: 'service', name: servicePrincipal },
      { action, resource: roleArn },
      { nowMs, sourceArn },
    );
    const verdict = this.#judge(this.#roleOf(roleArn).trust, request);
    const deny = denier(servicePrincipal, { action, resource: roleArn });
    if (verdict.isDenied) deny('explicit', 'role trust policy');
    if (verdict.direct.length === 0) deny('implicit', 'role trust policy');
    this.#noteNeeded(verdict.direct);
  }

  /** Every single grant of the templates that is still there, in a stable order. Denials are none. */
  statements(): readonly Grant[] {
    return [...this.#rules.grants.values()].filter(({ id }) => !this.#removed.has(id));
  }

  /** The grants of a role's own policies; its trust and its boundary are not among them. */
  identityGrants(roleArn: string): readonly Grant[] {
    return this.#roleOf(roleArn).identity.flatMap(grantsOf);
  }

  /** The same authority with exactly this grant gone and no uses counted. Throws a `RangeError` for an unknown id. */
  without(grantId: string): IamAuthority {
    if (!this.#rules.grants.has(grantId)) throw new RangeError(`There is no grant "${grantId}".`);
    return new IamAuthority(this.#rules, new Set([...this.#removed, grantId]));
  }

  /** The ids of the grants without which something would have been refused so far: where several allow it, none of them. */
  neededGrants(): ReadonlySet<string> {
    return this.#needed;
  }

  #authorizeRole(role: Role, grant: RequiredGrant, { nowMs }: AuthorizeContext): void {
    const { arn, account, tags } = role;
    const asked = `${arn} ${grant.action} ${grant.resource}`;
    if (this.#settled.has(asked)) return;
    const request = this.#request({ kind: 'role', arn, account }, grant, { nowMs, tags });
    const own = this.#judge(this.#applicable(role, request), request);
    const limit = role.boundary && this.#judge(role.boundary, request);
    const { verdict: others, isMandatory, kind, isElsewhere } = this.#judgeResource(request);
    const deny = denier(sessionArn(role), grant);
    if (own.isDenied) deny('explicit', 'identity-based policy');
    if (others.isDenied) deny('explicit', kind);
    if (limit?.isDenied) deny('explicit', 'permissions boundary');
    const opened = isMandatory ? [...others.direct, ...others.account] : others.direct;
    if (isMandatory && !isElsewhere && opened.length === 0) deny('implicit', kind);
    if (others.direct.length === 0 && own.direct.length === 0) deny('implicit', 'identity-based policy');
    if (limit && limit.direct.length === 0) deny('implicit', 'permissions boundary');
    if (isElsewhere)
      throw new UnsupportedInSandboxError(`${grant.action} on ${grant.resource}, whose policy no template holds`);
    // Within an account, either of the two policies is enough, but where the resource's own has to allow as well.
    if (others.direct.length === 0) this.#noteNeeded(own.direct);
    if (isMandatory || own.direct.length === 0) this.#noteNeeded(opened);
    if (limit) this.#noteNeeded(limit.direct);
    if (request.context.wasAsked === false) this.#settled.add(asked);
  }

  #authorizeService({ arn: name, sourceArn }: Principal, grant: RequiredGrant, { nowMs }: AuthorizeContext): void {
    const request = this.#request({ kind: 'service', name }, grant, { nowMs, sourceArn });
    const { verdict, kind } = this.#judgeResource(request);
    const deny = denier(name, grant);
    if (verdict.isDenied) deny('explicit', kind);
    if (verdict.direct.length === 0) deny('implicit', kind);
    this.#noteNeeded(verdict.direct);
  }

  #judgeResource(request: Request): ResourceVerdict {
    const { resourcePolicies, roles, account } = this.#rules;
    const { resource } = request;
    if (TRUSTED_ACTIONS.test(request.action)) {
      const trust = roles.get(resource)?.trust;
      const verdict = this.#judge(trust ?? [], request);
      return { verdict, isMandatory: true, kind: 'role trust policy', isElsewhere: trust === undefined };
    }
    const statements = resourcePolicies.for(resource);
    const verdict = statements.length === 0 ? NOTHING : this.#judge(statements, request);
    const isElsewhere = accountOf(resource, account) !== account;
    return { verdict, isMandatory: false, kind: 'resource-based policy', isElsewhere };
  }

  #judge(statements: readonly Statement[], request: Request): Verdict {
    return judge(statements, request, this.#removed);
  }

  #applicable(role: Role, request: Request): readonly Statement[] {
    const key = `${role.arn} ${request.action}`;
    const known = this.#rules.applicable.get(key);
    if (known) return known;
    const found = role.identity.filter(({ actions }) => actions.some((action) => action.matches(request)));
    this.#rules.applicable.set(key, found);
    return found;
  }

  #request(
    principal: RequestPrincipal,
    { action, resource, context: given }: RequiredGrant,
    { nowMs, sourceArn, tags }: RequestDetails,
  ): Request {
    const { account, region } = this.#rules;
    const principalTags = tags ?? new Map<string, string>();
    const context = buildContext({ principal, principalTags, sourceArn, resource, account, region, nowMs, given });
    return { principal, action: action.toLowerCase(), resource, context };
  }

  #roleOf(arn: string): Role {
    const role = this.#rules.roles.get(arn);
    if (role) return role;
    throw new UnsupportedInSandboxError(`the role ${arn}, which no template creates`);
  }

  /** Notes the only grant that allowed something, where there is only one. */
  #noteNeeded(allowing: readonly string[]): void {
    const [only, ...others] = allowing;
    if (only !== undefined && others.length === 0 && this.#rules.grants.has(only)) this.#needed.add(only);
  }
}

/** What the policy of the resource says, whether nothing goes without it, and whether it is out of sight. */
interface ResourceVerdict {
  readonly verdict: Verdict;
  readonly isMandatory: boolean;
  readonly kind: PolicyKind;
  readonly isElsewhere: boolean;
}

interface RequestDetails {
  readonly nowMs: number | undefined;
  readonly sourceArn?: string | undefined;
  readonly tags?: ReadonlyMap<string, string>;
}

/** The session that the message of a denial names. */
function sessionArn({ arn, account, name }: Role): string {
  return `arn:${arn.split(':')[1]}:sts::${account}:assumed-role/${name}/sandbox`;
}

function denier(principal: string, { action, resource }: RequiredGrant) {
  return (kind: DenialReason['kind'], policy: PolicyKind): never => {
    throw new AccessDeniedError({ principal, action, resource, reason: { kind, policy } });
  };
}
