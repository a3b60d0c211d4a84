import type { Json } from './json.ts';

/** The variables of one scope: a branch sees those of the scopes around it and assigns only its own. */
export class Variables {
  readonly #own = new Map<string, Json>();
  readonly #outer: Variables | undefined;

  constructor(outer?: Variables) {
    this.#outer = outer;
  }

  has(name: string): boolean {
    return this.#own.has(name) || (this.#outer?.has(name) ?? false);
  }

  get(name: string): Json | undefined {
    return this.#own.has(name) ? this.#own.get(name) : this.#outer?.get(name);
  }

  /** Every variable in sight. */
  all(): Record<string, Json> {
    return Object.fromEntries([...Object.entries(this.#outer?.all() ?? {}), ...this.#own]);
  }

  /** Assigns in this scope. */
  assign(values: Readonly<Record<string, Json>>): void {
    for (const [name, value] of Object.entries(values)) this.#own.set(name, value);
  }

  /** The bytes of all variables in sight. */
  byteLength(): number {
    return Buffer.byteLength(JSON.stringify(this.all()), 'utf8');
  }
}
