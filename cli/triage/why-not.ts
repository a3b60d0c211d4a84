import { compilePattern } from '../../event-pattern/pattern.ts';
import type { Alert } from '../../functions/domain/alert.ts';

/** One field of a pattern that does not hold for an alert. */
export interface Mismatch {
  /** Dotted path into the alert. */
  readonly path: string;
  /** What the pattern asks for, as it is written. */
  readonly wanted: unknown;
  /** What stands there; undefined when nothing does. */
  readonly found: unknown;
}

/** Why a pattern does not match an alert: every field that alone would refuse it. Empty when it matches. */
export function whyNot(pattern: unknown, alert: Alert): readonly Mismatch[] {
  if (typeof pattern !== 'object' || pattern === null) return [];
  if (compilePattern(pattern).matches(alert)) return [];
  const alone = leavesOf(pattern, []).filter(({ only }) => !compilePattern(only).matches(alert));
  return alone.map(({ path, wanted }) => ({ path: path.join('.'), wanted, found: valueAt(alert, path) }));
}

interface Leaf {
  readonly path: readonly string[];
  readonly wanted: unknown;
  /** A pattern of this field and nothing else. */
  readonly only: object;
}

/** `$or` stands for itself: none of its branches alone is to blame. */
function leavesOf(pattern: object, path: readonly string[]): Leaf[] {
  return Object.entries(pattern).flatMap(([name, value]) => {
    const here = [...path, name];
    const isLeaf = Array.isArray(value) || typeof value !== 'object' || value === null;
    if (!isLeaf) return leavesOf(value as object, here);
    const only = here.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    return [{ path: here, wanted: value, only: only as object }];
  });
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
