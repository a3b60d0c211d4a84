import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** A rotated secret is noticed after this long at the latest. */
const maxAgeSeconds = 300;

/** For this long after a rotation the previous value is still taken, so that its sender can be changed at leisure. */
const graceSeconds = 24 * 3600;

/** While Secrets Manager cannot be asked, what it said last is valid for this long: alerts must get through. */
const outageSeconds = 3600;

/** Shorter values are no secrets; one that was never set must let nobody in. */
const minSecretLength = 8;

/**
 * The secrets that integrations are known by. A secret is a text, or a JSON list of texts that are all valid. Its
 * previous version counts for 24 hours after the current one was made.
 */
export class IntegrationSecrets {
  readonly #client: SecretsManagerClient;
  readonly #clock: () => number;
  readonly #kept = new Map<string, { readonly values: readonly string[]; readonly atMs: number }>();

  /** `clock` gives epoch milliseconds. */
  constructor(client: SecretsManagerClient, clock: () => number = () => Date.now()) {
    this.#client = client;
    this.#clock = clock;
  }

  /**
   * All values of the secret of this name that are valid now, read at most `olderThanSeconds` ago. None for one that nobody stored.
   * Throws when Secrets Manager cannot be asked and what it said last is older than an hour.
   */
  async read(name: string, olderThanSeconds = maxAgeSeconds): Promise<readonly string[]> {
    const atMs = this.#clock();
    const kept = this.#kept.get(name);
    if (kept && atMs - kept.atMs < olderThanSeconds * 1000) return kept.values;
    try {
      const values = await this.#fetch(name, atMs);
      this.#kept.set(name, { values, atMs });
      return values;
    } catch (error) {
      if (kept && atMs - kept.atMs < outageSeconds * 1000) return kept.values;
      throw error;
    }
  }

  async #fetch(name: string, atMs: number): Promise<readonly string[]> {
    const [current, previous] = await Promise.all([
      this.#version(name, 'AWSCURRENT'),
      this.#version(name, 'AWSPREVIOUS'),
    ]);
    const isInGrace = atMs - (current?.CreatedDate?.getTime() ?? atMs) < graceSeconds * 1000;
    return [...valuesOf(current), ...(isInGrace ? valuesOf(previous) : [])];
  }

  async #version(name: string, VersionStage: string): Promise<GetSecretValueCommandOutput | undefined> {
    try {
      return await this.#client.send(new GetSecretValueCommand({ SecretId: name, VersionStage }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }
}

/** White space around a value is never meant: it comes from the shell that stored it. */
function valuesOf(version: GetSecretValueCommandOutput | undefined): readonly string[] {
  const text = version?.SecretString?.trim() ?? '';
  const values = listOf(text) ?? [text];
  return values.filter((value) => value.length >= minSecretLength);
}

function listOf(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
  } catch {
    return undefined;
  }
}
