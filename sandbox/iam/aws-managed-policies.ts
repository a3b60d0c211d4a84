import { UnsupportedInSandboxError } from '../aws.ts';
import documents from './aws-managed-policies.json' with { type: 'json' };

const MANAGED_BY_AWS = /^arn:([a-z-]+):iam::aws:policy\/(.+)$/;
const STATEMENTS: Readonly<Record<string, unknown>> = documents;

/** True for the ARN of a policy that AWS owns. */
export function isManagedByAws(arn: string): boolean {
  return MANAGED_BY_AWS.test(arn);
}

/**
 * The document of a policy that AWS owns. Throws an `UnsupportedInSandboxError` for one that the sandbox does not have.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export function readAwsManagedPolicy(arn: string, place: string): unknown {
  const [, , name = ''] = MANAGED_BY_AWS.exec(arn) ?? [];
  if (Object.hasOwn(STATEMENTS, name)) return { Version: '2012-10-17', Statement: STATEMENTS[name] };
  throw new UnsupportedInSandboxError(`the AWS managed policy ${arn} (${place})`);
}
