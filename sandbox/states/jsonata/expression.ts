import type jsonata from 'jsonata';
import type { Json } from '../json.ts';
import { loadJsonata } from './engine.ts';
import { bindFunctions, type EvaluationWorld } from './functions.ts';
import { TimeLimitedRegExp } from './time-limited-regexp.ts';

/** Longest one evaluation may take, in milliseconds of real time. */
const EVALUATION_LIMIT_MS = 3000;
/** Deepest nesting of one evaluation; Step Functions ends one of two hundred with a stack overflow. */
const MAX_DEPTH = 199;
/** Longest sequence one evaluation may hold; Step Functions ends one of 900,000 for its memory. */
const MAX_SEQUENCE_LENGTH = 500_000;
const MAX_CACHED = 2000;
const DELIMITED = /^\{%([\s\S]*)%\}$/;

const compiled = new Map<string, jsonata.Expression>();

/** Gives the expression between `{%` and `%}`, or `undefined` for a text that is none. */
export function readExpression(text: string): string | undefined {
  return DELIMITED.exec(text)?.[1]?.trim();
}

/** Compiles an expression. Throws jsonata's error, an object with `code` and `message`, for one that does not parse. */
export function compileExpression(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known) return known;
  const expression = loadJsonata()(source, {
    timeout: EVALUATION_LIMIT_MS,
    stack: MAX_DEPTH,
    sequence: MAX_SEQUENCE_LENGTH,
    RegexEngine: TimeLimitedRegExp as RegExpConstructor,
  });
  if (compiled.size >= MAX_CACHED) compiled.clear();
  compiled.set(source, expression);
  return expression;
}

/**
 * Evaluates an expression without a context item, so that only `$states` and the variables are in sight.
 * It settles within the current turn of the event loop. Throws jsonata's error.
 */
export async function evaluateExpression(
  source: string,
  states: Readonly<Record<string, Json>>,
  variables: Readonly<Record<string, Json>>,
  world: EvaluationWorld,
): Promise<unknown> {
  const bindings = { ...(await bindFunctions(world)), eval: undefined, ...variables, states };
  return compileExpression(source).evaluate(undefined, bindings);
}
