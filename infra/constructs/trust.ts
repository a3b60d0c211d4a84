import { Stack } from 'aws-cdk-lib';
import { type CfnRole, Role } from 'aws-cdk-lib/aws-iam';

/** Lets a service assume a role only on behalf of this account, and of one resource where the service names it. */
export function trustOfThisAccount(role: Role, service?: string, resource?: string): void {
  const stack = Stack.of(role);
  const conditions: Record<string, unknown> = { StringEquals: { 'aws:SourceAccount': stack.account } };
  if (service && resource) {
    const arn = `arn:${stack.partition}:${service}:${stack.region}:${stack.account}:${resource}`;
    conditions['ArnLike'] = { 'aws:SourceArn': arn };
  }
  const cfn = role.node.defaultChild as CfnRole;
  cfn.addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition', conditions);
}
