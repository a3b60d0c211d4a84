import type { Assembly } from '../assembly/read-assembly.ts';
import { MalformedPolicyError } from './malformed-policy-error.ts';
import { compilePolicy, compileStatement } from './policy.ts';
import { accountOf, splitArn } from './request.ts';
import { readResourcePolicies, type ResourcePolicy } from './resource-policy-readers.ts';
import type { Statement } from './statement.ts';

/** Every resource-based policy of an assembly, found by the resource that a request is about. */
export class ResourcePolicies {
  /** The statements of all policies, in the order of the assembly. */
  readonly statements: readonly Statement[];
  readonly #byArn = new Map<string, Statement[]>();

  constructor(assembly: Assembly) {
    const holders = new Map<string, ResourcePolicy>();
    this.statements = assembly.resources.flatMap(readResourcePoliciesOf(assembly, holders, this.#byArn));
    this.#addDefaults(assembly);
  }

  /** The statements that apply to requests about a resource. */
  for(resource: string): readonly Statement[] {
    return ownersOf(resource).flatMap((arn) => this.#byArn.get(arn) ?? []);
  }

  /** A topic without a policy lets its own account's alarms publish; one with a policy does not, unless that says so. */
  #addDefaults(assembly: Assembly): void {
    for (const { arn, stack, logicalId } of assembly.ofType('AWS::SNS::Topic')) {
      if (arn === undefined || this.#byArn.has(arn)) continue;
      const condition = { StringEquals: { 'AWS:SourceOwner': accountOf(arn, '') } };
      const statement = {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'sns:*',
        Resource: arn,
        Condition: condition,
      };
      const origin = { stack, logicalId, path: 'the default policy of a topic', kind: 'resource' } as const;
      this.#byArn.set(arn, [compileStatement(statement, origin, false)]);
    }
  }
}

function readResourcePoliciesOf(
  assembly: Assembly,
  holders: Map<string, ResourcePolicy>,
  byArn: Map<string, Statement[]>,
): (resource: Assembly['resources'][number]) => readonly Statement[] {
  return (resource) =>
    readResourcePolicies(resource, assembly).flatMap((policy) => {
      const statements = compile(policy);
      for (const arn of policy.arns) {
        if (policy.isOnly) refuseSecond(arn, policy, holders);
        byArn.set(arn, [...(byArn.get(arn) ?? []), ...statements]);
      }
      return statements;
    });
}

function compile({ stack, logicalId, path, document, statement }: ResourcePolicy): readonly Statement[] {
  const origin = { stack, logicalId, path, kind: 'resource' } as const;
  return statement === undefined ? compilePolicy(document, origin) : [compileStatement(statement, origin, true)];
}

function refuseSecond(arn: string, policy: ResourcePolicy, holders: Map<string, ResourcePolicy>): void {
  const other = holders.get(arn);
  if (other) {
    const place = `${policy.stack}/${policy.logicalId}`;
    throw new MalformedPolicyError(
      place,
      `${arn} has a policy from ${other.stack}/${other.logicalId} already, which this one would replace.`,
    );
  }
  holders.set(arn, policy);
}

/** The resource itself, then what it is a part of: an index's table, a rule's event bus. */
function ownersOf(resource: string): readonly string[] {
  const fields = splitArn(resource);
  if (!fields) return [];
  const [, partition = '', service = '', region = '', account = '', name = ''] = fields;
  const prefix = `arn:${partition}:${service}:${region}:${account}:`;
  const parts = name.split('/');
  if (service === 'dynamodb' && parts.length > 2) return [resource, `${prefix}${parts[0]}/${parts[1]}`];
  if (service === 'events' && parts[0] === 'rule' && parts.length > 2)
    return [resource, `${prefix}event-bus/${parts[1]}`];
  return [resource];
}
