import { quote, type Matcher } from './field-value.ts';
import { PatternProblem } from './invalid-event-pattern-error.ts';
import type { JsonNode } from './json-text.ts';
import { comparableOf } from './numeric.ts';
import { endsWith, equalsIgnoringCase, startsWith } from './text-matchers.ts';
import { matchesWildcard, wildcardTokens } from './wildcard.ts';

const NOT_A_LIST = 'Inside anything but list, start|null|boolean is not supported.';
const MIXED_LIST = 'Inside anything but list, either all values are number or string, mixed type is not supported';
const EMPTY_LIST = 'Inside anything-but list, at least one value is required';
const NOT_A_VALUE = 'Value of anything-but must be an array or single string/number value.';

interface TextForm {
  readonly reason: string;
  readonly mayBeEmpty: boolean;
  readonly matcher: (text: string, at: number) => Matcher;
}

const AFFIX = { reason: 'prefix/suffix match pattern must be a string', mayBeEmpty: false };
const TEXT_FORMS = new Map<string, TextForm>([
  ['prefix', { ...AFFIX, matcher: startsWith }],
  ['suffix', { ...AFFIX, matcher: endsWith }],
  [
    'equals-ignore-case',
    {
      reason: 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
      mayBeEmpty: true,
      matcher: equalsIgnoringCase,
    },
  ],
  [
    'wildcard',
    {
      reason: 'wildcard match pattern must be a string',
      mayBeEmpty: true,
      matcher: (text, at) => matchesWildcard(wildcardTokens(text, at)),
    },
  ],
]);

/**
 * `{"anything-but": …}` with a string, a number, a list of either, or one of the forms prefix, suffix, equals-ignore-case
 * and wildcard, each with a string or a list. A value of another type always matches; an absent field never does.
 * https://github.com/aws/event-ruler#anything-but-matching
 */
export function compileAnythingBut(node: JsonNode): Matcher {
  if (node.kind === 'object') return compileTextForm(node);
  if (node.kind === 'array') return compileList(node);
  if (node.kind === 'string') return exceptTexts([node.value]);
  if (node.kind === 'number') return exceptNumbers([comparableOf(node)]);
  throw new PatternProblem(NOT_A_VALUE, node.at);
}

/** The same without wildcard and without lists inside prefix and suffix, as patterns with a field named `$or` are read. */
export function compileLegacyAnythingBut(node: JsonNode): Matcher {
  const [operator, value] = (node.kind === 'object' && node.entries[0]) || [];
  if (operator === 'wildcard') throw new PatternProblem(`Unsupported anything-but pattern: ${operator}`, node.at);
  if ((operator === 'prefix' || operator === 'suffix') && value?.kind !== 'string') {
    throw new PatternProblem(AFFIX.reason, node.at);
  }
  return compileAnythingBut(node);
}

function compileTextForm(node: Extract<JsonNode, { kind: 'object' }>): Matcher {
  const [entry, ...others] = node.entries;
  if (!entry) throw new PatternProblem('Anything-But expression name not found', node.at);
  const [operator, value] = entry;
  const form = TEXT_FORMS.get(operator);
  if (!form) throw new PatternProblem(`Unsupported anything-but pattern: ${operator}`, value.at);
  if (value.kind === 'object' || value.kind === 'literal') throw new PatternProblem(NOT_A_VALUE, value.at);
  if (value.kind === 'array' && value.items.length === 0) throw new PatternProblem(EMPTY_LIST, value.at);
  const unwanted = (value.kind === 'array' ? value.items : [value]).map((item) => compileText(form, item));
  if (others.length > 0) throw new PatternProblem('Only one key allowed in match expression', node.at);
  return (field) => !unwanted.some((matches) => matches(field));
}

function compileText(form: TextForm, node: JsonNode): Matcher {
  if (node.kind !== 'string') throw new PatternProblem(form.reason, node.at);
  if (node.value === '' && !form.mayBeEmpty) throw new PatternProblem('Null prefix/suffix not allowed', node.at);
  return form.matcher(node.value, node.at);
}

function compileList(node: Extract<JsonNode, { kind: 'array' }>): Matcher {
  const texts: string[] = [];
  const numbers: number[] = [];
  for (const item of node.items) {
    if (item.kind === 'string') texts.push(item.value);
    else if (item.kind === 'number') numbers.push(comparableOf(item));
    else throw new PatternProblem(NOT_A_LIST, item.at);
  }
  if (texts.length > 0 === numbers.length > 0) throw new PatternProblem(MIXED_LIST, node.at);
  return texts.length > 0 ? exceptTexts(texts) : exceptNumbers(numbers);
}

function exceptTexts(texts: readonly string[]): Matcher {
  const unwanted = new Set(texts.map(quote));
  return ({ text }) => !unwanted.has(text);
}

function exceptNumbers(numbers: readonly number[]): Matcher {
  const unwanted = new Set(numbers);
  return ({ number }) => number === undefined || !unwanted.has(number);
}
