import { UnsupportedInSandboxError } from '../aws.ts';
import { problemAt } from './assembly-error.ts';
import { findDynamicReferences } from './dynamic-reference.ts';
import type { Environment } from './environment.ts';
import { FILTERS } from './filters.ts';
import { expandFormat } from './format.ts';
import { stableText, stableUuid } from '../stable-id.ts';
import { readPath, scalarText } from '../members.ts';
import { type NameRule, type ResourceType, resourceTypeOf } from './resource-types.ts';

/** What the identity of a resource is made from. */
export interface IdentitySource {
  readonly environment: Environment;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** One property, resolved. */
  property(name: string): unknown;
}

/** The physical id, ARN and attributes that AWS would give a resource. They depend on the source alone. */
export class Identity {
  readonly #source: IdentitySource;
  readonly #seed: string;
  readonly #place: string;
  #name: string | undefined;

  constructor(source: IdentitySource) {
    const { environment, stackName, logicalId } = source;
    this.#source = source;
    this.#place = `${stackName}/${logicalId}`;
    this.#seed = `${environment.account}/${environment.region}/${this.#place}`;
  }

  /** What `Ref` gives. Throws an `UnsupportedInSandboxError` for a type without a row. */
  ref(): string {
    return this.#expand(this.#row().ref);
  }

  /** The ARN, or undefined for a resource without one or of a type without a row. */
  arn(): string | undefined {
    const format = resourceTypeOf(this.#source.type)?.arn;
    return format === undefined ? undefined : this.#expand(format);
  }

  /** What `Fn::GetAtt` gives. Throws an `AssemblyError` for an attribute that AWS does not give. */
  attribute(name: string): string {
    const { attributes } = this.#row();
    const format = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (format === undefined) {
      throw problemAt(
        this.#place,
        `${this.#source.type} has no attribute ${name}, but ${Object.keys(attributes).join(', ') || 'none'}.`,
      );
    }
    if (typeof format === 'string') return this.#expand(format);
    if (this.#source.property(format.when) !== undefined) return this.#expand(format.value);
    throw problemAt(this.#place, `the attribute ${name} exists only with the property ${format.when}.`);
  }

  #row(): ResourceType {
    const row = resourceTypeOf(this.#source.type);
    if (row) return row;
    throw new UnsupportedInSandboxError(`Ref or Fn::GetAtt of ${this.#source.type} (${this.#place})`);
  }

  #expand(format: string): string {
    return expandFormat(
      format,
      (name) => this.#placeholder(name),
      (name) => {
        throw problemAt(this.#place, `${this.#source.type} needs the property ${name.split(':')[0]}.`);
      },
    );
  }

  #placeholder(name: string): string | undefined {
    const [key = '', option = ''] = name.split(':');
    const { environment, stackName, logicalId } = this.#source;
    if (/^[A-Z]/.test(key) && key !== 'ID') return this.#property(key, option);
    if (key === 'id') return stableText(this.#seed, Number(option));
    if (key === 'ID') return stableText(this.#seed, Number(option)).toUpperCase();
    if (key === 'attribute') return this.attribute(option);
    if (key === 'name') return applyFilter(this.#nameOf(), option);
    if (key === 'uuid') return stableUuid(this.#seed);
    if (key === 'arn') return this.arn();
    if (key === 'ref') return this.ref();
    const values: Readonly<Record<string, string>> = { ...environment, stack: stackName, logicalId };
    return values[key];
  }

  #property(path: string, filter: string): string | undefined {
    const [first = '', ...rest] = path.split('.');
    const text = scalarText(readPath(this.#source.property(first), rest));
    return text === undefined ? undefined : applyFilter(text, filter);
  }

  #nameOf(): string {
    this.#name ??= this.#makeName(this.#row().name ?? {});
    return this.#name;
  }

  #makeName(rule: NameRule): string {
    const explicit = rule.property === undefined ? undefined : this.#source.property(rule.property);
    const suffix = rule.fifo !== undefined && String(this.#source.property(rule.fifo)) === 'true' ? '.fifo' : '';
    if (explicit === undefined) {
      if (rule.required) throw problemAt(this.#place, `${this.#source.type} needs the property ${rule.property}.`);
      return this.#generateName(rule, suffix);
    }
    return checkName(explicit, rule, suffix, `${this.#place} Properties.${rule.property}`);
  }

  #generateName(rule: NameRule, suffix: string): string {
    const prefix = this.#expand(rule.generated ?? '{stack}-{logicalId}');
    const tail = `-${stableText(`name:${this.#seed}`, 12).toUpperCase()}`;
    const name = `${prefix.slice(0, (rule.max ?? 255) - tail.length - suffix.length)}${tail}${suffix}`;
    return rule.lowerCase ? name.toLowerCase() : name;
  }
}

function applyFilter(text: string, filter: string): string {
  return FILTERS[filter]?.(text) ?? text;
}

function checkName(explicit: unknown, rule: NameRule, suffix: string, place: string): string {
  if (typeof explicit !== 'string' || explicit === '') throw problemAt(place, 'the name is not a text.');
  const [reference] = findDynamicReferences(explicit, place);
  if (reference !== undefined) throw new UnsupportedInSandboxError(`a dynamic reference as a name: ${reference}`);
  const { max, pattern = '.+' } = rule;
  if (max !== undefined && explicit.length > max)
    throw problemAt(place, `the name ${explicit} is longer than ${max} characters.`);
  if (!new RegExp(`^(?:${pattern})$`, 's').test(explicit))
    throw problemAt(place, `AWS refuses the name ${explicit}: not ${pattern}.`);
  if (rule.fifo !== undefined && explicit.endsWith('.fifo') !== (suffix === '.fifo')) {
    throw problemAt(place, `the name ${explicit} must end in .fifo exactly when ${rule.fifo} is true.`);
  }
  return explicit;
}
