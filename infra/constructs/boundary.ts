import { Stack, Validations } from 'aws-cdk-lib';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';

/** IAM's limit of a managed policy, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const maxPolicyCharacters = 6144;

/** Throws for a managed policy that IAM would not take. */
export function refuseTooLong(policy: ManagedPolicy): void {
  const size = JSON.stringify(Stack.of(policy).resolve(policy.document)).replaceAll(/\s/g, '').length;
  if (size > maxPolicyCharacters)
    throw new Error(
      `${policy.node.path} has ${size} characters, and IAM takes ${maxPolicyCharacters}; shorten its lists, or deny by a wildcard.`,
    );
}

/** Tells cdk-nag and CDK why a boundary is as wide as it is. */
export function explainBoundary(policy: ManagedPolicy): void {
  const reason = 'A boundary grants nothing: it is the outer limit, and its point is what it leaves out and denies.';
  for (const id of ['AwsSolutions-IAM5', 'AwsSolutions-IAM5[Resource::*]', 'CloudFormation-Validate::W2512'])
    Validations.of(policy).acknowledge({ id, reason });
}
