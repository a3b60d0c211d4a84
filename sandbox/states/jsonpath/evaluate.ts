import type { Json } from '../json.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Variables } from '../variables.ts';
import { type IntrinsicArgument, type IntrinsicCall, parseIntrinsicCall } from './intrinsic-call.ts';
import { INTRINSICS, IntrinsicError } from './intrinsics.ts';
import { type Path, parsePath } from './path.ts';
import { PathNotFoundError, select } from './select.ts';

/** What paths and intrinsic functions see: the input as `$`, the context object as `$$`, and the variables by name. */
export interface PathSight {
  readonly input: Json;
  readonly context: Json;
  readonly variables: Variables;
  readonly random: SeededRandom;
}

/** Gives what a path names. Throws a `PathNotFoundError`. */
export function evaluatePath(path: Path | string, sight: PathSight): Json {
  const parsed = typeof path === 'string' ? parsePath(path) : path;
  return select(parsed, rootOf(parsed, sight));
}

/** Gives what a path names or an intrinsic function makes. Throws a `PathNotFoundError` or an `IntrinsicError`. */
export function evaluateText(text: string, sight: PathSight): Json {
  return text.startsWith('$') ? evaluatePath(text, sight) : evaluateCall(parseIntrinsicCall(text), sight);
}

function evaluateCall(call: IntrinsicCall, sight: PathSight): Json {
  const intrinsic = INTRINSICS.get(call.name);
  if (!intrinsic) throw new IntrinsicError(`There is no function ${call.name}.`);
  const args = call.arguments.map((argument) => evaluateArgument(argument, sight));
  if (args.length < intrinsic.least || args.length > intrinsic.most) {
    throw new IntrinsicError(`The function takes ${intrinsic.least} arguments, not ${args.length}.`);
  }
  try {
    return intrinsic.run(args, sight.random);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new IntrinsicError(`The function '${call.text}' had the following error: ${reason}`, { cause: error });
  }
}

function evaluateArgument(argument: IntrinsicArgument, sight: PathSight): Json {
  if (argument.kind === 'literal') return argument.value;
  return argument.kind === 'path' ? evaluatePath(argument.path, sight) : evaluateCall(argument.call, sight);
}

function rootOf(path: Path, sight: PathSight): Json {
  if (path.root === '$') return sight.input;
  if (path.root === '$$') return sight.context;
  const value = sight.variables.get(path.root);
  if (value === undefined) throw new PathNotFoundError(`The variable $${path.root} is not defined`);
  return value;
}
