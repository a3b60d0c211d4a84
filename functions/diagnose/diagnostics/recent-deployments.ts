import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Alert } from '../../domain/alert.ts';
import { cutText, oneLine } from '../../domain/telling/plain-text.ts';
import { type Diagnostic, type DiagnosticOptions, DiagnosticOptionsError } from '../diagnostic.ts';
import { codeDeployments } from './deployments/code-deployments.ts';
import type { FoundDeployment, ReadDeployments } from './deployments/deployment.ts';
import { functionDeployments } from './deployments/function-deployments.ts';
import { serviceDeployments } from './deployments/service-deployments.ts';

/** How far back a deployment may lie to be worth a person's look, in hours, where the definition says nothing of it. */
const defaultHours = 3;
const maxHours = 24;
const maxShown = 10;

/**
 * What was deployed to the resource in the last `hours` (3, 24 at the most): versions and aliases of a Lambda function, task
 * definitions of an ECS service, and for anything else what CodeDeploy began in the account.
 */
export function recentDeployments(clients: { cloudTrail: CloudTrailClient; ecs: ECSClient }): Diagnostic {
  const readers: Readonly<Record<string, ReadDeployments>> = {
    'AWS::Lambda::Function': functionDeployments(clients.cloudTrail),
    'AWS::ECS::Service': serviceDeployments(clients.ecs),
  };
  const others = codeDeployments(clients.cloudTrail);
  return async (alert, now, options = {}) => {
    const hours = hoursOf(options);
    const from = new Date(now.getTime() - hours * 3_600_000);
    const found = await readerOf(alert, readers, others)(alert.resource, from, now);
    return findingOf(found, hours);
  };
}

function readerOf(
  { resource }: Alert,
  readers: Readonly<Record<string, ReadDeployments>>,
  others: ReadDeployments,
): ReadDeployments {
  return (Object.hasOwn(readers, resource.type) ? readers[resource.type] : undefined) ?? others;
}

function hoursOf({ hours = defaultHours }: DiagnosticOptions): number {
  if (typeof hours === 'number' && hours > 0 && hours <= maxHours) return hours;
  throw new DiagnosticOptionsError(`recent-deployments looks back 1 to ${maxHours} hours, not ${String(hours)}`);
}

function findingOf(found: readonly FoundDeployment[], hours: number): Awaited<ReturnType<Diagnostic>> {
  const newestFirst = found.toSorted((one, other) => other.at.getTime() - one.at.getTime());
  const [newest] = newestFirst;
  if (!newest) return { verdict: 'healthy', summary: `Nothing was deployed in the last ${hours} hours.` };
  const lines = newestFirst
    .slice(0, maxShown)
    .map(({ what, by, at }) => cutText(oneLine(`${what} by ${by} at ${at.toISOString()}`), 300));
  return {
    verdict: 'unhealthy',
    summary: `Deployed in the last ${hours} hours: ${lines[0]}.`,
    evidence: { deployments: lines, newest: newest.at.toISOString() },
  };
}
