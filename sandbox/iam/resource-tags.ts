import type { RequiredGrant } from '../aws.ts';

/**
 * The same grants with the tags of their resources as condition keys: `aws:ResourceTag/<key>`, and `ec2:ResourceTag/<key>`
 * or the like by the service of the action.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
 */
export function withResourceTags(
  grants: readonly RequiredGrant[],
  tagsOf: (arn: string) => Readonly<Record<string, string>>,
): readonly RequiredGrant[] {
  return grants.map((grant) => {
    const tags = Object.entries(tagsOf(grant.resource));
    if (tags.length === 0) return grant;
    const service = grant.action.slice(0, grant.action.indexOf(':'));
    const keys = tags.flatMap(([tag, value]) => [
      [`aws:ResourceTag/${tag}`, value],
      [`${service}:ResourceTag/${tag}`, value],
    ]);
    return { ...grant, context: { ...Object.fromEntries(keys), ...grant.context } };
  });
}
