import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { runbookManifest } from '../../infra/config/schemas.ts';
import { rehearsalSchema } from '../../rehearsal/rehearsal-schema.ts';
import { worldSchema } from '../../sandbox/world/description.ts';

type Node = Record<string, unknown>;

const words = z.record(z.string(), z.record(z.string(), z.string()));

/** What editors are told of a runbook's files, by the file that says it: JSON Schemas made from what reads them. */
export function editorSchemas(): ReadonlyMap<string, string> {
  const described = words.parse(parse(readFileSync(new URL('descriptions.yaml', import.meta.url), 'utf8')));
  const rehearsal = schemaOf(rehearsalSchema);
  const world = schemaOf(worldSchema);
  rehearsal['definitions'] = world['definitions'];
  if (isNode(rehearsal['properties'])) rehearsal['properties']['world'] = without(world, ['$schema', 'definitions']);
  return new Map([
    ['statemachines/runbook.schema.json', textOf(schemaOf(runbookManifest), 'Runbook', described['runbook'] ?? {})],
    ['statemachines/rehearsal.schema.json', textOf(rehearsal, 'Rehearsal', described['rehearsal'] ?? {})],
  ]);
}

/** Every place of a schema that can have a description, as `descriptions.yaml` spells it. */
export function placesIn(schema: unknown, path = ''): ReadonlyMap<string, Node> {
  const places = new Map<string, Node>();
  if (!isNode(schema)) return places;
  if (!places.has(path)) places.set(path, schema);
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  const inner: [string, unknown][] = [
    ...Object.entries(isNode(schema['properties']) ? schema['properties'] : {}).map(
      ([name, member]): [string, unknown] => [below(name), member],
    ),
    ...(isNode(schema['items']) ? [[below('[]'), schema['items']] as [string, unknown]] : []),
    ...(isNode(schema['additionalProperties'])
      ? [[below('*'), schema['additionalProperties']] as [string, unknown]]
      : []),
  ];
  for (const [at, member] of inner)
    for (const [found, node] of placesIn(member, at)) if (!places.has(found)) places.set(found, node);
  return places;
}

/** As a person writes it: durations as text, members with a default left out. */
function schemaOf(schema: z.ZodType): Node {
  const made: unknown = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return structuredClone(isNode(made) ? without(made, ['~standard']) : {});
}

function textOf(schema: Node, title: string, described: Readonly<Record<string, string>>): string {
  for (const [path, node] of placesIn(schema)) {
    const description = described[path];
    if (description) node['description'] = description;
  }
  const { $schema: dialect, ...rest } = schema;
  return `${JSON.stringify({ $schema: dialect, title, ...rest }, null, 2)}\n`;
}

function without(node: Node, names: readonly string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([name]) => !names.includes(name)));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
