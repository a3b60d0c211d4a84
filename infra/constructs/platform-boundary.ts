import { type IAspect, Stack } from 'aws-cdk-lib';
import { CfnRole, Effect, type IManagedPolicy, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { explainBoundary, refuseTooLong } from './boundary.ts';

/** What no function, machine or rule of Handsoff may do, whatever its role says: change who may do what, or become another. */
export class PlatformBoundary extends ManagedPolicy {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'What no function, state machine or rule of Handsoff may ever do.',
      statements: [
        new PolicyStatement({ notActions: ['iam:*'], resources: ['*'] }),
        // A runbook about a key looks whose it is.
        new PolicyStatement({ actions: ['iam:Get*', 'iam:List*'], resources: ['*'] }),
        // To SSM alone, and that only for start-automation: its own policy names the roles.
        new PolicyStatement({
          actions: ['iam:PassRole'],
          resources: ['*'],
          conditions: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
        }),
        new PolicyStatement({
          effect: Effect.DENY,
          actions: ['account:*', 'organizations:*', 'sts:AssumeRole*', 'sts:GetFederationToken'],
          resources: ['*'],
        }),
      ],
    });
    refuseTooLong(this);
    explainBoundary(this);
  }
}

/** Puts every role that has no boundary yet under one. */
export class BoundEveryRole implements IAspect {
  readonly #boundary: IManagedPolicy;

  constructor(boundary: IManagedPolicy) {
    this.#boundary = boundary;
  }

  visit(node: IConstruct): void {
    if (
      node instanceof CfnRole &&
      node.permissionsBoundary === undefined &&
      Stack.of(node) === Stack.of(this.#boundary)
    )
      node.permissionsBoundary = this.#boundary.managedPolicyArn;
  }
}
