import type { JsonObject } from './json.ts';
import type { StateError } from './state-error.ts';

/** An error as states are given it. Whoever asked for it by another of its names, in `names`, is given that one. */
export function toErrorOutput({ details }: StateError, names: readonly string[] = []): JsonObject {
  const { error, aliases = [], cause } = details;
  const isNamed = error !== undefined && names.includes(error);
  const name = (isNamed ? undefined : aliases.find((alias) => names.includes(alias))) ?? error;
  return { Error: name ?? null, Cause: cause ?? (name === undefined ? null : '') };
}
