import { stableHex } from '../stable-id.ts';

/** How a secret's first value is made, as in GenerateSecretString of AWS::SecretsManager::Secret. */
export interface GenerateSecretString {
  readonly ExcludeCharacters?: string;
  readonly ExcludeLowercase?: boolean;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludePunctuation?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly GenerateStringKey?: string;
  readonly IncludeSpace?: boolean;
  /** In characters, up to 4,096. @default 32 */
  readonly PasswordLength?: number;
  readonly RequireEachIncludedType?: boolean;
  readonly SecretStringTemplate?: string;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
const MAX_LENGTH = 4096;

/** Makes a value that is always the same for the same seed. Throws a TypeError for rules that nothing satisfies. */
export function generateSecret(rules: GenerateSecretString, seed: string): string {
  const password = makePassword(rules, seed);
  const { GenerateStringKey: key, SecretStringTemplate: template } = rules;
  if (key === undefined && template === undefined) return password;
  if (key === undefined || template === undefined)
    throw new TypeError(`The secret ${seed} needs both GenerateStringKey and SecretStringTemplate, or neither.`);
  const filled: unknown = JSON.parse(template);
  if (typeof filled !== 'object' || filled === null || Array.isArray(filled))
    throw new TypeError(`The SecretStringTemplate of ${seed} is not a JSON object.`);
  return JSON.stringify({ ...filled, [key]: password });
}

function makePassword(rules: GenerateSecretString, seed: string): string {
  const { PasswordLength: length = 32, RequireEachIncludedType: eachType = true } = rules;
  const types = listCharacterTypes(rules);
  if (length < 1 || length > MAX_LENGTH || types.length === 0 || (eachType && length < types.length))
    throw new TypeError(`The secret ${seed} cannot be generated: its rules leave no password of ${length} characters.`);
  const all = types.join('');
  return Array.from({ length }, (_, index) => pick((eachType && types[index]) || all, `${seed}:${index}`)).join('');
}

function listCharacterTypes(rules: GenerateSecretString): readonly string[] {
  const excluded = new Set(rules.ExcludeCharacters ?? '');
  const types = [
    rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    rules.IncludeSpace ? ' ' : '',
  ];
  return types
    .map((type) =>
      type
        .split('')
        .filter((character) => !excluded.has(character))
        .join(''),
    )
    .filter((type) => type !== '');
}

function pick(characters: string, seed: string): string {
  return characters.charAt(Number.parseInt(stableHex(seed, 8), 16) % characters.length);
}
