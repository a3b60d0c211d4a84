import { asText, isObject, type Json } from '../json.ts';
import { evaluatePath, type PathSight } from '../jsonpath/evaluate.ts';
import { PathNotFoundError } from '../jsonpath/select.ts';
import { COMPARISONS, TYPE_TESTS } from '../kinds/choice-operators.ts';
import { runtimeError } from '../state-error.ts';

/** Tests one JSONPath choice rule. Throws a `States.Runtime` failure for a path that names nothing. */
export function testChoiceRule(rule: Json, sight: PathSight): boolean {
  if (!isObject(rule)) return false;
  if (Array.isArray(rule['And'])) return rule['And'].every((one) => testChoiceRule(one, sight));
  if (Array.isArray(rule['Or'])) return rule['Or'].some((one) => testChoiceRule(one, sight));
  if (rule['Not'] !== undefined) return !testChoiceRule(rule['Not'], sight);
  const variable = asText(rule['Variable']);
  for (const [operator, operand = null] of Object.entries(rule)) {
    if (operator === 'IsPresent') return isPresent(variable, sight) === operand;
    const test = TYPE_TESTS.get(operator);
    if (test) return test(read(variable, sight)) === operand;
    const comparison = COMPARISONS.get(operator);
    if (comparison) return comparison(read(variable, sight), operand);
    const byPath = operator.endsWith('Path') ? COMPARISONS.get(operator.slice(0, -4)) : undefined;
    if (byPath) return byPath(read(variable, sight), read(asText(operand), sight));
  }
  return false;
}

function isPresent(path: string, sight: PathSight): boolean {
  try {
    evaluatePath(path, sight);
    return true;
  } catch (error) {
    if (error instanceof PathNotFoundError) return false;
    throw error;
  }
}

function read(path: string, sight: PathSight): Json {
  try {
    return evaluatePath(path, sight);
  } catch (error) {
    if (error instanceof PathNotFoundError)
      throw runtimeError(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
    throw error;
  }
}
