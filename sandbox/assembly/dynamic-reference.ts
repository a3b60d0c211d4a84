import { isObject } from './json.ts';

/** One `{{resolve:…}}` of a template, left as it is: CloudFormation fills it in only while it deploys. */
export interface DynamicReference {
  /** Such as `Logic/Handler Properties.Environment.Variables.TOKEN`. */
  readonly place: string;
  /** The whole of it, braces included. */
  readonly text: string;
  readonly service: 'ssm' | 'ssm-secure' | 'secretsmanager';
  /** What follows the service: a parameter name and version, or a secret id with its JSON key and version. */
  readonly reference: string;
}

const DYNAMIC_REFERENCE = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]+)\}\}/g;

/** True for a text that holds a dynamic reference. */
export function isDynamicReference(text: string): boolean {
  return text.search(DYNAMIC_REFERENCE) >= 0;
}

/**
 * Finds the dynamic references in a resolved value.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export function findDynamicReferences(value: unknown, place: string): readonly DynamicReference[] {
  if (typeof value === 'string')
    return [...value.matchAll(DYNAMIC_REFERENCE)].map((match) => toReference(match, place));
  if (Array.isArray(value)) return value.flatMap((item, index) => findDynamicReferences(item, `${place}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => findDynamicReferences(member, `${place}.${key}`));
}

/** Puts what `lookUp` gives in place of every dynamic reference of a text. */
export function fillDynamicReferences(text: string, lookUp: (reference: DynamicReference) => string): string {
  return text.replaceAll(DYNAMIC_REFERENCE, (...match: readonly unknown[]) =>
    lookUp(toReference(match.slice(0, 3).map(String), text)),
  );
}

function toReference(match: readonly string[], place: string): DynamicReference {
  const [text = '', service, reference = ''] = match;
  const known = service === 'ssm' || service === 'ssm-secure' ? service : 'secretsmanager';
  return { place, text, service: known, reference };
}
