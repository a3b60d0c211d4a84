import { setMaxListeners } from 'node:events';
import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** How long it is quiet before what has changed is told: an editor writes a file in several steps. */
const settleMs = 200;

/**
 * The ids of the runbooks whose files change, together where they change together, from now on until the signal is
 * aborted. Throws when they cannot be watched any more, such as where the system's limit of watched files is reached.
 * Every directory has a watcher of its own: one over all of them loses what is replaced, as Git and editors do it.
 */
export function changedRunbooks(projectRoot: string, signal: AbortSignal): AsyncGenerator<string[]> {
  const root = join(projectRoot, 'statemachines/runbooks');
  // Each directory listens.
  setMaxListeners(0, signal);
  const changed = new Set<string>();
  const watchers = new Map<string, FSWatcher>();
  let wake: () => void = () => undefined;
  let failure: Error | undefined;

  const follow = (directory: string): void => {
    const watcher = watch(directory, { signal }, (_kind, file) => {
      const [id] = relative(root, join(directory, file ?? '')).split(sep);
      // A rehearsal that passes writes its certificate itself.
      if (id && !file?.endsWith('rehearsal.lock.json')) changed.add(id);
      followNew();
      wake();
    });
    watchers.set(directory, watcher);
    watcher.on('error', (error) => {
      failure = error;
      wake();
    });
    watcher.on('close', () => watchers.delete(directory));
  };
  const followNew = (): void => {
    for (const directory of directoriesOf(root)) if (!watchers.has(directory)) follow(directory);
  };
  followNew();
  signal.addEventListener('abort', () => wake(), { once: true });

  return (async function* () {
    while (!signal.aborted) {
      if (failure) throw failure;
      if (changed.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, settleMs);
      });
      const ids = [...changed].toSorted();
      changed.clear();
      yield ids;
    }
  })();
}

/** The folder of the runbooks, theirs, and those within. */
function directoriesOf(root: string): string[] {
  const within = readdirSync(root, { withFileTypes: true, recursive: true });
  return [root, ...within.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))];
}
