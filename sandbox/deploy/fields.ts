import type { Resource } from '../assembly/resource.ts';
import { isRecord, readPath, scalarText } from '../members.ts';

/** The property at a dotted path as text, or undefined. CloudFormation takes numbers and booleans as text too. */
export function textAt(resource: Resource | object, path: string): string | undefined {
  return scalarText(valueAt(resource, path));
}

/** The property at a dotted path as a number, or undefined. */
export function numberAt(resource: Resource | object, path: string): number | undefined {
  const text = textAt(resource, path);
  return text === undefined ? undefined : Number(text);
}

/** The property at a dotted path as a list of objects; empty where there is none. */
export function objectsAt(resource: Resource | object, path: string): Readonly<Record<string, unknown>>[] {
  const value = valueAt(resource, path);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The property at a dotted path as a list of texts; empty where there is none. */
export function textsAt(resource: Resource | object, path: string): string[] {
  const value = valueAt(resource, path);
  return Array.isArray(value) ? value.flatMap((item) => scalarText(item) ?? []) : [];
}

/** The property at a dotted path whatever it is. */
export function valueAt(resource: Resource | object, path: string): unknown {
  return readPath(propertiesOf(resource), path.split('.'));
}

/** The property at a dotted path as an object with text values; empty where there is none. */
export function textMapAt(resource: Resource | object, path: string): Record<string, string> {
  const value = valueAt(resource, path);
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, scalarText(item) ?? '']))
    : {};
}

/** The ARN of a resource. Throws for one that has none. */
export function arnOf(resource: Resource): string {
  if (resource.arn === undefined)
    throw new Error(`${resource.stack}/${resource.logicalId} (${resource.type}) has no ARN.`);
  return resource.arn;
}

/** Leaves out what is undefined, which descriptions spell by absence. */
export function compact<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

function propertiesOf(resource: Resource | object): unknown {
  return 'properties' in resource ? resource.properties : resource;
}
