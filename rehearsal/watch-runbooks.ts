import { watch } from 'node:fs';
import { join, sep } from 'node:path';

/** How long it is quiet before what has changed is told: an editor writes a file in several steps. */
const settleMs = 200;

/**
 * The ids of the runbooks whose files change, together where they change together, until the signal is aborted. Throws
 * when they cannot be watched any more, such as where the system's limit of watched files is reached.
 */
export async function* changedRunbooks(projectRoot: string, signal: AbortSignal): AsyncGenerator<string[]> {
  const changed = new Set<string>();
  let wake: () => void = () => undefined;
  const watcher = watch(join(projectRoot, 'statemachines/runbooks'), { recursive: true, signal }, (_kind, file) => {
    const [id] = String(file).split(sep);
    // A rehearsal that passes writes its certificate itself.
    if (id && file && !file.endsWith('rehearsal.lock.json')) changed.add(id);
    wake();
  });
  let failure: Error | undefined;
  watcher.on('error', (error) => {
    failure = error;
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
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
}
