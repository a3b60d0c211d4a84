import { isObject, type Json, type JsonObject } from '../json.ts';
import { runtimeError } from '../state-error.ts';
import { requiredParameters } from './resource.ts';

/**
 * Gives a task's parameters as an object that has what the optimized integration requires, if it is for one. Throws a
 * `States.Runtime` failure as Step Functions words it.
 */
export function needParameters(parameters: Json, integration = ''): JsonObject {
  if (!isObject(parameters)) throw cannotStart(parameters, 'The parameters must be a JSON object');
  const missing = requiredParameters(integration).find((name) => !Object.hasOwn(parameters, name));
  if (missing !== undefined) throw cannotStart(parameters, `The field '${missing}' is required but was missing`);
  return parameters;
}

/** Gives the object with the named members as text: what is not a text already becomes its JSON. */
export function stringifyMembers(parameters: JsonObject, names: readonly string[]): JsonObject {
  const asText = names.filter((name) => Object.hasOwn(parameters, name) && typeof parameters[name] !== 'string');
  return { ...parameters, ...Object.fromEntries(asText.map((name) => [name, JSON.stringify(parameters[name])])) };
}

function cannotStart(parameters: Json, reason: string) {
  return runtimeError(
    `The Parameters '${JSON.stringify(parameters)}' could not be used to start the Task: [${reason}]`,
  );
}
