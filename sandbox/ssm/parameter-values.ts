import type { DocumentParameter } from './document-schema.ts';
import { spellValue } from './references.ts';

type Parameters = Readonly<Record<string, DocumentParameter>>;

/** Values of a document's parameters, or all that is wrong with those given. */
export interface ReadParameters {
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
}

/** Reads what a caller gave, a list of texts for each name, by a document's parameters and their defaults. */
export function readParameterValues(parameters: Parameters, given: unknown): ReadParameters {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    return { values: {}, problems: ['Parameters must be a map of lists of texts.'] };
  }
  const members: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(given ?? {}));
  const unknown = Object.keys(members).filter((name) => !Object.hasOwn(parameters, name));
  const problems = unknown.map((name) => `The parameter ${name} is not defined in the document.`);
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const read = readOne(name, parameter, members[name]);
    problems.push(...read.problems);
    values[name] = read.value;
  }
  return { values, problems };
}

function readOne(name: string, parameter: DocumentParameter, given: unknown) {
  if (given === undefined) {
    const isMissing = parameter.default === undefined;
    return {
      value: parameter.default,
      problems: isMissing ? [`The parameter ${name} has no value and no default.`] : [],
    };
  }
  if (!Array.isArray(given) || !given.every((item) => typeof item === 'string')) {
    return { value: undefined, problems: [`The parameter ${name} must be a list of texts.`] };
  }
  const { value, problem } = convert(parameter.type, given);
  if (problem !== undefined) return { value: undefined, problems: [`The parameter ${name} must be ${problem}.`] };
  const problems = [value].flat().flatMap((item) => checkValue(name, parameter, item));
  return { value, problems: [...checkLength(name, parameter, value), ...problems] };
}

function checkLength(name: string, { minItems, maxItems }: DocumentParameter, value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const isFit = value.length >= (minItems ?? 0) && value.length <= (maxItems ?? Number.POSITIVE_INFINITY);
  return isFit ? [] : [`The parameter ${name} has ${value.length} items.`];
}

interface Converted {
  readonly value?: unknown;
  readonly problem?: string;
}

function convert(type: DocumentParameter['type'], given: readonly string[]): Converted {
  const [first = ''] = given;
  if (type === 'StringList' || type === 'List<AWS::EC2::Instance::Id>') return { value: given };
  if (type === 'MapList')
    return convertJson(given.length === 1 && first.startsWith('[') ? first : `[${given.join(',')}]`);
  if (given.length !== 1) return { problem: `one ${type}, not ${given.length} values` };
  if (type === 'Integer') return /^-?\d+$/.test(first) ? { value: Number(first) } : { problem: 'an Integer' };
  if (type === 'Boolean')
    return /^(true|false)$/i.test(first) ? { value: first.toLowerCase() === 'true' } : { problem: 'a Boolean' };
  if (type === 'StringMap') return convertJson(first);
  const form = FORMS[type];
  return form && !form.test(first) ? { problem: `an ${type}` } : { value: first };
}

const FORMS: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::Instance::Id': /^i-[0-9a-f]{8,17}$/,
  'AWS::IAM::Role::Arn': /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/,
};

function convertJson(text: string): Converted {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { value } : { problem: 'JSON of a map or a list of maps' };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: 'JSON of a map or a list of maps' };
    throw error;
  }
}

function checkValue(
  name: string,
  { allowedPattern, allowedValues, minChars, maxChars }: DocumentParameter,
  value: unknown,
): string[] {
  const text = spellValue(value);
  const problems: string[] = [];
  if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(text)) {
    problems.push(`The parameter ${name} must match ${allowedPattern}, and ${JSON.stringify(text)} does not.`);
  }
  if (allowedValues && !allowedValues.some((allowed) => String(allowed) === text)) {
    problems.push(`The parameter ${name} must be one of ${allowedValues.join(', ')}, not ${JSON.stringify(text)}.`);
  }
  if (text.length < (minChars ?? 0) || text.length > (maxChars ?? Number.POSITIVE_INFINITY)) {
    problems.push(`The parameter ${name} has ${text.length} characters.`);
  }
  return problems;
}
