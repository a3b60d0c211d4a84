import type { LoadedConfig, RunbookFolder } from './load-config.ts';

/** Raised for the name of a runbook that is not there. */
export class UnknownRunbookError extends Error {
  override readonly name = 'UnknownRunbookError' as const;

  constructor(ids: readonly string[], known: readonly string[]) {
    super(`There is no runbook ${ids.join(', ')}. There are: ${known.join(', ')}.`);
  }
}

/** The folder with this id. Throws an `UnknownRunbookError`. */
export function findRunbook({ runbooks }: LoadedConfig, id: string): RunbookFolder {
  const found = runbooks.find(({ manifest }) => manifest.id === id);
  if (found) return found;
  throw new UnknownRunbookError(
    [id],
    runbooks.map(({ manifest }) => manifest.id),
  );
}

/** The folders with these ids, or all where there are none. Throws an `UnknownRunbookError`. */
export function findRunbooks({ runbooks }: LoadedConfig, ids: readonly string[]): readonly RunbookFolder[] {
  const known = runbooks.map(({ manifest }) => manifest.id);
  const chosen = chooseIds(known, ids);
  return runbooks.filter(({ manifest }) => chosen.includes(manifest.id));
}

/** These ids in the order of those that are known, or all where there are none. Throws an `UnknownRunbookError`. */
export function chooseIds(known: readonly string[], ids: readonly string[]): readonly string[] {
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw new UnknownRunbookError(unknown, known);
  return ids.length === 0 ? known : known.filter((id) => ids.includes(id));
}
