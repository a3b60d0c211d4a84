import { isObject, isSame, type Json } from '../json.ts';
import { type Filter, isDefinite, type Operand, type Path, type PathStep } from './path.ts';

/** Raised when a definite path names nothing; the message is what Step Functions puts after `Invalid path '…' : `. */
export class PathNotFoundError extends Error {
  override readonly name = 'PathNotFoundError' as const;
}

/**
 * Selects what a path names below `root`: the one value of a definite path, the array of everything for any other, which is
 * empty when there is nothing. Throws a `PathNotFoundError` where a definite path names nothing, and for an index, a slice
 * or a filter on what cannot have one. https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
 */
export function select(path: Path, root: Json): Json {
  const needsAll = isDefinite(path);
  const found = walk({ steps: path.steps, root, needsAll }, 0, root, true);
  if (!needsAll) return found;
  if (found.length === 0) throw new PathNotFoundError(`No results for path: $${describeSteps(path.steps)}`);
  return found[0] ?? null;
}

interface Walk {
  readonly steps: readonly PathStep[];
  readonly root: Json;
  /** True for a definite path: a property that is missing fails it, instead of being left out. */
  readonly needsAll: boolean;
}

/** `isCertain` says that every step so far names one node only. */
function walk(path: Walk, index: number, value: Json, isCertain: boolean): readonly Json[] {
  const step = path.steps[index];
  if (!step) return [value];
  if (step.kind === 'names') return walkNames(path, index, step.names, value, isCertain);
  if (isCertain) checkSubject(path.steps, index, step, value);
  const remains = isCertain && step.kind === 'indexes' && step.indexes.length === 1;
  return follow(step, value, path.root).flatMap((found) => walk(path, index + 1, found, remains));
}

function walkNames(
  path: Walk,
  index: number,
  names: readonly string[],
  value: Json,
  isCertain: boolean,
): readonly Json[] {
  const [first = '', ...others] = names;
  const isLast = index === path.steps.length - 1;
  if (!isObject(value)) {
    if (!path.needsAll) return [];
    const shown = names.map((name) => `'${name}'`).join(', ');
    const where = describeSteps(path.steps.slice(0, index));
    throw new PathNotFoundError(`Expected to find an object with property [${shown}] in path $${where}`);
  }
  const present = names.filter((name) => Object.hasOwn(value, name));
  if (others.length === 0 && present.length === 0 && path.needsAll && !isLast) {
    throw new PathNotFoundError(`Missing property in path $${describeSteps(path.steps.slice(0, index))}['${first}']`);
  }
  // Several names at the end make one object of them.
  if (others.length > 0 && isLast) return [Object.fromEntries(present.map((name) => [name, value[name] ?? null]))];
  const remains = isCertain && others.length === 0;
  return present.flatMap((name) => walk(path, index + 1, value[name] ?? null, remains));
}

function checkSubject(steps: readonly PathStep[], index: number, step: PathStep, value: Json): void {
  const isFit =
    step.kind === 'indexes' || step.kind === 'slice'
      ? Array.isArray(value)
      : step.kind !== 'filter' || Array.isArray(value) || isObject(value);
  if (isFit) return;
  const shown = describeSteps(steps.slice(index));
  const rule = step.kind === 'filter' ? 'can not be applied to primitives' : 'can only be applied to arrays';
  throw new PathNotFoundError(`Filter: ${shown} ${rule}. Current context is: ${JSON.stringify(value)}`);
}

function follow(step: Exclude<PathStep, { kind: 'names' }>, value: Json, root: Json): readonly Json[] {
  switch (step.kind) {
    case 'indexes':
      return Array.isArray(value) ? step.indexes.flatMap((index) => at(value, index)) : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'wildcard':
      return childrenOf(value);
    case 'descend':
      return descend(value);
    default:
      return (Array.isArray(value) ? value : [value]).filter((item) => passes(step.filter, item, root));
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
  try {
    return select(operand.path, operand.path.root === '@' ? item : root);
  } catch (error) {
    if (error instanceof PathNotFoundError) return undefined;
    throw error;
  }
}

function compare(operator: string, left: Json | undefined, right: Json | undefined): boolean {
  if (left === undefined || right === undefined) return operator === '!=';
  if (operator === '==') return isSame(left, right);
  if (operator === '!=') return !isSame(left, right);
  const areOrdered =
    (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!areOrdered) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function describeSteps(steps: readonly PathStep[]): string {
  return steps.map(describeStep).join('');
}

function describeStep(step: PathStep): string {
  switch (step.kind) {
    case 'names':
      return `[${step.names.map((name) => `'${name}'`).join(',')}]`;
    case 'indexes':
      return `[${step.indexes.join(',')}]`;
    case 'slice':
      return `[${step.from ?? ''}:${step.to ?? ''}]`;
    case 'descend':
      return '..';
    default:
      return step.kind === 'filter' ? '[?]' : '[*]';
  }
}
