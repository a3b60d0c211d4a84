import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { RundeckTokenReader } from '../../../functions/adapters/rundeck-token.ts';

function aReader(texts: readonly string[]) {
  let asked = 0;
  let now = 0;
  const client = { send: async () => ({ SecretString: texts[Math.min(asked++, texts.length - 1)] }) };
  const reader = new RundeckTokenReader(client as unknown as SecretsManagerClient, 'arn', () => now);
  return { reader, asked: () => asked, pass: (seconds: number) => (now += seconds * 1000) };
}

describe('RundeckTokenReader', () => {
  it('keeps the token for five minutes, and reads it afresh when told to', async () => {
    const { reader, asked, pass } = aReader(['{"token":"one"}', '{"token":"two"}']);
    expect(await reader.read()).toBe('one');
    pass(299);
    expect(await reader.read()).toBe('one');
    expect(await reader.read(0)).toBe('two');
    pass(300);
    await reader.read();
    expect(asked()).toBe(3);
  });

  it.each(['{"token":""}', 'no json', '{"other":"x"}', ''])('says what to store instead of %j', async (text) => {
    await expect(aReader([text]).reader.read()).rejects.toMatchObject({
      name: 'RundeckTokenMissingError',
      message: expect.stringContaining('handsoff/rundeck'),
    });
  });
});
