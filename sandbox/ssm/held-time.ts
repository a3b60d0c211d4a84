import type { VirtualClock } from '../clock.ts';

/** Holds the clock while work is done, and lets it go on only while the work waits. One piece of work at a time. */
export class HeldTime {
  readonly #clock: VirtualClock;
  readonly #label: string;
  #release: (() => void) | undefined;

  constructor(clock: VirtualClock, label: string) {
    this.#clock = clock;
    this.#label = label;
  }

  /** Does the work with time standing still, except where it calls `sleep` or `until`. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#hold();
    try {
      return await work();
    } finally {
      this.#let();
    }
  }

  /** Waits for virtual milliseconds. Rejects with the signal's reason when that is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.until(this.#clock.sleep(ms, this.#label, signal));
  }

  /** Waits for something that happens as time goes on. */
  async until<T>(happening: Promise<T>): Promise<T> {
    this.#let();
    try {
      return await happening;
    } finally {
      this.#hold();
    }
  }

  #hold(): void {
    this.#release ??= this.#clock.hold(this.#label);
  }

  #let(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
