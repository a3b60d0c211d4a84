import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type RequiredGrant, UnsupportedInSandboxError } from '../aws.ts';
import { hasOperation } from '../wire/service-model.ts';
import { fillResource, type ResourceValues } from './resource.ts';

const TABLE_URL = new URL('./grants.yaml', import.meta.url);
const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]);
/** Condition keys, each with the text or the members of the input that it has. */
const contextSchema = z.record(z.string(), z.string());
const tableSchema = z.strictObject({
  prefixes: z.record(z.string(), z.string()),
  ec2Ids: z.record(z.string(), z.string()),
  operations: z.record(
    z.string(),
    z.union([
      oneOrMore,
      z.strictObject({
        action: z.string().optional(),
        resources: oneOrMore,
        context: contextSchema.optional(),
        forKeys: z.strictObject({ action: z.string(), context: contextSchema }).optional(),
        also: z
          .array(z.strictObject({ action: z.string(), resources: oneOrMore, context: contextSchema.optional() }))
          .default([]),
      }),
    ]),
  ),
});

let table: z.output<typeof tableSchema> | undefined;

/** The account and region that resources without their own are taken to be in. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The IAM prefix of an SDK service: `logs` for `cloudwatch-logs`, and the same word for most. */
export function iamPrefixOf(service: string): string {
  return readTable().prefixes[service] ?? service;
}

/**
 * What IAM must allow for one call to AWS, from grants.yaml. An operation that is not in it needs `*` when it only
 * reads; otherwise it is an `UnsupportedInSandboxError` that names it and the table. Input that lacks the member that
 * names the resource is an `AwsError`. `keysOf` tells which KMS keys a resource is encrypted with.
 */
export function grantsForCall(
  service: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  place: Place,
  keysOf: (arn: string) => readonly string[] = () => [],
): readonly RequiredGrant[] {
  const { operations, ec2Ids } = readTable();
  const row = operations[`${service}:${operation}`];
  const action = `${iamPrefixOf(service)}:${operation}`;
  if (row === undefined) return [{ action, resource: anyResource(service, operation) }];
  const isPlain = typeof row === 'string' || Array.isArray(row);
  const {
    resources: templates,
    action: other = action,
    context,
    forKeys,
    also = [],
  } = isPlain ? { resources: row } : row;
  const values: ResourceValues = { ...place, input, ec2Ids, call: `${service}:${operation}` };
  const resources = [templates].flat().flatMap((template) => fillResource(template, values));
  const keys = new Set(resources.flatMap(keysOf));
  return [
    ...resources.map((resource) => grantOf(other, resource, context, values)),
    ...also.flatMap(({ action, resources, context }) =>
      [resources]
        .flat()
        .flatMap((template) => fillResource(template, values))
        .map((resource) => grantOf(action, resource, context, values)),
    ),
    ...(forKeys ? [...keys].map((key) => grantOf(forKeys.action, key, forKeys.context, values)) : []),
  ];
}

/** A condition key for which the input has nothing is not there. */
function grantOf(
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> | undefined,
  values: ResourceValues,
): RequiredGrant {
  if (!context) return { action, resource };
  const filled = Object.entries(context).map(([key, text]) => [key, fillResource(text, values)] as const);
  return { action, resource, context: Object.fromEntries(filled.filter(([, texts]) => texts.length > 0)) };
}

function anyResource(service: string, operation: string): string {
  if (/^(Describe|List|Get|Lookup|BatchGet|Search)/.test(operation)) return '*';
  const call = `${service}:${operation}`;
  throw new UnsupportedInSandboxError(
    hasOperation(service, operation) === false
      ? `${call}, which is no operation of that service; correct its name`
      : `the IAM resources of ${call}; add the operation to sandbox/world/grants.yaml`,
  );
}

function readTable(): z.output<typeof tableSchema> {
  table ??= tableSchema.parse(parse(readFileSync(TABLE_URL, 'utf8'), { maxAliasCount: -1 }));
  return table;
}
