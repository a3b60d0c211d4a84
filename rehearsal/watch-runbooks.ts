import { setMaxListeners } from 'node:events';
import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

/** How long it is quiet before what has changed is told: an editor writes a file in several steps. */
const settleMs = 200;

/** The ids of runbooks whose files changed, or `all` where a file changed that all of them are played with. */
export type ChangedRunbooks = readonly string[] | 'all';

/**
 * Which runbooks change, together where they change together, from now on until the signal is aborted: by their own files,
 * and all of them by the configuration and the machines of the lifecycle. Throws when they cannot be watched any more,
 * such as where the system's limit of watched files is reached.
 * Every directory has a watcher of its own: one over all of them loses what is replaced, as Git and editors do it.
 */
export function changedRunbooks(projectRoot: string, signal: AbortSignal): AsyncGenerator<ChangedRunbooks> {
  const root = join(projectRoot, 'statemachines/runbooks');
  const shared = [dirname(root), join(projectRoot, 'config')];
  // Each directory listens.
  setMaxListeners(0, signal);
  const changed = new Set<string>();
  let hasSharedChange = false;
  const watchers = new Map<string, FSWatcher>();
  let wake: () => void = () => undefined;
  let failure: Error | undefined;

  const follow = (directory: string, onChange: (file: string) => void): void => {
    const watcher = watch(directory, { signal }, (_kind, file) => {
      onChange(file ?? '');
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
    for (const directory of directoriesOf(root))
      if (!watchers.has(directory)) follow(directory, (file) => note(directory, file));
  };
  const note = (directory: string, file: string): void => {
    const [id] = relative(root, join(directory, file)).split(sep);
    // A rehearsal that passes writes its certificate itself.
    if (id && !file.endsWith('rehearsal.lock.json')) changed.add(id);
    followNew();
  };
  followNew();
  for (const directory of shared)
    follow(directory, (file) => {
      // What happens within the folder of the runbooks is told of that as well.
      if (file !== basename(root)) hasSharedChange = true;
    });
  signal.addEventListener('abort', () => wake(), { once: true });

  return (async function* () {
    while (!signal.aborted) {
      if (failure) throw failure;
      if (changed.size === 0 && !hasSharedChange) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, settleMs);
      });
      const changes = hasSharedChange ? 'all' : [...changed].toSorted();
      changed.clear();
      hasSharedChange = false;
      yield changes;
    }
  })();
}

/** The folder of the runbooks, theirs, and those within. */
function directoriesOf(root: string): string[] {
  const within = readdirSync(root, { withFileTypes: true, recursive: true });
  return [root, ...within.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))];
}
