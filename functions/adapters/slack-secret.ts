import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { readOptional } from '../domain/fields.ts';

/** What Slack gave the app; either is empty where nobody stored it, and then that half of chat is switched off. */
export interface SlackSecret {
  readonly botToken: string;
  readonly signingSecret: string;
}

/** A rotated secret is noticed after this long at the latest. */
const maxAgeSeconds = 300;

const nothing: SlackSecret = { botToken: '', signingSecret: '' };

/** Reads `{"botToken": "xoxb-…", "signingSecret": "…"}` from Secrets Manager and keeps it for at most 300 seconds. */
export class SlackSecretReader {
  readonly #client: SecretsManagerClient;
  readonly #arn: string;
  readonly #clock: () => number;
  #kept: { readonly secret: SlackSecret; readonly atMs: number } | undefined;

  /** An empty `arn` means that chat is not configured. `clock` gives epoch milliseconds. */
  constructor(client: SecretsManagerClient, arn: string, clock: () => number = () => Date.now()) {
    this.#client = client;
    this.#arn = arn;
    this.#clock = clock;
  }

  /** The secret, never older than `olderThanSeconds`; 0 always asks. Throws when Secrets Manager cannot be asked. */
  async read(olderThanSeconds = maxAgeSeconds): Promise<SlackSecret> {
    const atMs = this.#clock();
    if (this.#kept && atMs - this.#kept.atMs < olderThanSeconds * 1000) return this.#kept.secret;
    const secret = this.#arn === '' ? nothing : await this.#fetch();
    this.#kept = { secret, atMs };
    return secret;
  }

  async #fetch(): Promise<SlackSecret> {
    try {
      const { SecretString: text = '' } = await this.#client.send(new GetSecretValueCommand({ SecretId: this.#arn }));
      return secretOf(text);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return nothing;
      throw error;
    }
  }
}

/** A secret that is not the JSON it should be counts as not stored: CDK fills a new secret with random text. */
function secretOf(text: string): SlackSecret {
  const value = parseJson(text);
  return { botToken: readOptional(value, 'botToken') ?? '', signingSecret: readOptional(value, 'signingSecret') ?? '' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
