import { MalformedPolicyError } from './malformed-policy-error.ts';
import { compileArn, compilePattern, compileWildcard, type Matcher } from './pattern.ts';

/** One condition operator: how it compiles a value of the policy, and whether it asks for the opposite. */
export interface ConditionOperator {
  readonly negated: boolean;
  readonly compile: (value: string, hasVariables: boolean, place: string) => Matcher;
}

type Comparison = (actual: number, expected: number) => boolean;

const equals = (pattern: string) => (value: string) => value === unescape(pattern);
const equalsIgnoreCase = (pattern: string) => (value: string) =>
  value.toLowerCase() === unescape(pattern).toLowerCase();

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  Equals: (actual, expected) => actual === expected,
  LessThan: (actual, expected) => actual < expected,
  LessThanEquals: (actual, expected) => actual <= expected,
  GreaterThan: (actual, expected) => actual > expected,
  GreaterThanEquals: (actual, expected) => actual >= expected,
};

/**
 * The condition operators by name, without `IfExists`, set prefixes and `Null`. `IpAddress` and `BinaryEquals` are not
 * among them. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const CONDITION_OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  ...both('StringEquals', 'StringNotEquals', texts(equals)),
  ...both('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', texts(equalsIgnoreCase)),
  ...both('StringLike', 'StringNotLike', texts(compileWildcard)),
  ...both('ArnEquals', 'ArnNotEquals', texts(compileArn)),
  ...both('ArnLike', 'ArnNotLike', texts(compileArn)),
  ...compared('Numeric', toNumber),
  ...compared('Date', toMilliseconds),
  Bool: { negated: false, compile: (value) => (actual) => actual.toLowerCase() === value.toLowerCase() },
};

function both(name: string, negation: string, compile: ConditionOperator['compile']) {
  return { [name]: { negated: false, compile }, [negation]: { negated: true, compile } };
}

function texts(compile: (pattern: string) => (value: string) => boolean): ConditionOperator['compile'] {
  return (value, hasVariables) => compilePattern(value, compile, hasVariables);
}

function compared(prefix: 'Numeric' | 'Date', parse: (text: string) => number): Record<string, ConditionOperator> {
  const compile = (comparison: Comparison) => (value: string, _hasVariables: boolean, place: string) => {
    const expected = parse(value);
    if (Number.isNaN(expected))
      throw new MalformedPolicyError(place, `"${value}" is no value for a ${prefix} operator.`);
    return (actual: string) => comparison(parse(actual), expected);
  };
  const operators = Object.entries(COMPARISONS).map(([name, comparison]) => [
    `${prefix}${name}`,
    { negated: false, compile: compile(comparison) },
  ]);
  const isEqual: Comparison = (actual, expected) => actual === expected;
  return { ...Object.fromEntries(operators), [`${prefix}NotEquals`]: { negated: true, compile: compile(isEqual) } };
}

function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** Epoch seconds, or the profiles of ISO 8601 that IAM takes. */
function toMilliseconds(text: string): number {
  return /^\d+$/.test(text) && text.length > 4 ? Number(text) * 1000 : Date.parse(text);
}

function unescape(pattern: string): string {
  return pattern.replaceAll('\u{E000}', '*').replaceAll('\u{E001}', '?');
}
