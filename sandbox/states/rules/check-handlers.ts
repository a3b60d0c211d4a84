import { isObject, type Json, type JsonObject } from '../json.ts';
import { MAX_DELAY_SECONDS, MAX_SECONDS } from '../limits.ts';
import { checkForm } from './field-form.ts';
import { type Problem, schemaProblem, unknownFields } from './problem.ts';
import { asArray, listStates, type ScopeSite, type StateSite } from './site.ts';

const RETRIER_FIELDS = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
];

/** Checks every entry of `Retry` and `Catch`. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export function checkHandlers(scope: ScopeSite): readonly Problem[] {
  return listStates(scope).flatMap((site) => [
    ...checkList(site, 'Retry', (entry, path) => checkRetrier(entry, path)),
    ...checkList(site, 'Catch', (entry, path) => checkCatcher(entry, path, site)),
  ]);
}

function checkList(
  site: StateSite,
  field: string,
  check: (entry: JsonObject, path: string) => readonly Problem[],
): readonly Problem[] {
  const entries = asArray(site.state[field]);
  return entries.flatMap((entry, index) => {
    const path = `${site.path}/${field}[${index}]`;
    if (!isObject(entry)) return checkForm(path, entry, 'object', false);
    return [...checkErrorEquals(entry, path, index === entries.length - 1), ...check(entry, path)];
  });
}

function checkErrorEquals(entry: JsonObject, path: string, isLast: boolean): readonly Problem[] {
  const names = entry['ErrorEquals'];
  if (names === undefined) return [schemaProblem(path, 'These fields are required: [ErrorEquals]')];
  const at = `${path}/ErrorEquals`;
  if (!Array.isArray(names)) return checkForm(at, names, 'array', false);
  if (names.length === 0) return [schemaProblem(at, 'Value cannot be empty')];
  const wrong = names.flatMap((name, index) => checkForm(`${at}[${index}]`, name, 'string', false));
  if (!names.includes('States.ALL')) return wrong;
  return [
    ...wrong,
    ...(names.length > 1 ? [schemaProblem(at, 'States.ALL must appear alone in ErrorEquals')] : []),
    ...(isLast ? [] : [schemaProblem(at, 'States.ALL must appear in the last entry')]),
  ];
}

function checkRetrier(entry: JsonObject, path: string): readonly Problem[] {
  const { IntervalSeconds = 1, MaxDelaySeconds } = entry;
  return [
    ...unknownFields(path, entry, RETRIER_FIELDS),
    ...checkRange(path, entry, 'IntervalSeconds', 1, MAX_SECONDS),
    ...checkRange(path, entry, 'MaxAttempts', 0, MAX_SECONDS),
    ...checkRange(path, entry, 'MaxDelaySeconds', 1, MAX_DELAY_SECONDS - 1),
    ...checkBackoff(path, entry['BackoffRate']),
    ...checkJitter(path, entry['JitterStrategy']),
    ...(typeof MaxDelaySeconds === 'number' && typeof IntervalSeconds === 'number' && MaxDelaySeconds < IntervalSeconds
      ? [schemaProblem(`${path}/MaxDelaySeconds`, 'MaxDelaySeconds must not be smaller than IntervalSeconds')]
      : []),
  ];
}

function checkBackoff(path: string, value: Json | undefined): readonly Problem[] {
  if (value === undefined || (typeof value === 'number' && value >= 1)) return [];
  return [schemaProblem(`${path}/BackoffRate`, 'BackoffRate must be a number of at least 1.0')];
}

function checkJitter(path: string, value: Json | undefined): readonly Problem[] {
  if (value === undefined || value === 'FULL' || value === 'NONE') return [];
  return [
    schemaProblem(`${path}/JitterStrategy`, "The field 'JitterStrategy' should have one of these values: [FULL, NONE]"),
  ];
}

function checkRange(path: string, entry: JsonObject, name: string, least: number, most: number): readonly Problem[] {
  const value = entry[name];
  if (value === undefined) return [];
  const at = `${path}/${name}`;
  if (typeof value !== 'number' || !Number.isInteger(value))
    return [schemaProblem(at, 'Expected value of type Integer')];
  return value >= least && value <= most
    ? []
    : [schemaProblem(at, `Value must be between ${least} and ${most}, and is ${value}`)];
}

function checkCatcher(entry: JsonObject, path: string, { language }: StateSite): readonly Problem[] {
  const { Next, Assign, ResultPath } = entry;
  const own = language === 'JSONata' ? 'Output' : 'ResultPath';
  return [
    ...unknownFields(path, entry, ['ErrorEquals', 'Next', 'Assign', 'Comment', own]),
    ...(Next === undefined
      ? [schemaProblem(path, 'These fields are required: [Next]')]
      : checkForm(`${path}/Next`, Next, 'string', false)),
    ...(Assign === undefined ? [] : checkForm(`${path}/Assign`, Assign, 'object', false)),
    ...(ResultPath === undefined || own === 'Output'
      ? []
      : checkForm(`${path}/ResultPath`, ResultPath, 'reference-path', false)),
  ];
}
