import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { cutText, oneLine } from '../../domain/telling/plain-text.ts';
import type { Here } from '../../domain/triage/is-elsewhere.ts';
import { type Diagnostic, type DiagnosticOptions, DiagnosticOptionsError } from '../diagnostic.ts';
import { recordedElsewhere } from '../../domain/recorded-elsewhere.ts';
import { codeDeployments } from './deployments/code-deployments.ts';
import type { FoundDeployment, ReadDeployments } from './deployments/deployment.ts';
import { functionDeployments } from './deployments/function-deployments.ts';
import { serviceDeployments } from './deployments/service-deployments.ts';

/** How far back a deployment may lie to be worth a person's look, in hours, where the definition says nothing of it. */
const defaultHours = 3;
const maxHours = 24;
const maxShown = 10;

/** Who is asked about the deployments of one kind of resource, and what it means that there are none. */
interface Source {
  readonly read: ReadDeployments;
  readonly none: string;
}

/**
 * What was deployed to the resource in the last `hours` (3, 24 at the most): versions and aliases of a Lambda function, task
 * definitions of an ECS service, and for anything else what CodeDeploy began in the account. Unknown where CloudTrail
 * records it elsewhere than `here`.
 */
export function recentDeployments(
  clients: { readonly cloudTrail: CloudTrailClient; readonly ecs: ECSClient },
  here: Here,
): Diagnostic {
  const nothing = 'Nothing was deployed';
  const sources: Readonly<Record<string, Source>> = {
    'AWS::Lambda::Function': { read: functionDeployments(clients.cloudTrail), none: nothing },
    'AWS::ECS::Service': { read: serviceDeployments(clients.ecs), none: nothing },
  };
  const others = {
    read: codeDeployments(clients.cloudTrail),
    none: 'CodeDeploy, which alone was asked, began nothing',
  };
  return async (alert, now, options = {}) => {
    const hours = hoursOf(options);
    const elsewhere = recordedElsewhere(alert, here);
    if (elsewhere) return { verdict: 'unknown', summary: `What was deployed to it is not known: ${elsewhere}.` };
    const { type } = alert.resource;
    const { read, none } = (Object.hasOwn(sources, type) ? sources[type] : undefined) ?? others;
    const from = new Date(now.getTime() - hours * 3_600_000);
    return findingOf(await read(alert.resource, from, now), none, hours);
  };
}

function hoursOf({ hours = defaultHours }: DiagnosticOptions): number {
  if (typeof hours === 'number' && hours > 0 && hours <= maxHours) return hours;
  throw new DiagnosticOptionsError(`recent-deployments looks back 1 to ${maxHours} hours, not ${String(hours)}`);
}

function findingOf(found: readonly FoundDeployment[], none: string, hours: number): Awaited<ReturnType<Diagnostic>> {
  const newestFirst = found.toSorted((one, other) => other.at.getTime() - one.at.getTime());
  const [newest] = newestFirst;
  if (!newest) return { verdict: 'healthy', summary: `${none} in the last ${hours} hours.` };
  const lines = newestFirst
    .slice(0, maxShown)
    .map(({ what, by, at }) => cutText(oneLine(`${what} by ${by} at ${at.toISOString()}`), 300));
  return {
    verdict: 'unhealthy',
    summary: `Deployed in the last ${hours} hours: ${lines[0]}.`,
    evidence: { deployments: lines, newest: newest.at.toISOString() },
  };
}
