import { isObject, type Json, type JsonObject } from '../json.ts';
import { evaluatePath, evaluateText, type PathSight } from '../jsonpath/evaluate.ts';
import { IntrinsicError } from '../jsonpath/intrinsics.ts';
import { parsePath } from '../jsonpath/path.ts';
import { fillPayloadTemplate } from '../jsonpath/payload-template.ts';
import { putAt, ResultPathError } from '../jsonpath/reference-path.ts';
import { PathNotFoundError } from '../jsonpath/select.ts';
import { runtimeError, StateError } from '../state-error.ts';
import { describeContext, type StateFrame } from '../state-frame.ts';
import { parseTimestamp } from '../timestamp.ts';
import { testChoiceRule } from './choice-rule.ts';
import type { Language, NumericField, Outcome, TextField } from './language.ts';

/** The JSONPath query language. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html */
export const jsonpathLanguage: Language = {
  selectInput: (frame) => applyPath(frame, frame.state.InputPath, frame.input),

  async makeArguments(frame, input) {
    const { Parameters } = frame.state;
    return Parameters === undefined ? input : fillPayloadTemplate(Parameters, see(frame, input));
  },

  async readNumber(frame, field, input) {
    const path = frame.state[`${field}Path`];
    if (path !== undefined) return readNumberAt(frame, field, path, input);
    const value = frame.state[field];
    return typeof value === 'number' ? value : undefined;
  },

  async readText(frame, field, input) {
    const path = frame.state[`${field}Path`];
    if (path === undefined) return frame.state[field];
    return readTextAt(frame, field, path, input);
  },

  async readItems(frame, input) {
    const path = frame.state.ItemsPath ?? '$';
    const items = follow(frame, path, input);
    if (Array.isArray(items)) return items;
    throw new StateError({
      error: 'States.Runtime',
      cause: `Reference path "${path.replace(/^\$\$/, '$')}" must point to array.`,
    });
  },

  async makeItemInput(frame, input, mapItem) {
    const template = frame.state.ItemSelector ?? frame.state.Parameters;
    if (template === undefined) return mapItem['Value'] ?? null;
    return fillPayloadTemplate(template, see(frame, input, mapItem));
  },

  async fill(frame, template, _field, input) {
    return fillPayloadTemplate(template, see(frame, input));
  },

  async holds(frame, rule, _index, input) {
    return testChoiceRule(rule, see(frame, input));
  },

  async choose(frame, input, chosen) {
    const assigned = assign(frame, chosen ? chosen.rule.Assign : frame.state.Assign, input);
    return { output: applyPath(frame, frame.state.OutputPath, input), assigned };
  },

  async finish(frame, _input, result) {
    const { ResultSelector, Assign, ResultPath, OutputPath } = frame.state;
    const selected = ResultSelector === undefined ? result : fillPayloadTemplate(ResultSelector, see(frame, result));
    const assigned = assign(frame, Assign, selected);
    return { output: applyPath(frame, OutputPath, combine(frame, ResultPath, frame.input, selected)), assigned };
  },

  async pass(frame, input) {
    const assigned = assign(frame, frame.state.Assign, input);
    return { output: applyPath(frame, frame.state.OutputPath, input), assigned };
  },

  async catchError(frame, catcher, _index, errorOutput) {
    const assigned = assign(frame, catcher.Assign, errorOutput);
    return { output: combine(frame, catcher.ResultPath, frame.input, errorOutput), assigned };
  },
};

function see(frame: StateFrame, input: Json, mapItem?: JsonObject): PathSight {
  const { variables, engine } = frame.branch;
  return { input, context: describeContext(frame, mapItem), variables, random: engine.random };
}

function applyPath(frame: StateFrame, path: string | null | undefined, value: Json): Json {
  if (path === null) return {};
  return path === undefined ? value : follow(frame, path, value);
}

function follow(frame: StateFrame, path: string, value: Json): Json {
  try {
    return evaluateText(path, see(frame, value));
  } catch (error) {
    if (error instanceof PathNotFoundError) throw runtimeError(`Invalid path '${path}' : ${error.message}`);
    if (error instanceof IntrinsicError) throw runtimeError(error.message);
    throw error;
  }
}

function combine(frame: StateFrame, path: string | null | undefined, input: Json, result: Json): Json {
  if (path === null) return input;
  if (path === undefined) return result;
  try {
    return putAt(parsePath(path), input, result);
  } catch (error) {
    if (!(error instanceof ResultPathError)) throw error;
    const failure = { error: 'States.ResultPathMatchFailure', cause: error.message, isBare: true };
    throw new StateError(failure).inState(frame.name, frame.enteredEventId);
  }
}

function assign(frame: StateFrame, template: JsonObject | undefined, value: Json): Outcome['assigned'] {
  if (template === undefined) return {};
  const assigned = fillPayloadTemplate(template, see(frame, value));
  return isObject(assigned) ? assigned : {};
}

function readNumberAt(frame: StateFrame, field: NumericField, path: string, input: Json): number {
  if (field === 'Seconds') return readSecondsAt(frame, path, input);
  const found = follow(frame, path, input);
  const number = typeof found === 'string' ? Number(found) : found;
  const isWhole = field !== 'ToleratedFailurePercentage';
  if (typeof number !== 'number' || Number.isNaN(number) || (isWhole && !Number.isInteger(number))) {
    const shown = typeof found === 'string' ? found : JSON.stringify(found);
    const kind = isWhole ? 'integer' : 'float';
    throw runtimeError(`The ${field}Path field refers to value "${shown}" which is not a valid ${kind}: ${path}`);
  }
  checkRange(field, number);
  return number;
}

function checkRange(field: NumericField, value: number): void {
  if (field === 'ToleratedFailurePercentage' && (value < 0 || value > 100)) {
    throw runtimeError('ToleratedFailurePercentage must be between 0 and 100.');
  }
  const least = field === 'TimeoutSeconds' || field === 'HeartbeatSeconds' ? 1 : 0;
  if (value >= least) return;
  throw runtimeError(least === 1 ? `${field} must be a positive integer.` : `${field} cannot be negative.`);
}

function readSecondsAt(frame: StateFrame, path: string, input: Json): number {
  const found = tryPath(path, see(frame, input));
  if (found === undefined) throw runtimeError(`The SecondsPath parameter does not reference an input value: ${path}`);
  const shown = typeof found === 'string' ? found : JSON.stringify(found);
  const seconds = Number(shown);
  if (!/^-?\d+$/.test(shown) || !Number.isSafeInteger(seconds)) {
    throw runtimeError(`The SecondsPath parameter cannot be parsed as a long value: ${path} == ${shown}`);
  }
  if (seconds < 0) throw runtimeError(`The SecondsPath parameter references a negative value: ${path} == ${shown}`);
  return seconds;
}

function readTextAt(frame: StateFrame, field: TextField, path: string, input: Json): string {
  if (field === 'Timestamp') return readTimestampAt(frame, path, input);
  const found = path.startsWith('$') ? tryPath(path, see(frame, input)) : follow(frame, path, input);
  if (found === undefined) {
    const shown = JSON.stringify(input);
    throw runtimeError(
      `The JSONPath '${path}' specified for the field '${field}Path' could not be found in the input '${shown}'`,
    );
  }
  if (typeof found === 'string') return found;
  throw runtimeError(`The ${field}Path field refers to value ${JSON.stringify(found)} which is not a string: ${path}`);
}

function readTimestampAt(frame: StateFrame, path: string, input: Json): string {
  const found = tryPath(path, see(frame, input));
  if (typeof found === 'string' && parseTimestamp(found) !== undefined) return found;
  const shown = typeof found === 'string' ? found : (JSON.stringify(found) ?? '');
  const expected = 'does not reference a valid ISO-8601 extended offset date-time format string';
  throw runtimeError(`The TimestampPath parameter ${expected}: ${path} == ${shown}`);
}

function tryPath(path: string, sight: PathSight): Json | undefined {
  try {
    return evaluatePath(path, sight);
  } catch (error) {
    if (error instanceof PathNotFoundError) return undefined;
    throw error;
  }
}
