import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { allowedOfIam, allowedOfOwn, type Denial, denials, ownServices } from '../automation/denials.ts';
import { mutationArn } from '../automation/mutation-resource.ts';
import { explainBoundary, refuseTooLong } from './boundary.ts';

/** What no automation of Handsoff may ever do, whatever its role says. */
export class AutomationBoundary extends ManagedPolicy {
  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'What no automation of Handsoff may ever do.', statements: automationLimits() });
    refuseTooLong(this);
    explainBoundary(this);
  }
}

/** Whatever partition, Region and account: the boundary is the same everywhere. */
const anywhere = { partition: '*', region: '*', account: '*' };

/**
 * The statements of the boundary. IAM can leave actions and resources out of an Allow, and then let single ones in again,
 * which a Deny could not: so IAM itself stands here, and what is called handsoff.
 */
function automationLimits(): PolicyStatement[] {
  const always = denials.filter(({ when }) => !when).flatMap(({ actions }) => actions);
  return [
    new PolicyStatement({
      notActions: ['iam:*'],
      notResources: ownServices.map((service) => `arn:*:${service}:*:*:*handsoff*`),
    }),
    ...Object.entries(allowedOfOwn).map(
      ([action, resources]) =>
        new PolicyStatement({
          actions: [action],
          resources: resources.map((resource) => mutationArn('', resource, anywhere)),
        }),
    ),
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
