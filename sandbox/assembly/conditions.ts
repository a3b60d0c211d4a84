import { problemAt } from './assembly-error.ts';
import { isRecord, type Members, scalarText } from '../members.ts';

/** The conditions of one template, each worked out when it is first asked for. */
export class Conditions {
  readonly #declared: Members;
  readonly #stackName: string;
  readonly #evaluate: (value: unknown, place: string) => unknown;
  readonly #known = new Map<string, boolean | 'busy'>();

  constructor(declared: Members, stackName: string, evaluate: (value: unknown, place: string) => unknown) {
    this.#declared = declared;
    this.#stackName = stackName;
    this.#evaluate = evaluate;
  }

  /** True when the condition holds. Throws an `AssemblyError` for a condition that is unknown or refers to itself. */
  holds(name: string, place: string): boolean {
    const known = this.#known.get(name);
    if (known === 'busy') throw problemAt(place, `the condition ${name} refers to itself.`);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.#declared, name)) throw problemAt(place, `there is no condition ${name}.`);
    this.#known.set(name, 'busy');
    const result = this.#test(this.#declared[name], `${this.#stackName} Conditions.${name}`);
    this.#known.set(name, result);
    return result;
  }

  #test(value: unknown, place: string): boolean {
    const entries = isRecord(value) ? Object.entries(value) : [];
    const [name, argument] = entries[0] ?? ['', undefined];
    if (entries.length !== 1) throw problemAt(place, 'a condition is one condition function.');
    if (name === 'Condition') return this.holds(String(argument), place);
    const list = Array.isArray(argument) ? argument : [];
    if (name === 'Fn::Equals' && list.length === 2) return this.#equals(list, place);
    if (name === 'Fn::Not' && list.length === 1) return !this.#test(list[0], place);
    if (name === 'Fn::And' && fits(list)) return list.map((item) => this.#test(item, place)).every(Boolean);
    if (name === 'Fn::Or' && fits(list)) return list.map((item) => this.#test(item, place)).some(Boolean);
    throw problemAt(place, `${name} with ${list.length} arguments is no condition function of CloudFormation.`);
  }

  #equals(list: readonly unknown[], place: string): boolean {
    const [left, right] = list.map((item) => this.#evaluate(item, place));
    return (scalarText(left) ?? JSON.stringify(left)) === (scalarText(right) ?? JSON.stringify(right));
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html */
function fits(list: readonly unknown[]): boolean {
  return list.length >= 2 && list.length <= 10;
}
