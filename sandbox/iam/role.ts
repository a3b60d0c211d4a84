import type { Assembly, Resource } from '../assembly/read-assembly.ts';
import { isRecord, type Members, textsIn } from '../members.ts';
import { UnsupportedInSandboxError } from '../aws.ts';
import { isManagedByAws, readAwsManagedPolicy } from './aws-managed-policies.ts';
import { MalformedPolicyError } from './malformed-policy-error.ts';
import { compilePolicy } from './policy.ts';
import { checkSize } from './quotas.ts';
import { accountOf } from './request.ts';
import type { Grant, Statement } from './statement.ts';

/** One role with everything that decides what it may do. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly trust: readonly Statement[];
  readonly identity: readonly Statement[];
  /** The statements of its permissions boundary, if it has one. */
  readonly boundary: readonly Statement[] | undefined;
}

interface Attachable {
  readonly statements: readonly Statement[];
  readonly document: unknown;
  readonly roles: readonly string[];
}

/**
 * Reads every `AWS::IAM::Role` of an assembly with its inline, attached and boundary policies. Throws a
 * `MalformedPolicyError` for what IAM refuses, and an `UnsupportedInSandboxError` for a policy that is unknown here.
 */
export function readRoles(assembly: Assembly): readonly Role[] {
  const inline = assembly.ofType('AWS::IAM::Policy').map((policy) => readPolicy(policy));
  const managed = new Map(
    assembly.ofType('AWS::IAM::ManagedPolicy').map((policy) => {
      const attachable = readPolicy(policy);
      checkSize([attachable.document], 'managed', placeOf(policy));
      return [policy.physicalId, attachable];
    }),
  );
  return assembly.ofType('AWS::IAM::Role').map((role) => readRole(role, inline, managed));
}

function readPolicy(policy: Resource): Attachable {
  const { stack, logicalId, properties } = policy;
  const { PolicyDocument: document, Roles: roles } = properties;
  for (const other of ['Users', 'Groups']) {
    const names = properties[other];
    if (Array.isArray(names) && names.length > 0)
      throw new UnsupportedInSandboxError(`policies of ${other} (${placeOf(policy)})`);
  }
  const statements = compilePolicy(document, { stack, logicalId, path: 'Properties.PolicyDocument', kind: 'identity' });
  return { statements, document, roles: textsIn(roles) };
}

function readRole(role: Resource, policies: readonly Attachable[], managed: ReadonlyMap<string, Attachable>): Role {
  const { stack, logicalId, physicalId: name, properties } = role;
  const attached = policies.filter(({ roles }) => roles.includes(name));
  const own = readOwnPolicies(role);
  checkSize(
    [...own, ...attached].map(({ document }) => document),
    'inlineOfRole',
    placeOf(role),
  );
  const arn = role.arn ?? '';
  const document = properties['AssumeRolePolicyDocument'];
  checkSize([document], 'trust', `${placeOf(role)} Properties.AssumeRolePolicyDocument`);
  const path = 'Properties.AssumeRolePolicyDocument';
  const byName = [...managed.values()].filter(({ roles }) => roles.includes(name));
  const identity = [...own, ...attached, ...byName].flatMap(({ statements }) => statements);
  return {
    arn,
    name,
    account: accountOf(arn, ''),
    tags: readTags(properties),
    trust: compilePolicy(document, { stack, logicalId, path, kind: 'trust', resource: arn }),
    identity: [...identity, ...readAttachments(role, managed)],
    boundary: readBoundary(role, managed),
  };
}

function readOwnPolicies(role: Resource): readonly Pick<Attachable, 'document' | 'statements'>[] {
  const { stack, logicalId, properties } = role;
  const policies = Array.isArray(properties['Policies']) ? properties['Policies'] : [];
  return policies.map((policy: unknown, index) => {
    if (!isRecord(policy))
      throw new MalformedPolicyError(placeOf(role), `Properties.Policies[${index}] is not an object.`);
    const path = `Properties.Policies[${index}].PolicyDocument`;
    const document = policy['PolicyDocument'];
    return { document, statements: compilePolicy(document, { stack, logicalId, path, kind: 'identity' }) };
  });
}

function readAttachments(role: Resource, managed: ReadonlyMap<string, Attachable>): readonly Statement[] {
  const arns = textsIn(role.properties['ManagedPolicyArns']);
  return arns.flatMap((arn, index) => findManaged(arn, role, `Properties.ManagedPolicyArns[${index}]`, managed));
}

function readBoundary(role: Resource, managed: ReadonlyMap<string, Attachable>): readonly Statement[] | undefined {
  const arn = role.properties['PermissionsBoundary'];
  if (arn === undefined) return undefined;
  return findManaged(String(textsIn([arn])[0]), role, 'Properties.PermissionsBoundary', managed);
}

function findManaged(
  arn: string,
  role: Resource,
  path: string,
  managed: ReadonlyMap<string, Attachable>,
): readonly Statement[] {
  const { stack, logicalId } = role;
  const place = `${placeOf(role)} ${path}`;
  const own = managed.get(arn);
  if (own) return own.statements;
  if (!isManagedByAws(arn))
    throw new UnsupportedInSandboxError(`the managed policy ${arn}, which no template creates (${place})`);
  const whole: Grant = { id: `${place} | ${arn}`, stack, logicalId, path, action: '*', resource: arn };
  return compilePolicy(readAwsManagedPolicy(arn, place), { stack, logicalId, path, kind: 'identity', whole });
}

function readTags(properties: Members): ReadonlyMap<string, string> {
  const tags: readonly unknown[] = Array.isArray(properties['Tags']) ? properties['Tags'] : [];
  return new Map(tags.filter(isRecord).map(({ Key: key, Value: value }) => [String(key), String(value)]));
}

function placeOf({ stack, logicalId }: Resource): string {
  return `${stack}/${logicalId}`;
}
