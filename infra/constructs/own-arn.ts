import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** An ARN of this account and Region. */
export function ownArn(scope: Construct, service: string, resource: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}
