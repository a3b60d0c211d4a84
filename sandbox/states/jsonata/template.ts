import { isObject, type Json } from '../json.ts';
import { queryEvaluationError } from '../state-error.ts';
import { evaluateExpression, readExpression } from './expression.ts';
import type { EvaluationWorld } from './functions.ts';
import { toJson, UnsupportedResultError } from './result.ts';

/** Everything in sight of the expressions of one state at one moment. */
export interface Sight {
  /** What `$states` holds here. */
  readonly states: Readonly<Record<string, Json>>;
  readonly variables: Readonly<Record<string, Json>>;
  readonly world: EvaluationWorld;
}

/**
 * Fills a template: every text in `{% %}`, at any depth, becomes what its expression gives.
 * `field` is where the template stands in the state, such as `Output`. Throws a `States.QueryEvaluationError`.
 */
export async function fillTemplate(template: Json, field: string, sight: Sight): Promise<Json> {
  if (typeof template === 'string') {
    const source = readExpression(template);
    return source === undefined ? template : evaluateField(source, field, sight);
  }
  if (Array.isArray(template)) {
    const filled: Json[] = [];
    for (const [index, item] of template.entries()) filled.push(await fillTemplate(item, `${field}[${index}]`, sight));
    return filled;
  }
  if (!isObject(template)) return template;
  const members: [string, Json][] = [];
  for (const [key, item] of Object.entries(template)) {
    members.push([key, await fillTemplate(item, `${field}/${key}`, sight)]);
  }
  return Object.fromEntries(members);
}

async function evaluateField(source: string, field: string, sight: Sight): Promise<Json> {
  const what = `The JSONata expression '${source}' specified for the field '${field}'`;
  let result: Json | undefined;
  try {
    result = toJson(await evaluateExpression(source, sight.states, sight.variables, sight.world));
  } catch (error) {
    if (error instanceof UnsupportedResultError) {
      throw queryEvaluationError(`${what} returned an unsupported result type.`, field);
    }
    throw queryEvaluationError(`${what} threw an error during evaluation${describeFailure(error)}`, field);
  }
  if (result === undefined) throw queryEvaluationError(`${what} returned nothing (undefined).`, field);
  return result;
}

/** jsonata throws plain objects with a code; anything without one follows a colon. */
function describeFailure(error: unknown): string {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  return typeof code === 'string' && /^[A-Z]\d{4}$/.test(code) ? `. ${code}: ${text}` : `: ${text}`;
}
