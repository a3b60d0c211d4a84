import { compileAnythingBut, compileLegacyAnythingBut } from './anything-but.ts';
import { compileCidr, equalsIpAddress } from './cidr.ts';
import { fieldValueOf, type Matcher } from './field-value.ts';
import { PatternProblem } from './invalid-event-pattern-error.ts';
import type { JsonNode } from './json-text.ts';
import { compileNumeric } from './numeric.ts';
import { compileEqualsIgnoreCase, compileExactly, compilePrefix, compileSuffix } from './text-matchers.ts';
import { compileWildcard } from './wildcard.ts';

/** What one field of a pattern accepts: any of the matchers, or, if `absent`, that the event has no such leaf. */
export interface FieldCondition {
  readonly matchers: readonly Matcher[];
  readonly absent: boolean;
}

/** `legacy` is how event-ruler reads a pattern whose `$or` is no operator: fewer forms of anything-but. */
export type Dialect = 'current' | 'legacy';

const NOT_A_MATCH_VALUE = 'Match value must be String, number, true, false, or null';

const MATCH_TYPES = new Map<string, (node: JsonNode) => Matcher>([
  ['exactly', compileExactly],
  ['prefix', compilePrefix],
  ['suffix', compileSuffix],
  ['equals-ignore-case', compileEqualsIgnoreCase],
  ['wildcard', compileWildcard],
  ['numeric', compileNumeric],
  ['cidr', compileCidr],
]);

/** Compiles the array of one field; throws a `PatternProblem`. */
export function compileCondition(items: readonly JsonNode[], at: number, dialect: Dialect): FieldCondition {
  if (items.length === 0) throw new PatternProblem('Empty arrays are not allowed', at);
  const compiled = items.map((item) => compileItem(item, dialect));
  return { matchers: compiled.filter((item) => item !== 'absent'), absent: compiled.includes('absent') };
}

function compileItem(node: JsonNode, dialect: Dialect): Matcher | 'absent' {
  if (node.kind === 'array') throw new PatternProblem(NOT_A_MATCH_VALUE, node.at);
  if (node.kind === 'object') return compileExpression(node, dialect);
  return compileValue(node);
}

function compileValue(node: Exclude<JsonNode, { kind: 'object' | 'array' }>): Matcher {
  const expected = fieldValueOf(node);
  if (expected.ip !== undefined) return equalsIpAddress(expected.ip);
  if (expected.number !== undefined) return ({ number }) => number === expected.number;
  return ({ text }) => text === expected.text;
}

function compileExpression(node: Extract<JsonNode, { kind: 'object' }>, dialect: Dialect): Matcher | 'absent' {
  const [entry, ...others] = node.entries;
  if (!entry) throw new PatternProblem('Match expression name not found', node.at);
  const [matchType, value] = entry;
  const matcher = compileMatchType(matchType, value, dialect);
  if (others.length > 0) throw new PatternProblem('Only one key allowed in match expression', node.at);
  return matcher;
}

function compileMatchType(matchType: string, value: JsonNode, dialect: Dialect): Matcher | 'absent' {
  if (matchType === 'exists') return compileExists(value);
  if (matchType === 'anything-but') {
    return dialect === 'legacy' ? compileLegacyAnythingBut(value) : compileAnythingBut(value);
  }
  const compile = MATCH_TYPES.get(matchType);
  if (!compile) throw new PatternProblem(`Unrecognized match type ${matchType}`, value.at);
  return compile(value);
}

function compileExists(node: JsonNode): Matcher | 'absent' {
  if (node.kind === 'literal' && node.text === 'true') return () => true;
  if (node.kind === 'literal' && node.text === 'false') return 'absent';
  throw new PatternProblem('exists match pattern must be either true or false.', node.at);
}
