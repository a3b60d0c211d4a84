import { problemAt } from './assembly-error.ts';
import { evaluate } from './evaluate.ts';
import type { Members } from '../members.ts';
import { NO_VALUE, type Scope } from './scope.ts';

const BUSY = Symbol('busy');

/** The properties of one resource, each resolved once, when it is first asked for. */
export class LazyProperties {
  readonly #declared: Members;
  readonly #scope: Scope;
  readonly #place: string;
  readonly #resolved = new Map<string, unknown>();
  #all: Members | undefined;

  constructor(declared: Members, scope: Scope, place: string) {
    this.#declared = declared;
    this.#scope = scope;
    this.#place = place;
  }

  /** One property, or undefined. Throws an `AssemblyError` for a property that needs itself. */
  get(name: string): unknown {
    if (!Object.hasOwn(this.#declared, name)) return undefined;
    const place = `${this.#place} Properties.${name}`;
    const known = this.#resolved.get(name);
    if (known === BUSY) throw problemAt(place, 'the property refers to itself in a circle.');
    if (known !== undefined) return known === NO_VALUE ? undefined : known;
    this.#resolved.set(name, BUSY);
    const value = evaluate(this.#declared[name], this.#scope, place);
    this.#resolved.set(name, value);
    return value === NO_VALUE ? undefined : value;
  }

  /** Every property that has a value. */
  all(): Members {
    if (this.#all) return this.#all;
    const members = Object.keys(this.#declared).map((name) => [name, this.get(name)]);
    const all: Members = Object.fromEntries(members.filter(([, value]) => value !== undefined));
    this.#all = all;
    return all;
  }
}
