import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { SlackSecretReader } from '../../../functions/adapters/slack-secret.ts';

/** A client whose secret is what `texts` say, one after the other; the last one stays. */
function aClient(...texts: (string | Error)[]) {
  const asked: string[] = [];
  const client = Object.assign(new SecretsManagerClient({ region: 'eu-central-1' }), {
    send: async (command: { input: { SecretId?: string } }) => {
      asked.push(command.input.SecretId ?? '');
      const text = texts.length > 1 ? texts.shift() : texts[0];
      if (text instanceof Error) throw text;
      return { SecretString: text };
    },
  });
  return { client, asked };
}

const stored = JSON.stringify({ botToken: 'xoxb-1', signingSecret: 's1' });
const rotated = JSON.stringify({ botToken: 'xoxb-2', signingSecret: 's2' });

describe('SlackSecretReader', () => {
  it('reads the secret once in 300 seconds', async () => {
    let nowMs = 0;
    const { client, asked } = aClient(stored, rotated);
    const reader = new SlackSecretReader(client, 'arn:secret', () => nowMs);
    expect(await reader.read()).toEqual({ botToken: 'xoxb-1', signingSecret: 's1' });
    nowMs = 299_999;
    expect((await reader.read()).botToken).toBe('xoxb-1');
    expect(asked).toEqual(['arn:secret']);
    nowMs = 300_000;
    expect((await reader.read()).botToken).toBe('xoxb-2');
  });

  it('asks again at once when told to', async () => {
    const { client } = aClient(stored, rotated);
    const reader = new SlackSecretReader(client, 'arn:secret', () => 0);
    await reader.read();
    expect((await reader.read(0)).botToken).toBe('xoxb-2');
  });

  it.each<[string, string | Error]>([
    ['random text, as a new secret has', 'f3j!9x'],
    ['JSON that is no object', '"xoxb-1"'],
    ['an empty object', '{}'],
    ['values that are no text', '{"botToken":1,"signingSecret":null}'],
    ['no value at all', new ResourceNotFoundException({ message: 'none', $metadata: {} })],
  ])('counts %s as not configured', async (_what, text) => {
    const reader = new SlackSecretReader(aClient(text).client, 'arn:secret', () => 0);
    expect(await reader.read()).toEqual({ botToken: '', signingSecret: '' });
  });

  it('asks nobody where no secret is named', async () => {
    const { client, asked } = aClient(stored);
    expect((await new SlackSecretReader(client, '', () => 0).read()).botToken).toBe('');
    expect(asked).toEqual([]);
  });

  it('throws when Secrets Manager cannot be asked, and does not remember that', async () => {
    const { client } = aClient(new Error('AccessDenied'), stored);
    const reader = new SlackSecretReader(client, 'arn:secret', () => 0);
    await expect(reader.read()).rejects.toThrow('AccessDenied');
    expect((await reader.read()).botToken).toBe('xoxb-1');
  });
});
