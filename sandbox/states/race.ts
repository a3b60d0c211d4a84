import type { VirtualClock } from '../clock.ts';

/** What may end a piece of work before it is done. */
export interface RaceOptions {
  readonly clock: VirtualClock;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number | undefined;
  readonly label: string;
  /** Makes the error of a timeout. */
  readonly onTimeout: () => Error;
}

/** Waits for `work`, but no longer than the timeout on the virtual clock, and only until the signal aborts. */
export function raceAgainst<T>(work: Promise<T>, options: RaceOptions): Promise<T> {
  const { clock, signal, timeoutMs, label, onTimeout } = options;
  return new Promise<T>((resolve, reject) => {
    const abort = () => settle(() => reject(signal.reason));
    const cancel =
      timeoutMs === undefined
        ? () => undefined
        : clock.schedule(timeoutMs, label, () => settle(() => reject(onTimeout())));
    const settle = (finish: () => void) => {
      cancel();
      signal.removeEventListener('abort', abort);
      finish();
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
