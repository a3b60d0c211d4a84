import type { Catcher } from '../definition.ts';
import { fillTemplate, type Sight } from '../jsonata/template.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { queryEvaluationError, unexpectedType } from '../state-error.ts';
import { describeContext, type StateFrame } from '../state-frame.ts';
import type { Language, NumericField, Outcome } from './language.ts';

/** The JSONata query language. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
export const jsonataLanguage: Language = {
  selectInput: (frame) => frame.input,

  async makeArguments(frame, input) {
    const { Arguments } = frame.state;
    return Arguments === undefined ? input : fillTemplate(Arguments, 'Arguments', see(frame));
  },

  async readNumber(frame, field, _input) {
    const value = frame.state[field];
    if (value === undefined) return undefined;
    const number = await fillTemplate(value, field, see(frame));
    checkNumber(number, field, value);
    return number;
  },

  async readText(frame, field, _input) {
    const value = frame.state[field];
    if (value === undefined) return undefined;
    const text = await fillTemplate(value, field, see(frame));
    if (typeof text !== 'string') throw unexpectedType(value, field, 'string', text);
    return text;
  },

  async readItems(frame, input) {
    const { Items } = frame.state;
    const items = Items === undefined ? input : await fillTemplate(Items, 'Items', see(frame));
    if (Array.isArray(items) || (Items !== undefined && isObject(items))) return items;
    if (Items !== undefined) throw unexpectedType(Items, 'Items', 'array', items);
    throw queryEvaluationError(`Map state input must be an array but was: ${JSON.stringify(items)}`);
  },

  async makeItemInput(frame, _input, mapItem) {
    const { ItemSelector } = frame.state;
    if (ItemSelector !== undefined) return fillTemplate(ItemSelector, 'ItemSelector', see(frame, {}, mapItem));
    const { Key, Value = null } = mapItem;
    return Key === undefined ? Value : { Key, Value };
  },

  fill: (frame, template, field, _input) => fillTemplate(template, field, see(frame)),

  async holds(frame, rule, index, _input) {
    const { Condition = null } = rule;
    const field = `Choices[${index}]/Condition`;
    const holds = await fillTemplate(Condition, field, see(frame));
    if (typeof holds !== 'boolean') throw unexpectedType(Condition, field, 'boolean', holds);
    return holds;
  },

  choose(frame, _input, chosen) {
    const prefix = chosen ? `Choices[${chosen.index}]/` : '';
    return make(chosen?.rule ?? frame.state, prefix, see(frame), frame.input);
  },

  finish: (frame, _input, result) => make(frame.state, '', see(frame, describeResult(frame, result)), result),

  pass: (frame, _input) => make(frame.state, '', see(frame), frame.input),

  catchError(frame: StateFrame, catcher: Catcher, index: number, errorOutput: JsonObject) {
    return make(catcher, `Catch[${index}]/`, see(frame, { errorOutput }), errorOutput);
  },
};

/** A Pass hands on its input: it has no `$states.result`. */
function describeResult(frame: StateFrame, result: Json): JsonObject {
  return frame.state.Type === 'Pass' ? {} : { result };
}

function see(frame: StateFrame, extras: JsonObject = {}, mapItem?: JsonObject): Sight {
  const { variables, engine } = frame.branch;
  return {
    states: { input: frame.input, context: describeContext(frame, mapItem), ...extras },
    variables: variables.all(),
    world: { nowMs: engine.clock.now(), random: engine.random },
  };
}

/** `Output` and `Assign` both see the variables as they were on entry. */
async function make(
  fields: { readonly Output?: Json | undefined; readonly Assign?: JsonObject | undefined },
  prefix: string,
  sight: Sight,
  unchanged: Json,
): Promise<Outcome> {
  const { Assign, Output } = fields;
  const assigned = Assign === undefined ? {} : await fillTemplate(Assign, `${prefix}Assign`, sight);
  const output = Output === undefined ? unchanged : await fillTemplate(Output, `${prefix}Output`, sight);
  return { output, assigned: isObject(assigned) ? assigned : {} };
}

function checkNumber(value: Json, field: NumericField, template: Json): asserts value is number {
  const isInteger = field !== 'ToleratedFailurePercentage';
  if (typeof value !== 'number' || (isInteger && !Number.isInteger(value))) {
    throw unexpectedType(template, field, isInteger ? 'integer' : 'number', value);
  }
  const least = field === 'TimeoutSeconds' || field === 'HeartbeatSeconds' ? 1 : 0;
  const most = field === 'ToleratedFailurePercentage' ? 100 : 99_999_999;
  if (value < least || value > most) {
    throw queryEvaluationError(`The field '${field}' must be between ${least} and ${most}, and was: ${value}`, field);
  }
}
