import { quote, type Matcher } from './field-value.ts';
import { PatternProblem } from './invalid-event-pattern-error.ts';
import { matchIgnoringCase } from './ignore-case.ts';
import type { JsonNode } from './json-text.ts';

/** `{"exactly": "x"}`: the string, byte for byte, even where it spells an IP address. */
export function compileExactly(node: JsonNode): Matcher {
  const expected = quote(stringOf(node, 'exact match pattern must be a string'));
  return ({ text }) => text === expected;
}

/** `{"prefix": "x"}` or `{"prefix": {"equals-ignore-case": "x"}}`. */
export function compilePrefix(node: JsonNode): Matcher {
  if (node.kind === 'object') return matchIgnoringCase(`"${ignoredCaseOf(node, 'prefix')}`, 'start');
  return startsWith(stringOf(node, 'prefix match pattern must be a string'));
}

/** `{"suffix": "x"}` or `{"suffix": {"equals-ignore-case": "x"}}`. */
export function compileSuffix(node: JsonNode): Matcher {
  if (node.kind === 'object') return matchIgnoringCase(`${ignoredCaseOf(node, 'suffix')}"`, 'end');
  return endsWith(stringOf(node, 'suffix match pattern must be a string'));
}

/** `{"equals-ignore-case": "x"}`. */
export function compileEqualsIgnoreCase(node: JsonNode): Matcher {
  return equalsIgnoringCase(stringOf(node, 'equals-ignore-case match pattern must be a string'));
}

/** Strings that start with `prefix`. */
export function startsWith(prefix: string): Matcher {
  const start = `"${prefix}`;
  return ({ text }) => text.startsWith(start);
}

/** Strings that end with `suffix`. */
export function endsWith(suffix: string): Matcher {
  const end = `${suffix}"`;
  return ({ text }) => text.endsWith(end);
}

/** Strings that equal `value` when case is ignored. */
export function equalsIgnoringCase(value: string): Matcher {
  return matchIgnoringCase(quote(value), 'whole');
}

/** The string of a node, or a `PatternProblem` with this reason. */
export function stringOf(node: JsonNode, reason: string): string {
  if (node.kind !== 'string') throw new PatternProblem(reason, node.at);
  return node.value;
}

function ignoredCaseOf(node: Extract<JsonNode, { kind: 'object' }>, kind: 'prefix' | 'suffix'): string {
  const [entry, ...others] = node.entries;
  if (!entry) throw new PatternProblem(`${kind === 'prefix' ? 'Prefix' : 'Suffix'} expression name not found`, node.at);
  const [operator, value] = entry;
  if (operator !== 'equals-ignore-case') {
    throw new PatternProblem(`Unsupported ${kind} pattern: ${operator}`, value.at);
  }
  const text = stringOf(value, 'equals-ignore-case match pattern must be a string');
  if (others.length > 0) throw new PatternProblem('Only one key allowed in match expression', node.at);
  return text;
}
