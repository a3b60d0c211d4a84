import { IamAuthority } from '../../../sandbox/iam/iam-authority.ts';
import type { Principal, RequiredGrant } from '../../../sandbox/aws.ts';
import { readTemplate } from '../assembly/directories.ts';

export const ROLE_ARN = 'arn:aws:iam::123456789012:role/Worker';
export const WORKER: Principal = { kind: 'role', arn: ROLE_ARN };
export const QUEUE_ARN = 'arn:aws:sqs:eu-central-1:123456789012:orders';
export const NOW_MS = Date.UTC(2026, 10, 23, 8);

export const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** A policy document of these statements. */
export function aDocument(...statements: readonly object[]) {
  return { Version: '2012-10-17', Statement: statements };
}

/** The resource of a role named Worker, whose inline policy has these statements. */
export function aWorker(statements: readonly object[], more: object = {}) {
  const Policies = statements.length === 0 ? [] : [{ PolicyName: 'Own', PolicyDocument: aDocument(...statements) }];
  const Properties = { RoleName: 'Worker', AssumeRolePolicyDocument: TRUST, Policies, ...more };
  return { Type: 'AWS::IAM::Role', Properties };
}

/** The authority of one handwritten stack named App. */
export async function anAuthority(Resources: object): Promise<IamAuthority> {
  return IamAuthority.fromAssembly(await readTemplate({ Resources }));
}

/** True when the authority allows one action, false when it denies access; any other error is thrown. */
export function isAllowed(authority: IamAuthority, principal: Principal, grant: RequiredGrant): boolean {
  try {
    authority.authorize(principal, [grant], { nowMs: NOW_MS });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDeniedException') return false;
    throw error;
  }
}
