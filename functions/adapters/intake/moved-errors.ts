import type { Normalised } from '../../domain/normalised.ts';

/** Names the fields of poison by where they stand in the event that came, given the pairs of read path and place. */
export function movedErrors(normalised: Normalised, placesByPath: readonly (readonly [string, string])[]): Normalised {
  if (normalised.kind !== 'poison') return normalised;
  const errors = normalised.errors.map(({ path, message }) => {
    const found = placesByPath.find(([read]) => path === read || path.startsWith(`${read}.`));
    return { path: found ? found[1] + path.slice(found[0].length) : path, message };
  });
  return { kind: 'poison', errors };
}
