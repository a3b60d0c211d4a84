import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { allowedOfIam, type Denial, denials } from '../automation/denials.ts';
import { explainBoundary, refuseTooLong } from './boundary.ts';

/** What no automation of Handsoff may ever do, whatever its role says. */
export class AutomationBoundary extends ManagedPolicy {
  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'What no automation of Handsoff may ever do.', statements: automationLimits() });
    refuseTooLong(this);
    explainBoundary(this);
  }
}

/** The statements of the boundary. IAM can leave actions out of an Allow, and not out of a Deny: so IAM itself stands here. */
function automationLimits(): PolicyStatement[] {
  const always = denials.filter(({ when }) => !when).flatMap(({ actions }) => actions);
  return [
    new PolicyStatement({ notActions: ['iam:*'], resources: ['*'] }),
    new PolicyStatement({ actions: allowedOfIam, resources: ['*'] }),
    deny(always),
    ...denials.flatMap(({ actions, when }) => (when ? [deny(actions, when)] : [])),
  ];
}

function deny(actions: readonly string[], conditions?: Denial['when']): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    actions: [...actions],
    resources: ['*'],
    ...(conditions && { conditions }),
  });
}
