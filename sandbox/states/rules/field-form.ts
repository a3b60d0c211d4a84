import { isObject, type Json, nameType } from '../json.ts';
import { readExpression } from '../jsonata/expression.ts';
import { parseIntrinsicCall } from '../jsonpath/intrinsic-call.ts';
import { INTRINSICS } from '../jsonpath/intrinsics.ts';
import type { IntrinsicCall } from '../jsonpath/intrinsic-call.ts';
import { parsePath, PathSyntaxError } from '../jsonpath/path.ts';
import { isReferencePath } from '../jsonpath/reference-path.ts';
import { MAX_SECONDS } from '../limits.ts';
import { type Problem, schemaProblem, unsupportedProblem } from './problem.ts';
import type { FieldForm } from './state-fields.ts';

/** Checks that a field holds what it should. In a JSONata state, an expression may stand for numbers and texts. */
export function checkForm(path: string, value: Json, form: FieldForm, isJsonata: boolean): readonly Problem[] {
  if (isJsonata && typeof value === 'string' && TAKES_EXPRESSION.has(form) && readExpression(value) !== undefined)
    return [];
  switch (form) {
    case 'any':
      return [];
    case 'array':
      return expect(path, value, Array.isArray(value), 'Array');
    case 'object':
      return expect(path, value, isObject(value), 'Object');
    case 'boolean':
      return expect(path, value, typeof value === 'boolean', 'Boolean');
    case 'string':
    case 'text':
      return expect(path, value, typeof value === 'string', 'String');
    case 'path':
    case 'nullable-path':
    case 'reference-path':
      return checkPathField(path, value, form);
    default:
      return checkNumber(path, value, form);
  }
}

const TAKES_EXPRESSION = new Set<FieldForm>([
  'text',
  'positive-integer',
  'natural-number',
  'percentage',
  'array',
  'object',
]);

/** Checks a text that should be a path, or where allowed an intrinsic function's call. */
export function checkPathText(path: string, text: string, message: string): readonly Problem[] {
  try {
    if (text.startsWith('$')) parsePath(text);
    else return checkCalls(path, parseIntrinsicCall(text), message);
    return [];
  } catch (error) {
    if (error instanceof PathSyntaxError && error.isUnsupported)
      return [unsupportedProblem(path, `the path ${text}: ${error.message}`)];
    return [schemaProblem(path, `${message} (${error instanceof Error ? error.message : String(error)})`)];
  }
}

/** Most intrinsic functions in one field. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const MAX_CALLS = 10;

function checkCalls(path: string, call: IntrinsicCall, message: string): readonly Problem[] {
  const count = countCalls(call);
  if (count <= MAX_CALLS) return checkCall(path, call, message);
  return [schemaProblem(path, `${message} (at most ${MAX_CALLS} functions may be nested, not ${count})`)];
}

function countCalls(call: IntrinsicCall): number {
  return call.arguments.reduce((sum, one) => sum + (one.kind === 'call' ? countCalls(one.call) : 0), 1);
}

function checkCall(path: string, call: IntrinsicCall, message: string): readonly Problem[] {
  const intrinsic = INTRINSICS.get(call.name);
  if (!intrinsic) return [schemaProblem(path, `${message} (there is no function ${call.name})`)];
  const count = call.arguments.length;
  const own = count < intrinsic.least || count > intrinsic.most;
  return [
    ...(own ? [schemaProblem(path, `${message} (${call.name} does not take ${count} arguments)`)] : []),
    ...call.arguments.flatMap((argument) => (argument.kind === 'call' ? checkCall(path, argument.call, message) : [])),
  ];
}

function checkPathField(path: string, value: Json, form: FieldForm): readonly Problem[] {
  if (value === null && form !== 'path') return [];
  if (typeof value !== 'string') return expect(path, value, false, 'String');
  const takesCalls = /\/(?:ErrorPath|CausePath|ItemsPath)$/.test(path);
  if (!value.startsWith('$') && !takesCalls) return [schemaProblem(path, 'Value is not a valid JSONPath')];
  const problems = [
    ...checkPathText(path, value, 'Value is not a valid JSONPath'),
    ...(/\/(?:ErrorPath|CausePath)$/.test(path) ? checkGivesText(path, value) : []),
  ];
  if (problems.length > 0 || form !== 'reference-path') return problems;
  const parsed = parsePath(value);
  if (parsed.root === '$' && isReferencePath(parsed)) return [];
  return [schemaProblem(path, 'Value is not a Reference Path: it must name a single node of the input')];
}

/** The intrinsic functions that `ErrorPath` and `CausePath` may call. https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html */
const GIVE_TEXT = new Set(
  ['Format', 'JsonToString', 'ArrayGetItem', 'Base64Encode', 'Base64Decode', 'Hash', 'UUID'].map(
    (name) => `States.${name}`,
  ),
);

function checkGivesText(path: string, text: string): readonly Problem[] {
  const [name] = /^States\.[A-Za-z0-9]+/.exec(text) ?? [];
  if (name === undefined || GIVE_TEXT.has(name)) return [];
  return [schemaProblem(path, `The intrinsic function ${name} does not give a string`)];
}

function checkNumber(path: string, value: Json, form: FieldForm): readonly Problem[] {
  const isPercentage = form === 'percentage';
  const isRightType = typeof value === 'number' && (isPercentage || Number.isInteger(value));
  if (!isRightType) return expect(path, value, false, isPercentage ? 'Number' : 'Integer');
  const least = form === 'positive-integer' ? 1 : 0;
  const most = isPercentage ? 100 : MAX_SECONDS;
  return value >= least && value <= most
    ? []
    : [schemaProblem(path, `Value must be between ${least} and ${most}, and is ${value}`)];
}

function expect(path: string, value: Json, isRight: boolean, expected: string): readonly Problem[] {
  return isRight ? [] : [schemaProblem(path, `Expected value of type ${expected}, not ${nameType(value)}`)];
}
