import { setImmediate as nextTurn } from 'node:timers/promises';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly label: string;
  readonly run: () => void;
}

/**
 * Time as the sandbox lives it, in epoch milliseconds. It stands still while real work is in flight (`hold`)
 * and jumps to the next timer when there is none, so a thirty-minute wait takes no time and always ends the same way.
 */
export class VirtualClock {
  #now: number;
  #order = 0;
  #timers: Timer[] = [];
  readonly #holds = new Set<{ readonly label: string }>();
  #wake: (() => void) | undefined;

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  iso(): string {
    return new Date(this.#now).toISOString();
  }

  /** Runs `run` after `delayMs` of virtual time. Returns a function that cancels it. */
  schedule(delayMs: number, label: string, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, label, run };
    this.#timers.push(timer);
    this.#timers.sort((a, b) => a.at - b.at || a.order - b.order);
    this.#wake?.();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Resolves after `delayMs` of virtual time; rejects with the signal's reason when aborted before. */
  sleep(delayMs: number, label: string, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.schedule(delayMs, label, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Keeps time still while real work (a worker, a socket) is in flight, until the returned function is called. */
  hold(label: string): () => void {
    const held = { label };
    this.#holds.add(held);
    return () => {
      this.#holds.delete(held);
      this.#wake?.();
    };
  }

  /** Holds time still while `work` runs. */
  async holding<T>(label: string, work: () => Promise<T>): Promise<T> {
    const release = this.hold(label);
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** What keeps time from moving now, for error messages. */
  held(): readonly string[] {
    return [...this.#holds].map(({ label }) => label);
  }

  /** The timers that are still to come, soonest first. */
  pending(): readonly { readonly at: number; readonly label: string }[] {
    return this.#timers;
  }

  /** Moves time forward timer by timer until `done()` is true, `untilMs` is reached, or nothing is left to happen. */
  async run(done: () => boolean = () => false, untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    for (;;) {
      await this.#settle();
      if (done()) return;
      const next = this.#timers[0];
      if (!next || next.at > untilMs) {
        if (Number.isFinite(untilMs)) this.#now = Math.max(this.#now, untilMs);
        return;
      }
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
  }

  /** Waits until no work is in flight and every promise that can settle has settled. */
  async #settle(): Promise<void> {
    do {
      while (this.#holds.size > 0) await this.#nextWake();
      await nextTurn();
      await nextTurn();
    } while (this.#holds.size > 0);
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
