import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const action = z.string().regex(/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/);
const actions = z.array(action).default([]);
/** An action, of which `*` is the rest; as the service it stands for any. */
const pattern = z.string().regex(/^([a-z0-9-]+|\*):[A-Z][A-Za-z0-9*]+$/);
const tableSchema = z.strictObject({
  prefixes: z.record(z.string(), z.string()),
  actions: z.record(action, action),
  handsOut: z.array(pattern),
  readResources: z.record(action, z.string()),
  asksFor: z.record(action, z.strictObject({ always: actions, sometimes: actions })),
  awsDocuments: z.record(z.string(), z.array(action)),
});

const table = tableSchema.parse(parse(readFileSync(new URL('./aws-calls.yaml', import.meta.url), 'utf8')));
const renamed = inAnyCase(table.actions);
const held = inAnyCase(table.readResources);
const asked = inAnyCase(table.asksFor);
const onlyReads = /^(Describe|Get|List|Lookup|BatchGet|Search|Head)[A-Z]/;

/**
 * The IAM action of an API, by the name of the service as boto3 or the SDK spells it and the API in any spelling:
 * `elbv2` and `describe_target_health` give `elasticloadbalancing:DescribeTargetHealth`.
 */
export function iamActionOf(service: string, api: string): string {
  const name = service.toLowerCase();
  const operation = api.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const plain = `${table.prefixes[name] ?? name}:${operation}`;
  return renamed(`${name}:${operation}`) ?? renamed(plain) ?? plain;
}

/** Whether a call needs no declaration: it only looks, and hands out neither data nor secrets, however it is spelled. */
export function isRead(iamAction: string): boolean {
  const [, operation = ''] = iamAction.split(':');
  return onlyReads.test(operation) && !table.handsOut.some((form) => fitsAction(form, iamAction));
}

/**
 * The IAM action of what a definition may call for the asking, such as `aws-sdk:ecs:describeServices`; undefined for any other
 * call of a definition.
 */
export function readActionOf(call: string): string | undefined {
  const [, service, action] = /^aws-sdk:([a-z0-9]+):(\w+)$/.exec(call) ?? [];
  const iamAction = service && action && iamActionOf(service, action);
  return iamAction && isRead(iamAction) ? iamAction : undefined;
}

/** Whether an action is one of those that a pattern of IAM stands for, in any case. */
export function fitsAction(pattern: string, action: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(action);
}

/** What IAM can hold a read to, as a manifest writes a resource; `*` for most. */
export function readResourceOf(iamAction: string): string {
  return held(iamAction) ?? '*';
}

/** What AWS asks of whoever makes a call beside it: `always`, or `sometimes` (an encrypted volume, a tag). */
export function askedForBy(iamAction: string): {
  readonly always: readonly string[];
  readonly sometimes: readonly string[];
} {
  return asked(iamAction) ?? { always: [], sometimes: [] };
}

/** What a document of AWS calls; undefined for one that aws-calls.yaml does not know. */
export function callsOfAwsDocument(name: string): readonly string[] | undefined {
  return table.awsDocuments[name];
}

/** The documents of AWS whose calls are known. */
export const knownAwsDocuments: readonly string[] = Object.keys(table.awsDocuments);

/** Looks a row up by an action in any case: IAM does not tell `GetSECRETValue` from `GetSecretValue`. */
function inAnyCase<Row>(rows: Readonly<Record<string, Row>>): (action: string) => Row | undefined {
  const found = new Map(Object.entries(rows).map(([name, row]) => [name.toLowerCase(), row]));
  return (action) => found.get(action.toLowerCase());
}
