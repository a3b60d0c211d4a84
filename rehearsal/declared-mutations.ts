import type { RunbookManifest } from '../infra/config/schemas.ts';
import type { RequiredGrant } from '../sandbox/aws.ts';
import { compileCondition } from '../sandbox/iam/condition.ts';
import { compileWildcard } from '../sandbox/iam/pattern.ts';
import { splitArn } from '../sandbox/iam/request.ts';

type Mutation = RunbookManifest['mutations'][number];

/**
 * Whether a manifest declares what a call needs of IAM: action, resource and condition. Compared here by itself, not by
 * asking the role, so that a role which may do more than the manifest says is noticed.
 */
export function isDeclared(
  grant: RequiredGrant,
  { id, mutations }: Pick<RunbookManifest, 'id' | 'mutations'>,
): boolean {
  return mutations.some((mutation) => covers(mutation, grant, id));
}

function covers({ action, resource, condition }: Mutation, grant: RequiredGrant, runbookId: string): boolean {
  if (action.toLowerCase() !== grant.action.toLowerCase()) return false;
  if (!fitsResource(fullResource(resource, runbookId), grant.resource)) return false;
  if (condition === undefined) return true;
  const values = Object.entries(grant.context ?? {}).map(
    ([key, value]) => [key.toLowerCase(), [value].flat()] as const,
  );
  return compileCondition(condition, false, `mutation ${action}`)(new Map(values));
}

/** `ssm:document/<file>-command` is a command of the runbook's own folder. */
function fullResource(resource: string, runbookId: string): string {
  const isOwn = /^ssm:document\/.+-command$/.test(resource) && !resource.startsWith('ssm:document/handsoff-');
  return isOwn ? resource.replace('ssm:document/', `ssm:document/handsoff-${runbookId}-`) : resource;
}

/** A manifest says `<service>:<resource>`; account and Region are those of the deployment. */
function fitsResource(pattern: string, arn: string): boolean {
  const [service = '', ...rest] = pattern.split(':');
  const resource = rest.join(':');
  if (arn === '*') return resource === '*';
  const fields = splitArn(arn);
  return fields?.[2] === service && compileWildcard(resource)(fields[5] ?? '');
}
