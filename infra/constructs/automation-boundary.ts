import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { allowedOfIam, denials, onOptedInOnly } from '../automation/denials.ts';
import { explainBoundary, refuseTooLong } from './boundary.ts';

/** What no automation of Handsoff may ever do, whatever its role says. */
export class AutomationBoundary extends ManagedPolicy {
  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'What no automation of Handsoff may ever do.', statements: automationLimits() });
    refuseTooLong(this);
    explainBoundary(this);
  }
}

/** The statements of the boundary. IAM can leave actions out of an Allow, and of a Deny it cannot: so IAM itself stands here. */
export function automationLimits(): PolicyStatement[] {
  const deny = (actions: readonly string[], conditions?: Record<string, unknown>) =>
    new PolicyStatement({
      effect: Effect.DENY,
      actions: [...actions],
      resources: ['*'],
      ...(conditions && { conditions }),
    });
  return [
    new PolicyStatement({ notActions: ['iam:*'], resources: ['*'] }),
    new PolicyStatement({ actions: allowedOfIam, resources: ['*'] }),
    deny(denials.flatMap(({ actions }) => actions)),
    deny(onOptedInOnly, { StringNotEquals: { 'aws:ResourceTag/handsoff': 'act' } }),
    // A grant on a key is for EC2 to attach the volume with, never for a principal to read it.
    deny(['kms:CreateGrant'], { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } }),
    // Records may be pointed elsewhere, and never taken out.
    deny(['route53:ChangeResourceRecordSets'], {
      'ForAnyValue:StringEquals': { 'route53:ChangeResourceRecordSetsActions': 'DELETE' },
    }),
  ];
}
