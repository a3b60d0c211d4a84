import type { FunctionWorker } from './function-worker.ts';

interface Place {
  readonly functionName: string;
  readonly worker: FunctionWorker;
  isBusy: boolean;
}

/** The execution environments of all functions: warm ones are used again, and at most `limit` exist at once. */
export class WorkerPool {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #places: Place[] = [];
  #closed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `work` with a worker of this function: a warm one, or a new one from `create` once there is room. */
  async use<T>(
    functionName: string,
    create: () => FunctionWorker,
    work: (worker: FunctionWorker) => Promise<T>,
  ): Promise<T> {
    const place = await this.#take(functionName, create);
    try {
      return await work(place.worker);
    } finally {
      place.isBusy = false;
      if (!place.worker.isUsable) this.#remove(place);
      this.#waiting.shift()?.();
    }
  }

  /** How long the code of each worker that exists took to load, in real milliseconds. */
  initMsOf(functionName: string): readonly number[] {
    const own = this.#places.filter((place) => place.functionName === functionName);
    return own.map((place) => place.worker.initMs).filter((initMs) => initMs !== undefined);
  }

  /** Ends every worker, and refuses new ones. */
  async close(): Promise<void> {
    this.#closed = true;
    const places = this.#places;
    this.#places = [];
    await Promise.all(places.map((place) => place.worker.terminate()));
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #take(functionName: string, create: () => FunctionWorker): Promise<Place> {
    for (;;) {
      if (this.#closed) throw new Error(`The function ${functionName} cannot run: the sandbox was closed.`);
      const idle = this.#places.filter((place) => !place.isBusy);
      const warm = idle.find((place) => place.functionName === functionName && place.worker.isUsable);
      if (warm) return Object.assign(warm, { isBusy: true });
      if (this.#places.length < this.#limit || this.#evict(idle[0])) return this.#add(functionName, create());
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #add(functionName: string, worker: FunctionWorker): Place {
    const place = { functionName, worker, isBusy: true };
    this.#places.push(place);
    return place;
  }

  #evict(place: Place | undefined): boolean {
    if (!place) return false;
    this.#remove(place);
    void place.worker.terminate();
    return true;
  }

  #remove(place: Place): void {
    this.#places = this.#places.filter((other) => other !== place);
  }
}
