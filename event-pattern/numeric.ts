import { comparableNumber } from './comparable-number.ts';
import type { Matcher } from './field-value.ts';
import { PatternProblem } from './invalid-event-pattern-error.ts';
import type { JsonNode } from './json-text.ts';

type Comparison = (value: number) => boolean;

const COMPARISONS = new Map<string, (bound: number) => Comparison>([
  ['=', (bound) => (value) => value === bound],
  ['<', (bound) => (value) => value < bound],
  ['<=', (bound) => (value) => value <= bound],
  ['>', (bound) => (value) => value > bound],
  ['>=', (bound) => (value) => value >= bound],
]);

/**
 * `{"numeric": [">", 0, "<=", 5]}`: one comparison, or a lower bound followed by a greater upper bound. Numbers compare as
 * 64-bit floats; one that such a float cannot hold exactly is refused. https://github.com/aws/event-ruler#numeric-matching
 */
export function compileNumeric(node: JsonNode): Matcher {
  if (node.kind !== 'array') throw new PatternProblem('Value of numeric must be an array.', node.at);
  const [operatorNode, boundNode, ...rest] = node.items;
  const operator = readOperator(operatorNode, node.at);
  const bound = readBound(operator, boundNode, node.at);
  const compare = comparison(operator, bound);
  if (rest.length === 0) return matchNumber(compare);
  if (operator !== '>' && operator !== '>=') {
    throw new PatternProblem('Too many elements in numeric expression', node.at);
  }
  const below = readUpperBound(bound, rest, node.at);
  return matchNumber((value) => compare(value) && below(value));
}

/** The number of a node that EventBridge can compare, or a `PatternProblem`. */
export function comparableOf(node: Extract<JsonNode, { kind: 'number' | 'literal' }>): number {
  const value = comparableNumber(node.text);
  if (value === undefined) throw new PatternProblem(`Cannot compare number : ${node.text}`, node.at);
  return value;
}

function readOperator(node: JsonNode | undefined, at: number): string {
  if (node?.kind !== 'string') throw new PatternProblem(`Invalid member in numeric match: ${written(node)}`, at);
  if (!COMPARISONS.has(node.value)) {
    throw new PatternProblem(`Unrecognized numeric range operator: ${node.value}`, node.at);
  }
  return node.value;
}

function readBound(operator: string, node: JsonNode | undefined, at: number): number {
  const reason = `Value of ${operator === '=' ? 'equals' : operator} must be numeric`;
  if (node?.kind !== 'number') throw new PatternProblem(reason, node?.at ?? at);
  return comparableOf(node);
}

function readUpperBound(bottom: number, rest: readonly JsonNode[], at: number): Comparison {
  const [operator, topNode, ...others] = rest;
  if (operator?.kind !== 'string') throw new PatternProblem(`Bad value in numeric range: ${written(operator)}`, at);
  if (operator.value !== '<' && operator.value !== '<=') {
    throw new PatternProblem(`Bad numeric range operator: ${operator.value}`, operator.at);
  }
  const top = readBound(operator.value, topNode, at);
  if (others.length > 0) throw new PatternProblem('Too many terms in numeric range expression', at);
  if (bottom >= top) throw new PatternProblem('Bottom must be less than top', at);
  return comparison(operator.value, top);
}

function comparison(operator: string, bound: number): Comparison {
  const compare = COMPARISONS.get(operator);
  if (!compare) throw new TypeError(`No comparison for the operator ${operator}.`);
  return compare(bound);
}

function matchNumber(compare: Comparison): Matcher {
  return ({ number }) => number !== undefined && compare(number);
}

function written(node: JsonNode | undefined): string {
  if (node === undefined) return ']';
  if (node.kind === 'object') return '{';
  if (node.kind === 'array') return '[';
  return node.kind === 'string' ? node.value : node.text;
}
