import type { ExecutionEnvironment } from './execution-environment.ts';

interface Place {
  readonly functionName: string;
  readonly environment: ExecutionEnvironment;
  isBusy: boolean;
}

/** The execution environments of all functions: warm ones are used again, and at most `limit` exist at once. */
export class EnvironmentPool {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #places: Place[] = [];
  #closed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `work` with an environment of this function: a warm one, or a new one from `create` once there is room. */
  async use<T>(
    functionName: string,
    create: () => ExecutionEnvironment,
    work: (environment: ExecutionEnvironment) => Promise<T>,
  ): Promise<T> {
    const place = await this.#take(functionName, create);
    try {
      return await work(place.environment);
    } finally {
      place.isBusy = false;
      if (!place.environment.isUsable) this.#remove(place);
      this.#waiting.shift()?.();
    }
  }

  /** How long the code of each environment that exists took to load, in real milliseconds. */
  initMsOf(functionName: string): readonly number[] {
    const own = this.#places.filter((place) => place.functionName === functionName);
    return own.map((place) => place.environment.initMs).filter((initMs) => initMs !== undefined);
  }

  /** Ends every environment, and refuses new ones. */
  async close(): Promise<void> {
    this.#closed = true;
    const places = this.#places;
    this.#places = [];
    await Promise.all(places.map((place) => place.environment.terminate()));
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #take(functionName: string, create: () => ExecutionEnvironment): Promise<Place> {
    for (;;) {
      if (this.#closed) throw new Error(`The function ${functionName} cannot run: the sandbox was closed.`);
      const idle = this.#places.filter((place) => !place.isBusy);
      const warm = idle.find((place) => place.functionName === functionName && place.environment.isUsable);
      if (warm) return Object.assign(warm, { isBusy: true });
      if (this.#places.length < this.#limit || this.#evict(idle[0])) return this.#add(functionName, create());
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #add(functionName: string, environment: ExecutionEnvironment): Place {
    const place = { functionName, environment, isBusy: true };
    this.#places.push(place);
    return place;
  }

  #evict(place: Place | undefined): boolean {
    if (!place) return false;
    this.#remove(place);
    void place.environment.terminate();
    return true;
  }

  #remove(place: Place): void {
    this.#places = this.#places.filter((other) => other !== place);
  }
}
