import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readOptional } from '../domain/fields.ts';

/** Raised where nobody stored a token. */
export class RundeckTokenMissingError extends Error {
  override readonly name = 'RundeckTokenMissingError' as const;

  constructor() {
    super('The secret handsoff/rundeck holds no token; store {"token": "…"}, the API token of a Rundeck user.');
  }
}

/** A rotated token is noticed after this long at the latest. */
const maxAgeSeconds = 300;

/** Reads `{"token": "…"}` from Secrets Manager and keeps it for at most 300 seconds. */
export class RundeckTokenReader {
  readonly #client: SecretsManagerClient;
  readonly #arn: string;
  readonly #clock: () => number;
  #kept: { readonly token: string; readonly atMs: number } | undefined;

  /** `clock` gives epoch milliseconds. */
  constructor(client: SecretsManagerClient, arn: string, clock: () => number = () => Date.now()) {
    this.#client = client;
    this.#arn = arn;
    this.#clock = clock;
  }

  /** The token, never older than `olderThanSeconds`; 0 always asks. Throws a RundeckTokenMissingError. */
  async read(olderThanSeconds = maxAgeSeconds): Promise<string> {
    const atMs = this.#clock();
    if (this.#kept && atMs - this.#kept.atMs < olderThanSeconds * 1000) return this.#kept.token;
    const { SecretString: text = '' } = await this.#client.send(new GetSecretValueCommand({ SecretId: this.#arn }));
    const token = tokenIn(text);
    if (token === '') throw new RundeckTokenMissingError();
    this.#kept = { token, atMs };
    return token;
  }
}

/** What is not the JSON it should be counts as not stored; the text itself stands in no error. */
function tokenIn(text: string): string {
  try {
    return readOptional(JSON.parse(text), 'token') ?? '';
  } catch {
    return '';
  }
}
