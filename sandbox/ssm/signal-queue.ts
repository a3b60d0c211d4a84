import type { AutomationSignal } from './actions/action.ts';

/** Signals to one automation, in the order they were sent. */
export class SignalQueue {
  readonly #waiting: AutomationSignal[] = [];
  #take: ((signal: AutomationSignal) => void) | undefined;

  send(signal: AutomationSignal): void {
    if (this.#take) this.#take(signal);
    else this.#waiting.push(signal);
  }

  /** The next signal; rejects with the reason of `abort` when that comes first. */
  next(abort: AbortSignal): Promise<AutomationSignal> {
    const first = this.#waiting.shift();
    if (first) return Promise.resolve(first);
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#take = undefined;
        reject(abort.reason);
      };
      if (abort.aborted) return stop();
      this.#take = (signal) => {
        this.#take = undefined;
        abort.removeEventListener('abort', stop);
        resolve(signal);
      };
      abort.addEventListener('abort', stop, { once: true });
    });
  }
}
