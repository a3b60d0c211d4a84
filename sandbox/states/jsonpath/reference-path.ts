import { isObject, type Json, type JsonObject } from '../json.ts';
import { isDefinite, type Path, type PathStep } from './path.ts';

/** Raised when a value cannot be put where a reference path points. */
export class ResultPathError extends Error {
  override readonly name = 'ResultPathError' as const;
}

/** True when a path can say where to put a value: one node, found without counting from the end. */
export function isReferencePath(path: Path): boolean {
  return (
    isDefinite(path) &&
    path.steps.every((step) =>
      step.kind === 'indexes' ? (step.indexes[0] ?? 0) >= 0 : step.kind === 'names' && step.names.length === 1,
    )
  );
}

/** Gives `target` with `value` put where the path points; objects that are missing on the way are made. */
export function putAt(path: Path, target: Json, value: Json): Json {
  return put(path.steps, target, value, path.text);
}

function put(steps: readonly PathStep[], target: Json, value: Json, text: string): Json {
  const [step, ...rest] = steps;
  if (!step) return value;
  if (step.kind === 'indexes') return putElement(step.indexes[0] ?? 0, rest, target, value, text);
  if (!isObject(target))
    throw new ResultPathError(`Unable to apply ReferencePath ${text} to input ${JSON.stringify(target)}`);
  const name = step.kind === 'names' ? (step.names[0] ?? '') : '';
  return putMember(name, put(rest, Object.hasOwn(target, name) ? (target[name] ?? {}) : {}, value, text), target);
}

function putElement(index: number, rest: readonly PathStep[], target: Json, value: Json, text: string): Json {
  if (!Array.isArray(target) || index >= target.length) {
    throw new ResultPathError(`Unable to apply ReferencePath ${text} to input ${JSON.stringify(target)}`);
  }
  return target.with(index, put(rest, target[index] ?? null, value, text)) as Json;
}

/** Entries, not assignment, so that a key such as `__proto__` stays an ordinary key. */
function putMember(name: string, value: Json, target: JsonObject): JsonObject {
  return Object.fromEntries(new Map([...Object.entries(target), [name, value]]));
}
