import { PatternProblem } from './invalid-event-pattern-error.ts';
import type { JsonNode } from './json-text.ts';
import { compileCondition, type Dialect, type FieldCondition } from './match-expression.ts';

/** One way to satisfy a pattern: every field, by its dotted path, must hold. */
export type Branch = ReadonlyMap<string, FieldCondition>;

type ObjectNode = Extract<JsonNode, { kind: 'object' }>;

interface Compilation {
  readonly dialect: Dialect;
  branches: Map<string, FieldCondition>[];
}

/** The most ways that the `$or` lists of one pattern may multiply to; a limit of the user guide's "Or matching". */
const MAX_BRANCHES = 1000;
/** The most fields that event-ruler takes in one branch. */
const MAX_FIELDS = 256;
const OR = '$or';
const RESERVED_IN_OR = new Set(
  (
    'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard ' +
    'not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ip-address-in-range ' +
    'ip-address-not-in-range'
  ).split(' '),
);

/**
 * Compiles a pattern to the list of its alternatives. A field that is given twice, by a duplicate key, as dotted and as
 * nested key, or both beside and inside `$or`, counts as last written. Throws a `PatternProblem`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compileBranches(root: JsonNode): readonly Branch[] {
  if (root.kind !== 'object') throw new PatternProblem('Filter is not an object', root.at);
  try {
    return compile(root, 'current');
  } catch (problem) {
    const legacy = problem instanceof PatternProblem && mentionsOr(root) ? tryLegacy(root) : undefined;
    if (legacy === undefined) throw problem;
    return legacy;
  }
}

// Patterns that used a field named `$or` before it became an operator must go on working, so AWS falls back to it.
function tryLegacy(root: ObjectNode): readonly Branch[] | undefined {
  try {
    return compile(root, 'legacy');
  } catch (problem) {
    if (problem instanceof PatternProblem) return undefined;
    throw problem;
  }
}

function compile(root: ObjectNode, dialect: Dialect): readonly Branch[] {
  const compilation: Compilation = { dialect, branches: [] };
  compileObject(compilation, root, '', false);
  if (compilation.branches.some((branch) => branch.size > MAX_FIELDS)) {
    throw new PatternProblem(`Size of rule exceeds max value of ${MAX_FIELDS}`, root.at);
  }
  return compilation.branches;
}

function compileObject(compilation: Compilation, node: ObjectNode, path: string, insideOr: boolean): void {
  if (node.entries.length === 0) throw new PatternProblem('Empty objects are not allowed', node.at, path);
  for (const [key, value] of node.entries) {
    if (key === OR && compilation.dialect === 'current') compileOr(compilation, value, path);
    else compileField(compilation, key, value, join(path, key), insideOr);
  }
}

function compileField(compilation: Compilation, key: string, node: JsonNode, path: string, insideOr: boolean): void {
  if (insideOr && RESERVED_IN_OR.has(key)) {
    throw new PatternProblem(`${key} is Ruler reserved fieldName which cannot be used inside ${OR}.`, node.at, path);
  }
  if (node.kind === 'object') compileObject(compilation, node, path, insideOr);
  else if (node.kind === 'array') addCondition(compilation, node, path);
  else throw new PatternProblem(`"${key}" must be an object or an array`, node.at, path);
}

function addCondition(compilation: Compilation, node: Extract<JsonNode, { kind: 'array' }>, path: string): void {
  const condition = conditionAt(compilation, node, path);
  if (compilation.branches.length === 0) compilation.branches.push(new Map());
  for (const branch of compilation.branches) branch.set(path, condition);
}

function conditionAt(
  { dialect }: Compilation,
  node: Extract<JsonNode, { kind: 'array' }>,
  path: string,
): FieldCondition {
  try {
    return compileCondition(node.items, node.at, dialect);
  } catch (problem) {
    throw problem instanceof PatternProblem ? problem.under(path) : problem;
  }
}

function compileOr(compilation: Compilation, node: JsonNode, path: string): void {
  const where = join(path, OR);
  if (node.kind !== 'array') throw new PatternProblem(`It must be an Array followed with ${OR}.`, node.at, where);
  const before = compilation.branches;
  const after: Map<string, FieldCondition>[] = [];
  for (const item of node.items) {
    if (item.kind !== 'object') {
      throw new PatternProblem(`Only JSON object is allowed in array of ${OR} relationship.`, item.at, where);
    }
    compilation.branches = before.length === 0 ? [new Map()] : before.map((branch) => new Map(branch));
    compileObject(compilation, item, path, true);
    after.push(...compilation.branches);
    if (after.length > MAX_BRANCHES) {
      throw new PatternProblem(`More than ${MAX_BRANCHES} rule combinations in ${OR} relationships`, node.at, where);
    }
  }
  if (node.items.length < 2) {
    throw new PatternProblem(`There must have at least 2 Objects in ${OR} relationship.`, node.at, where);
  }
  compilation.branches = after;
}

function mentionsOr(node: ObjectNode): boolean {
  return node.entries.some(([key, value]) => key === OR || (value.kind === 'object' && mentionsOr(value)));
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
