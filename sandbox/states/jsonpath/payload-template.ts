import { isObject, type Json } from '../json.ts';
import { runtimeError } from '../state-error.ts';
import { evaluateText, type PathSight } from './evaluate.ts';
import { IntrinsicError } from './intrinsics.ts';
import { PathNotFoundError } from './select.ts';

/**
 * Fills a payload template: a field whose name ends in `.$` takes what its path names or its intrinsic function makes.
 * Throws a `States.Runtime` failure, which is how Step Functions reports both.
 */
export function fillPayloadTemplate(template: Json, sight: PathSight): Json {
  if (Array.isArray(template)) return template.map((item) => fillPayloadTemplate(item, sight));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]): [string, Json] =>
      key.endsWith('.$') && typeof value === 'string'
        ? [key.slice(0, -2), fillField(key, value, sight)]
        : [key, fillPayloadTemplate(value, sight)],
    ),
  );
}

function fillField(key: string, text: string, sight: PathSight): Json {
  try {
    return evaluateText(text, sight);
  } catch (error) {
    if (error instanceof IntrinsicError) throw runtimeError(error.message);
    if (!(error instanceof PathNotFoundError)) throw error;
    const input = JSON.stringify(sight.input);
    throw runtimeError(
      `The JSONPath '${text}' specified for the field '${key}' could not be found in the input '${input}'`,
    );
  }
}
