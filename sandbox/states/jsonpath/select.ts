import { isObject, isSame, type Json } from '../json.ts';
import { type Filter, isDefinite, type Operand, type Path, type PathStep } from './path.ts';

/** Raised when a definite path names nothing; the message is what Step Functions puts after `Invalid path '…' : `. */
export class PathNotFoundError extends Error {
  override readonly name = 'PathNotFoundError' as const;
}

/**
 * Selects what a path names below `root`. A definite path gives the one value it names and throws a `PathNotFoundError`
 * when there is none; any other path gives the array of everything it names.
 */
export function select(path: Path, root: Json): Json {
  if (!isDefinite(path)) return selectAll(path.steps, [root], root);
  let value = root;
  for (const [index, step] of path.steps.entries()) {
    const found = follow(step, value, root);
    if (found.length === 0) throw new PathNotFoundError(describeMiss(path.steps, index));
    value = found[0] ?? null;
  }
  return value;
}

function selectAll(steps: readonly PathStep[], values: readonly Json[], root: Json): readonly Json[] {
  return steps.reduce<readonly Json[]>((found, step) => found.flatMap((value) => follow(step, value, root)), values);
}

function follow(step: PathStep, value: Json, root: Json): readonly Json[] {
  switch (step.kind) {
    case 'names':
      return isObject(value)
        ? step.names.flatMap((name) => (Object.hasOwn(value, name) ? [value[name] ?? null] : []))
        : [];
    case 'indexes':
      return Array.isArray(value) ? step.indexes.flatMap((index) => at(value, index)) : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to).filter((_, index) => index % step.step === 0) : [];
    case 'wildcard':
      return childrenOf(value);
    case 'descend':
      return descend(value);
    case 'filter':
      return (Array.isArray(value) ? value : [value]).filter((item) => passes(step.filter, item, root));
    default:
      return [];
  }
}

function at(items: readonly Json[], index: number): readonly Json[] {
  const position = index < 0 ? items.length + index : index;
  return position in items ? [items[position] ?? null] : [];
}

function childrenOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function descend(value: Json): readonly Json[] {
  return [value, ...childrenOf(value).flatMap(descend)];
}

function passes(filter: Filter, item: Json, root: Json): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.of.every((one) => passes(one, item, root));
    case 'any':
      return filter.of.some((one) => passes(one, item, root));
    case 'not':
      return !passes(filter.of, item, root);
    case 'exists':
      return resolve({ path: filter.path }, item, root) !== undefined;
    default:
      return compare(filter.operator, resolve(filter.left, item, root), resolve(filter.right, item, root));
  }
}

function resolve(operand: Operand, item: Json, root: Json): Json | undefined {
  if ('literal' in operand) return operand.literal;
  const found = selectAll(operand.path.steps, [operand.path.root === '@' ? item : root], root);
  if (!isDefinite(operand.path)) return found.length > 0 ? found : undefined;
  return found[0];
}

function compare(operator: string, left: Json | undefined, right: Json | undefined): boolean {
  if (left === undefined || right === undefined) return operator === '!=' && left !== right;
  if (operator === '==') return isSame(left, right);
  if (operator === '!=') return !isSame(left, right);
  const areOrdered =
    (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!areOrdered) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

/** Names the missing node the way Step Functions does, which tells a missing leaf from a missing branch. */
function describeMiss(steps: readonly PathStep[], missing: number): string {
  const shown = steps
    .slice(0, missing + 1)
    .map(describeStep)
    .join('');
  return missing === steps.length - 1 ? `No results for path: $${shown}` : `Missing property in path $${shown}`;
}

function describeStep(step: PathStep): string {
  if (step.kind === 'names') return `['${step.names.join("','")}']`;
  return step.kind === 'indexes' ? `[${step.indexes.join(',')}]` : '[*]';
}
