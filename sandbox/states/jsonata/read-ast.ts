import { asText, isObject, type JsonObject } from '../json.ts';
import { compileExpression } from './expression.ts';

/** What an expression refers to. */
export interface References {
  /** Names that are looked up where there is no context item. */
  readonly topLevel: ReadonlySet<string>;
  /** The first steps after `$states`, such as `input`. */
  readonly states: ReadonlySet<string>;
  /** Variables that are read, neither bound in the expression itself nor only asked for with `$exists`. */
  readonly variables: ReadonlySet<string>;
  /** Functions that are called by name. */
  readonly functions: ReadonlySet<string>;
}

interface Walk {
  readonly topLevel: Set<string>;
  readonly states: Set<string>;
  readonly variables: Set<string>;
  readonly functions: Set<string>;
  readonly bound: Set<string>;
  readonly guarded: Set<string>;
}

/** Reads what an expression refers to. Throws jsonata's error for one that does not parse. */
export function readReferences(source: string): References {
  const walk: Walk = {
    topLevel: new Set(),
    states: new Set(),
    variables: new Set(),
    functions: new Set(),
    bound: new Set(),
    guarded: new Set(),
  };
  visit(compileExpression(source).ast(), false, walk);
  for (const name of [...walk.bound, ...walk.guarded]) walk.variables.delete(name);
  return walk;
}

/** Every node is looked at as plain data, since jsonata's own types leave out most of them. */
function visit(node: unknown, hasContext: boolean, walk: Walk): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, hasContext, walk);
    return;
  }
  if (!isObject(node)) return;
  noteBindings(node, walk);
  switch (node['type']) {
    case 'path':
      visitPath(node, hasContext, walk);
      return;
    case 'name':
    case 'wildcard':
    case 'descendant':
    case 'parent':
      if (!hasContext) walk.topLevel.add(asText(node['value'] ?? '%'));
      break;
    case 'variable':
      noteVariable(asText(node['value']), hasContext, walk);
      break;
    case 'function':
    case 'partial':
      visitCall(node, hasContext, walk);
      break;
    case 'lambda':
      for (const name of namesIn(node['arguments'])) walk.bound.add(name);
      visit(node['body'], hasContext, walk);
      return;
    case 'transform':
      visit([node['pattern'], node['update'], node['delete']], true, walk);
      return;
    default:
      visit(childrenOf(node), hasContext, walk);
  }
  visitSelections(node, walk);
}

function visitPath(node: JsonObject, hasContext: boolean, walk: Walk): void {
  const steps: readonly unknown[] = Array.isArray(node['steps']) ? node['steps'] : [];
  const [first, second] = steps;
  if (isObject(first) && first['type'] === 'variable' && first['value'] === 'states') {
    if (isObject(second) && second['type'] === 'name') walk.states.add(asText(second['value']));
  }
  for (const [index, step] of steps.entries()) visit(step, hasContext || index > 0, walk);
  visit(node['group'], true, walk);
}

/** Filters, sort terms and groups look at the items of the step they belong to. */
function visitSelections(node: JsonObject, walk: Walk): void {
  visit([node['stages'], node['predicate'], node['group'], node['terms']], true, walk);
}

function visitCall(node: JsonObject, hasContext: boolean, walk: Walk): void {
  const procedure = node['procedure'];
  const isNamed = isObject(procedure) && procedure['type'] === 'variable';
  const name = isNamed ? asText(procedure['value']) : '';
  if (isNamed) walk.functions.add(name);
  else visit(procedure, hasContext, walk);
  if (name === 'exists') for (const guarded of namesIn(node['arguments'])) walk.guarded.add(guarded);
  visit(node['arguments'], hasContext, walk);
}

function noteVariable(name: string, hasContext: boolean, walk: Walk): void {
  if (name === '$' || (name === '' && !hasContext)) walk.topLevel.add(`$${name}`);
  else if (name !== '' && name !== 'states') walk.variables.add(name);
}

function noteBindings(node: JsonObject, walk: Walk): void {
  for (const name of [node['focus'], node['index']]) if (typeof name === 'string') walk.bound.add(name);
  if (node['type'] === 'bind') for (const name of namesIn([node['lhs'] ?? null])) walk.bound.add(name);
}

/** The variables that a list of nodes names directly, or as the first step of a path. */
function namesIn(nodes: unknown): readonly string[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: unknown) => {
    if (!isObject(node)) return [];
    const steps = node['steps'];
    const first = node['type'] === 'path' && Array.isArray(steps) ? steps[0] : node;
    return isObject(first) && first['type'] === 'variable' ? [asText(first['value'])] : [];
  });
}

function childrenOf(node: JsonObject): readonly unknown[] {
  const own = ['expressions', 'expression', 'expr', 'condition', 'then', 'else', 'rhs', 'steps', 'body', 'arguments'];
  return [...own.map((name) => node[name]), ...(node['type'] === 'bind' ? [] : [node['lhs']])];
}
