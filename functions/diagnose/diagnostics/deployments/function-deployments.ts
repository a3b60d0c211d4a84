import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { TrailCall } from '../../../adapters/trail.ts';
import { lookUp } from './look-up.ts';
import type { FoundDeployment, ReadDeployments } from './deployment.ts';

type Asked = TrailCall['asked'];

/**
 * The calls that change what a function runs, as CloudTrail names them: with the version of their API.
 * https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
 */
const kinds: Readonly<Record<string, (asked: Asked) => string>> = {
  UpdateAlias20150331: ({ name, functionVersion: version }) =>
    version === undefined ? `the weights of alias ${name}` : `alias ${name} to version ${version}`,
  UpdateFunctionCode20150331v2: () => 'new code',
  UpdateFunctionConfiguration20150331v2: () => 'a new configuration',
};

/** What was deployed to a Lambda function, as CloudTrail knows it: about 5 minutes late. CodeDeploy moves aliases, too. */
export function functionDeployments(cloudTrail: CloudTrailClient): ReadDeployments {
  return async ({ id }, from, to) => {
    const found: FoundDeployment[] = [];
    // One after the other: CloudTrail allows two look-ups a second.
    for (const [name, say] of Object.entries(kinds)) {
      found.push(...(await lookUp(cloudTrail, name, [from, to], (call) => deploymentOf(call, id, say))));
    }
    return found;
  };
}

function deploymentOf(
  { asked, by, at }: TrailCall,
  functionName: string,
  say: (asked: Asked) => string,
): FoundDeployment[] {
  return at && isAbout(asked['functionName'], functionName) ? [{ what: say(asked), by, at }] : [];
}

/** Callers name a function by its name, its ARN or a part of that. */
function isAbout(asked: string | undefined, functionName: string): boolean {
  return asked?.split(':function:').at(-1) === functionName;
}
