import type { Environment } from './environment.ts';
import { stableUuid } from '../stable-id.ts';
import { NO_VALUE } from './scope.ts';

const PSEUDO_PARAMETERS: Readonly<Record<string, (environment: Environment, stackName: string) => unknown>> = {
  'AWS::AccountId': ({ account }) => account,
  'AWS::Region': ({ region }) => region,
  'AWS::Partition': ({ partition }) => partition,
  'AWS::URLSuffix': ({ urlSuffix }) => urlSuffix,
  'AWS::NoValue': () => NO_VALUE,
  'AWS::NotificationARNs': () => [],
  'AWS::StackName': (_environment, stackName) => stackName,
  'AWS::StackId': ({ partition, account, region }, stackName) =>
    `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/${stableUuid(`${account}/${region}/${stackName}`)}`,
};

/** True for `AWS::Region` and its like. */
export function isPseudoParameter(name: string): boolean {
  return Object.hasOwn(PSEUDO_PARAMETERS, name);
}

/**
 * What `Ref` gives for a pseudo parameter; undefined for any other name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
export function pseudoParameter(name: string, environment: Environment, stackName: string): unknown {
  return isPseudoParameter(name) ? PSEUDO_PARAMETERS[name]?.(environment, stackName) : undefined;
}
