import { watch } from 'node:fs';
import { join, sep } from 'node:path';

/** How long it is quiet before what has changed is told: an editor writes a file in several steps. */
const settleMs = 200;

/** The ids of the runbooks whose files change, together where they change together, until the signal is aborted. */
export async function* changedRunbooks(projectRoot: string, signal: AbortSignal): AsyncGenerator<string[]> {
  const changed = new Set<string>();
  let wake: () => void = () => undefined;
  const watcher = watch(join(projectRoot, 'statemachines/runbooks'), { recursive: true, signal }, (_kind, file) => {
    const [id] = String(file).split(sep);
    // A rehearsal that passes writes its certificate itself.
    if (id && file && !file.endsWith('rehearsal.lock.json')) changed.add(id);
    wake();
  });
  watcher.on('error', () => wake());
  signal.addEventListener('abort', () => wake(), { once: true });
  while (!signal.aborted) {
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
