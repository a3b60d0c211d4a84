import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { OwnArn } from '../names.ts';

/** Makes ARNs of the account and Region that a construct is in. */
export function ownArn(scope: Construct): OwnArn {
  const { partition, region, account } = Stack.of(scope);
  return (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
}
