import type { RunbookManifest } from '../../infra/config/schemas.ts';
import { AwsError, type RequiredGrant, UnsupportedInSandboxError } from '../../sandbox/aws.ts';
import { withResourceTags } from '../../sandbox/iam/resource-tags.ts';
import { grantsForCall } from '../../sandbox/world/grants.ts';
import { isDeclared } from '../declared-mutations.ts';
import { playedAccount } from '../played-place.ts';

/** A call that changes something, as the SDK spells it. */
export interface RecordedChange {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A resource as a world describes it. */
export interface TaggedResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

type Manifest = Pick<RunbookManifest, 'id' | 'mutations'>;

/**
 * What was changed, with the tags for which the manifest allows it. AWS was asked, and had it refused, its answer would say
 * so: in a rehearsal the world speaks for AWS, once IAM has let the call through.
 */
export function changedResources(
  changes: readonly RecordedChange[],
  manifest: Manifest,
  region: string,
): TaggedResource[] {
  const found = changes
    .flatMap((change) => grantsOf(change, region))
    .map((grant) => ({ arn: placed(grant.resource), tags: tagsFor(grant, manifest) }));
  return found.filter(({ tags }) => Object.keys(tags).length > 0);
}

/** Resources of a world name account and Region by their places. */
export function placed(arn: string): string {
  const [, partition = 'aws', service = '', region = '', account = '', ...rest] = arn.split(':');
  return `arn:${partition}:${service}:${region && '{{region}}'}:${account && '{{account}}'}:${rest.join(':')}`;
}

/** None of a call that the sandbox does not know: it says so itself when the rehearsal is played. */
function grantsOf({ service, operation, input }: RecordedChange, region: string): readonly RequiredGrant[] {
  try {
    return grantsForCall(service, operation, input, { account: playedAccount, region });
  } catch (error) {
    if (error instanceof AwsError || error instanceof UnsupportedInSandboxError) return [];
    throw error;
  }
}

function tagsFor(grant: RequiredGrant, { id, mutations }: Manifest): Record<string, string> {
  const fitting = mutations
    .map((mutation) => ({ mutation, tags: tagsIn(mutation.condition) }))
    .filter(({ mutation, tags }) => {
      const [tagged = grant] = withResourceTags([grant], () => tags);
      return isDeclared(tagged, { id, mutations: [mutation] });
    });
  return Object.assign({}, ...fitting.map(({ tags }) => tags)) as Record<string, string>;
}

/** The tags that a condition demands of a resource. */
function tagsIn(condition: unknown): Record<string, string> {
  const wanted: unknown = Reflect.get(Object(condition), 'StringEquals');
  const tags = Object.entries(Object(wanted) as Record<string, unknown>).flatMap(([key, value]) => {
    const [, tag] = /^[a-z0-9-]+:ResourceTag\/(.+)$/i.exec(key) ?? [];
    return tag ? [[tag, String([value].flat()[0])] as const] : [];
  });
  return Object.fromEntries(tags);
}
