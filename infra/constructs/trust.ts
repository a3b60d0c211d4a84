import { Stack } from 'aws-cdk-lib';
import { type CfnRole, Role } from 'aws-cdk-lib/aws-iam';
import { ownArn } from './own-arn.ts';

/** Lets a service assume a role only on behalf of this account, and of these resources where the service names them. */
export function trustOfThisAccount(role: Role, service?: string, ...resources: readonly string[]): void {
  const stack = Stack.of(role);
  const conditions: Record<string, unknown> = { StringEquals: { 'aws:SourceAccount': stack.account } };
  if (service && resources.length > 0) {
    const arns = resources.map((resource) => ownArn(role)(service, resource));
    conditions['ArnLike'] = { 'aws:SourceArn': arns.length === 1 ? arns[0] : arns };
  }
  const cfn = role.node.defaultChild as CfnRole;
  cfn.addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition', conditions);
}
