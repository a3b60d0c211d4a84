import { isObject, type Json } from '../json.ts';
import { readExpression } from '../jsonata/expression.ts';
import { readReferences } from '../jsonata/read-ast.ts';
import { ADDED_FUNCTIONS } from '../jsonata/functions.ts';
import { listVariables } from './check-assignments.ts';
import type { Problem } from './problem.ts';
import { asArray, listStates, type ScopeSite, type StateSite } from './site.ts';

/** jsonata's own functions, as values that an expression may hand on. */
const BUILT_IN = new Set([
  ...ADDED_FUNCTIONS.keys(),
  ...`sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match
  contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power
  boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type sort
  shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis fromMillis
  clone now millis`.split(/\s+/),
]);

/** What `$states` holds in one place. */
const HERE = ['input', 'context'];

interface Field {
  readonly path: string;
  readonly value: Json;
  /** What `$states` holds there. */
  readonly states: readonly string[];
}

/** Checks every JSONata expression: that it parses, and that what it refers to can be there. */
export function checkExpressions(scope: ScopeSite): readonly Problem[] {
  const variables = listVariables(scope);
  return listStates(scope)
    .filter((site) => site.language === 'JSONata')
    .flatMap(fieldsOf)
    .flatMap(({ path, value, states }) => checkValue(path, value, states, variables));
}

const EVALUATED = [
  'Arguments',
  'Seconds',
  'Timestamp',
  'TimeoutSeconds',
  'HeartbeatSeconds',
  'Error',
  'Cause',
  'Items',
  'ItemSelector',
  'ItemReader',
  'ItemBatcher',
  'MaxConcurrency',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
];

function fieldsOf({ state, path, type }: StateSite): readonly Field[] {
  const hasResult = type === 'Task' || type === 'Parallel' || type === 'Map';
  const take = (at: string, entry: Json, names: readonly string[], states: readonly string[]): Field[] =>
    isObject(entry)
      ? names.flatMap((name) =>
          entry[name] === undefined ? [] : [{ path: `${at}/${name}`, value: entry[name], states }],
        )
      : [];
  return [
    ...take(path, state, EVALUATED, HERE),
    ...take(path, state, ['Output', 'Assign'], hasResult ? [...HERE, 'result'] : HERE),
    ...asArray(state['Choices']).flatMap((rule, index) =>
      take(`${path}/Choices[${index}]`, rule, ['Condition', 'Output', 'Assign'], HERE),
    ),
    ...asArray(state['Catch']).flatMap((catcher, index) =>
      take(`${path}/Catch[${index}]`, catcher, ['Output', 'Assign'], [...HERE, 'errorOutput']),
    ),
  ];
}

function checkValue(
  path: string,
  value: Json,
  states: readonly string[],
  variables: ReadonlySet<string>,
): readonly Problem[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => checkValue(`${path}[${index}]`, item, states, variables));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => checkValue(`${path}/${key}`, item, states, variables));
  }
  if (typeof value !== 'string') return [];
  const source = readExpression(value);
  if (source !== undefined) return checkSource(path, source, states, variables);
  if (!value.startsWith('{%') && !value.endsWith('%}')) return [];
  return [
    { path, message: 'A JSONata expression begins with {% and ends with %}', code: 'INVALID_JSONATA_EXPRESSION' },
  ];
}

function checkSource(
  path: string,
  source: string,
  states: readonly string[],
  variables: ReadonlySet<string>,
): readonly Problem[] {
  try {
    const found = readReferences(source);
    return [
      ...[...found.topLevel].map((name) => `Reference to '${name}' at the top level is not supported.`),
      ...[...found.states]
        .filter((name) => !states.includes(name))
        .map((name) => `Field '$states.${name}' does not exist.`),
      ...(found.functions.has('eval') ? ['Function $eval is not supported.'] : []),
      ...[...found.variables]
        .filter((name) => !variables.has(name) && !BUILT_IN.has(name))
        .map((name) => `Variable '$${name}' is not defined: no state assigns it.`),
    ].map((message) => ({ path, message, code: 'UNSUPPORTED_JSONATA_EXPRESSION' as const }));
  } catch (error) {
    return [{ path, message: describeSyntaxError(error), code: 'INVALID_JSONATA_EXPRESSION' }];
  }
}

/** jsonata throws plain objects, not errors. */
function describeSyntaxError(error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}
