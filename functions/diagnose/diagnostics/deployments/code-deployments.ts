import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { lookUp } from './look-up.ts';
import type { ReadDeployments } from './deployment.ts';

/**
 * What CodeDeploy began in this account and Region, whatever it went to: which instances a deployment reaches is known only
 * from its group. https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
 */
export function codeDeployments(cloudTrail: CloudTrailClient): ReadDeployments {
  return (_resource, from, to) =>
    lookUp(cloudTrail, 'CreateDeployment', [from, to], ({ asked, source, by, at }) => {
      const { applicationName: application, deploymentGroupName: group } = asked;
      if (!at || source !== 'codedeploy.amazonaws.com' || application === undefined) return [];
      return [{ what: `${application} to ${group ?? 'its group'} with CodeDeploy`, by, at }];
    });
}
