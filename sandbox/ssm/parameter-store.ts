import { AwsError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import type { ParameterDescription } from './options.ts';
import { spellValue } from './references.ts';

type Members = Readonly<Record<string, unknown>>;

interface Parameter extends ParameterDescription {
  readonly version: number;
  readonly modifiedAt: string;
}

const TYPES = ['String', 'StringList', 'SecureString'];
/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const MAX_NAMES = 10;
/** Of a standard parameter: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const MAX_VALUE_BYTES = 4096;

/** Parameter Store: plain parameters with versions; a SecureString gives its value in the clear only `WithDecryption`. */
export class ParameterStore {
  readonly #parameters = new Map<string, Parameter>();
  readonly #clock: VirtualClock;
  readonly #arnOf: (name: string) => string;

  constructor(parameters: readonly ParameterDescription[], clock: VirtualClock, arnOf: (name: string) => string) {
    this.#clock = clock;
    this.#arnOf = arnOf;
    for (const { name, type, value } of parameters) this.#put(name, type, value);
  }

  /** Gives a parameter a new value, as somebody would at the console. */
  set(name: string, value: string): void {
    this.#put(name, this.#parameters.get(name)?.type ?? 'String', value);
  }

  getParameter(input: Members): Record<string, unknown> {
    const found = this.#find(input['Name']);
    if (found) return { Parameter: this.#describe(found, input) };
    const name = String(input['Name']);
    if (this.#parameters.has(name.replace(/:[^:/]+$/, '')))
      throw new AwsError('ParameterVersionNotFound', `Systems Manager could not find the version ${name}.`);
    throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
  }

  getParameters(input: Members): Record<string, unknown> {
    const names = [input['Names'] ?? []].flat().map(String);
    if (names.length < 1 || names.length > MAX_NAMES)
      throw new AwsError('ValidationException', `Names must have 1 to ${MAX_NAMES} members.`);
    const found = names.flatMap((name) => this.#find(name) ?? []);
    return {
      Parameters: found.map((parameter) => this.#describe(parameter, input)),
      InvalidParameters: names.filter((name) => !this.#find(name)),
    };
  }

  getParametersByPath(input: Members): Record<string, unknown> {
    const path = spellValue(input['Path'] ?? '');
    if (!path.startsWith('/')) throw new AwsError('ValidationException', 'The path must begin with a slash.');
    const folder = path.endsWith('/') ? path : `${path}/`;
    const below = [...this.#parameters.values()].filter(({ name }) => name.startsWith(folder));
    const found = below.filter(({ name }) => input['Recursive'] === true || !name.slice(folder.length).includes('/'));
    return { Parameters: found.map((parameter) => this.#describe(parameter, input)) };
  }

  putParameter(input: Members): Record<string, unknown> {
    const { Name: name, Value: value, Type: type, Overwrite: overwrite } = input;
    if (typeof name !== 'string' || name === '') throw new AwsError('ValidationException', 'Name must be given.');
    if (typeof value !== 'string' || value === '') throw new AwsError('ValidationException', 'Value must be given.');
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES)
      throw new AwsError(
        'ValidationException',
        `Standard tier parameters support a maximum of ${MAX_VALUE_BYTES} bytes.`,
      );
    const existing = this.#parameters.get(name);
    if (existing && overwrite !== true) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const kind = type ?? existing?.type;
    if (typeof kind !== 'string' || !TYPES.includes(kind))
      throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
    return { Version: this.#put(name, kind, value).version, Tier: 'Standard' };
  }

  #put(name: string, type: string, value: string): Parameter {
    const version = (this.#parameters.get(name)?.version ?? 0) + 1;
    const parameter = { name, type, value, version, modifiedAt: this.#clock.iso() };
    this.#parameters.set(name, parameter);
    return parameter;
  }

  /** By name or ARN; a version or label after the name names one that only the newest can be. */
  #find(nameOrArn: unknown): Parameter | undefined {
    if (typeof nameOrArn !== 'string' || nameOrArn === '')
      throw new AwsError('ValidationException', 'Name must be given.');
    return [...this.#parameters.values()].find(({ name, version }) =>
      [name, `${name}:${version}`, this.#arnOf(name)].includes(nameOrArn),
    );
  }

  #describe({ name, type, value, version, modifiedAt }: Parameter, input: Members): Record<string, unknown> {
    const isHidden = type === 'SecureString' && input['WithDecryption'] !== true;
    const Value = isHidden ? Buffer.from(value).toString('base64') : value;
    return {
      Name: name,
      Type: type,
      Value,
      Version: version,
      LastModifiedDate: modifiedAt,
      ARN: this.#arnOf(name),
      DataType: 'text',
    };
  }
}
