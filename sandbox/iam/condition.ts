import { UnsupportedInSandboxError } from '../aws.ts';
import { isRecord, scalarText } from '../members.ts';
import { CONDITION_OPERATORS } from './condition-operators.ts';
import { checkConditionKey } from './condition-keys.ts';
import { MalformedPolicyError } from './malformed-policy-error.ts';
import { checkVariables } from './policy-variables.ts';
import type { RequestContext } from './request.ts';

/** Tells whether the condition of a statement holds for a request. */
export type Condition = (context: RequestContext) => boolean;

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/**
 * Compiles the Condition element of a statement: every operator and key must hold, any one of the values is enough.
 * Throws an `UnsupportedInSandboxError` for an operator, a global key or a variable that the sandbox does not know.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function compileCondition(element: unknown, hasVariables: boolean, place: string): Condition {
  if (element === undefined) return () => true;
  if (!isRecord(element)) throw new MalformedPolicyError(place, 'Condition is not an object.');
  const tests = Object.entries(element).flatMap(([operator, keys]) => {
    if (!isRecord(keys)) throw new MalformedPolicyError(place, `${operator} is not a map of condition keys.`);
    return Object.entries(keys).map(([key, values]) => {
      checkConditionKey(key, place);
      return compileTest(
        operator,
        key.toLowerCase(),
        toTexts(values, `${place}.${operator}.${key}`),
        hasVariables,
        place,
      );
    });
  });
  return (context) => tests.every((test) => test(context));
}

function compileTest(
  name: string,
  key: string,
  values: readonly string[],
  hasVariables: boolean,
  place: string,
): Condition {
  const [, set, base = '', ifExists] = OPERATOR.exec(name) ?? [];
  if (base === 'Null' && !set && !ifExists) return compileNull(key, values, place);
  const operator = Object.hasOwn(CONDITION_OPERATORS, base) ? CONDITION_OPERATORS[base] : undefined;
  if (!operator) throw new UnsupportedInSandboxError(`the condition operator ${name} (${place})`);
  if (hasVariables) for (const value of values) checkVariables(value, `${place}.${name}`);
  const matchers = values.map((value) => operator.compile(value, hasVariables, `${place}.${name}`));
  const holds = (actual: string, context: RequestContext) =>
    matchers.some((matches) => matches(actual, context)) !== operator.negated;
  const whenAbsent = ifExists !== undefined || set === 'ForAllValues' || (operator.negated && set !== 'ForAnyValue');
  // A negated operator must hold for every value, any other for at least one, unless a set prefix says otherwise.
  const every = set === undefined ? operator.negated : set === 'ForAllValues';
  return (context) => {
    const actual = context.get(key);
    if (actual === undefined || actual.length === 0) return whenAbsent;
    const test = (value: string) => holds(value, context);
    return every ? actual.every(test) : actual.some(test);
  };
}

function compileNull(key: string, values: readonly string[], place: string): Condition {
  const [value] = values;
  if (values.length !== 1 || (value !== 'true' && value !== 'false')) {
    throw new MalformedPolicyError(place, 'the operator Null takes "true" or "false".');
  }
  return (context) => ((context.get(key) ?? []).length === 0) === (value === 'true');
}

function toTexts(values: unknown, place: string): readonly string[] {
  const texts = [values].flat().map(scalarText);
  if (texts.length === 0) throw new MalformedPolicyError(place, 'the condition key has no values.');
  return texts.map((text) => {
    if (text === undefined) throw new MalformedPolicyError(place, 'a condition value is a text.');
    return text;
  });
}
