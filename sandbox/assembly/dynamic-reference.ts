import { isRecord } from '../members.ts';

/**
 * What CloudFormation looks up only while it deploys, and the sandbox does not: `{{resolve:ssm:…}}` and its sisters.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
const DYNAMIC_REFERENCE = /\{\{resolve:(?:ssm|ssm-secure|secretsmanager):[^{}]+\}\}/g;

/** The dynamic references in a resolved value, each with its place. */
export function findDynamicReferences(value: unknown, place: string): readonly string[] {
  if (typeof value === 'string') return [...value.matchAll(DYNAMIC_REFERENCE)].map(([text]) => `${text} (${place})`);
  if (Array.isArray(value)) return value.flatMap((item, index) => findDynamicReferences(item, `${place}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => findDynamicReferences(member, `${place}.${key}`));
}
