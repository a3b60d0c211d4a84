import { type AwsCall, AwsError, type AwsService, type RequiredGrant, UnsupportedInSandboxError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { generateSecret, type GenerateSecretString } from './generate-secret.ts';
import { Secret, type SecretValue } from './secret.ts';

/** One secret. With neither `value` nor `generate` it has no version yet, as on AWS. */
export interface SecretDescription {
  readonly arn: string;
  readonly name: string;
  readonly value?: string;
  readonly generate?: GenerateSecretString;
}

/** What Secrets Manager stands in. */
export interface SecretsManagerOptions {
  readonly clock: VirtualClock;
  readonly secrets: readonly SecretDescription[];
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_VALUE_BYTES = 65_536;
const OPERATIONS = ['GetSecretValue', 'DescribeSecret', 'PutSecretValue'];

/** Secrets Manager: reading, describing and replacing the values of the secrets that the stacks declare. */
export class SecretsManager implements AwsService {
  readonly name = 'secrets-manager';
  readonly #secrets: readonly Secret[];

  constructor({ clock, secrets }: SecretsManagerOptions) {
    this.#secrets = secrets.map((described) => {
      const secret = new Secret(described, clock);
      const { value, generate, arn } = described;
      const first = value ?? (generate && generateSecret(generate, arn));
      if (first !== undefined) secret.put({ SecretString: first });
      return secret;
    });
  }

  grantsFor(operation: string, input: AwsCall['input']): readonly RequiredGrant[] {
    return [{ action: `secretsmanager:${operation}`, resource: this.#find(input['SecretId']).arn }];
  }

  handles(operation: string): boolean {
    return OPERATIONS.includes(operation);
  }

  async answer({ operation, input }: AwsCall): Promise<Record<string, unknown>> {
    const secret = this.#find(input['SecretId']);
    const { VersionId: id, VersionStage: stage } = input;
    if (operation === 'GetSecretValue')
      return secret.get({ ...(typeof id === 'string' ? { id } : {}), ...(typeof stage === 'string' ? { stage } : {}) });
    if (operation === 'DescribeSecret') return secret.describe();
    if (operation === 'PutSecretValue') return putValue(secret, input);
    throw new UnsupportedInSandboxError(`secretsmanager:${operation}`);
  }

  /** A secret is known by its name, its ARN, or its ARN without the six characters that AWS adds. */
  #find(secretId: unknown): Secret {
    if (typeof secretId !== 'string' || secretId === '') {
      throw new AwsError('InvalidParameterException', 'You must provide a SecretId.');
    }
    const found = this.#secrets.find(({ arn, name }) =>
      [arn, name, arn.replace(/-[A-Za-z0-9]{6}$/, '')].includes(secretId),
    );
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
}

function putValue(secret: Secret, input: AwsCall['input']): Record<string, unknown> {
  const { ClientRequestToken: token, VersionStages: stages } = input;
  return secret.put(readValue(input), {
    ...(typeof token === 'string' ? { token } : {}),
    ...(Array.isArray(stages) ? { stages: stages.map(String) } : {}),
  });
}

function readValue({ SecretString: text, SecretBinary: binary }: AwsCall['input']): SecretValue {
  if ((typeof text === 'string') === (typeof binary === 'string')) {
    throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary, not both.');
  }
  const value = typeof text === 'string' ? { SecretString: text } : { SecretBinary: String(binary) };
  const bytes = typeof text === 'string' ? Buffer.byteLength(text) : Buffer.from(String(binary), 'base64').length;
  if (bytes >= 1 && bytes <= MAX_VALUE_BYTES) return value;
  throw new AwsError('ValidationException', `A secret value has 1 to ${MAX_VALUE_BYTES} bytes; this one has ${bytes}.`);
}
