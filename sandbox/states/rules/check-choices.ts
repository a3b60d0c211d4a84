import { isObject, type Json, type JsonObject } from '../json.ts';
import { readExpression } from '../jsonata/expression.ts';
import { COMPARISONS, TYPE_TESTS } from '../kinds/choice-operators.ts';
import { parseTimestamp } from '../timestamp.ts';
import { checkForm, checkPathText } from './field-form.ts';
import { type Problem, schemaProblem, unknownFields } from './problem.ts';
import { asArray, listStates, type ScopeSite } from './site.ts';

const OUTER_FIELDS = ['Next', 'Assign', 'Comment'];

/** Checks the rules of every Choice. https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html */
export function checkChoices(scope: ScopeSite): readonly Problem[] {
  return listStates(scope)
    .filter((site) => site.type === 'Choice')
    .flatMap((site) =>
      asArray(site.state['Choices']).flatMap((rule, index) => {
        const path = `${site.path}/Choices[${index}]`;
        if (!isObject(rule)) return checkForm(path, rule, 'object', false);
        return [
          ...checkOuter(path, rule),
          ...(site.language === 'JSONata' ? checkJsonata(path, rule) : checkRule(path, rule, true)),
        ];
      }),
    );
}

function checkOuter(path: string, rule: JsonObject): readonly Problem[] {
  const { Next, Assign } = rule;
  return [
    ...(Next === undefined
      ? [schemaProblem(path, 'These fields are required: [Next]')]
      : checkForm(`${path}/Next`, Next, 'string', false)),
    ...(Assign === undefined ? [] : checkForm(`${path}/Assign`, Assign, 'object', false)),
  ];
}

function checkJsonata(path: string, rule: JsonObject): readonly Problem[] {
  const { Condition } = rule;
  const isCondition =
    typeof Condition === 'boolean' || (typeof Condition === 'string' && readExpression(Condition) !== undefined);
  return [
    ...unknownFields(path, rule, ['Condition', 'Output', ...OUTER_FIELDS]),
    ...(Condition === undefined ? [schemaProblem(path, 'These fields are required: [Condition]')] : []),
    ...(Condition === undefined || isCondition
      ? []
      : [schemaProblem(`${path}/Condition`, 'Condition must be a boolean or a JSONata expression')]),
  ];
}

/** `Next`, `Assign` and `Output` stand only in a rule that is not inside another. */
function checkRule(path: string, rule: JsonObject, isOuter: boolean): readonly Problem[] {
  const own = Object.keys(rule).filter((name) => !OUTER_FIELDS.includes(name) || (!isOuter && name !== 'Comment'));
  const joined = own.filter((name) => name === 'And' || name === 'Or' || name === 'Not');
  if (joined.length > 0) {
    const [name = ''] = joined;
    const extra = own.filter((other) => other !== name);
    return [
      ...extra.map((other) => schemaProblem(`${path}/${other}`, `Field '${other}' is not supported`)),
      ...checkJoined(path, name, rule[name] ?? null),
    ];
  }
  return checkTest(path, rule, own);
}

function checkJoined(path: string, name: string, value: Json): readonly Problem[] {
  const at = `${path}/${name}`;
  if (name === 'Not') return isObject(value) ? checkRule(at, value, false) : checkForm(at, value, 'object', false);
  if (!Array.isArray(value)) return checkForm(at, value, 'array', false);
  if (value.length === 0) return [schemaProblem(at, 'Value cannot be empty')];
  return value.flatMap((rule, index) =>
    isObject(rule) ? checkRule(`${at}[${index}]`, rule, false) : checkForm(`${at}[${index}]`, rule, 'object', false),
  );
}

function checkTest(path: string, rule: JsonObject, own: readonly string[]): readonly Problem[] {
  const variable = rule['Variable'];
  const operators = own.filter((name) => name !== 'Variable');
  const known = operators.filter(isOperator);
  const unknownOnes = operators.filter((name) => !isOperator(name));
  return [
    ...unknownOnes.map((name) => schemaProblem(`${path}/${name}`, `Field '${name}' is not supported`)),
    ...(variable === undefined
      ? [schemaProblem(path, 'These fields are required: [Variable]')]
      : checkForm(`${path}/Variable`, variable, 'path', false)),
    ...(known.length === 1 ? [] : [schemaProblem(path, 'Exactly one comparison operator is required')]),
    ...known.flatMap((name) => checkOperand(`${path}/${name}`, name, rule[name] ?? null)),
  ];
}

function isOperator(name: string): boolean {
  if (name === 'IsPresent' || TYPE_TESTS.has(name) || COMPARISONS.has(name)) return true;
  return name.endsWith('Path') && name !== 'StringMatchesPath' && COMPARISONS.has(name.slice(0, -4));
}

function checkOperand(path: string, operator: string, value: Json): readonly Problem[] {
  if (operator.startsWith('Is') || operator === 'BooleanEquals') return checkForm(path, value, 'boolean', false);
  if (operator.endsWith('Path')) {
    return typeof value === 'string'
      ? checkPathText(path, value, 'Value is not a valid JSONPath')
      : checkForm(path, value, 'path', false);
  }
  if (operator.startsWith('Numeric')) {
    return typeof value === 'number' ? [] : [schemaProblem(path, 'Expected value of type Number')];
  }
  if (!operator.startsWith('Timestamp')) return checkForm(path, value, 'string', false);
  const isTime = typeof value === 'string' && parseTimestamp(value) !== undefined;
  return isTime ? [] : [schemaProblem(path, 'String does not match RFC3339 timestamp')];
}
