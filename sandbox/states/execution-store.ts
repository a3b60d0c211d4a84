import type { Execution } from './execution.ts';

/** Every execution that was started, in order. */
export class ExecutionStore {
  readonly #byArn = new Map<string, Execution>();

  add(arn: string, execution: Execution): void {
    this.#byArn.set(arn, execution);
  }

  find(arn: string): Execution | undefined {
    return this.#byArn.get(arn);
  }

  clear(): void {
    this.#byArn.clear();
  }

  all(): readonly Execution[] {
    return [...this.#byArn.values()];
  }
}
