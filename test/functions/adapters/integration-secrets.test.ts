import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { IntegrationSecrets } from '../../../functions/adapters/integration-secrets.ts';

interface Stored {
  current?: string;
  previous?: string;
  createdAtMs?: number;
  down?: boolean;
}

/** A reader whose secret is what `stored` says at the moment, at the time `clock.ms`. */
function aReader(stored: Stored) {
  const clock = { ms: 0 };
  const asked: string[] = [];
  const client = Object.assign(new SecretsManagerClient({ region: 'eu-central-1' }), {
    send: async ({ input }: { input: { SecretId: string; VersionStage: string } }) => {
      asked.push(input.SecretId);
      if (stored.down) throw new Error('ServiceUnavailable');
      const SecretString = input.VersionStage === 'AWSCURRENT' ? stored.current : stored.previous;
      if (SecretString === undefined) throw new ResourceNotFoundException({ message: 'none', $metadata: {} });
      return { SecretString, CreatedDate: new Date(stored.createdAtMs ?? 0) };
    },
  });
  return { reader: new IntegrationSecrets(client, () => clock.ms), clock, asked };
}

describe('IntegrationSecrets', () => {
  it.each<[string, Stored, string[]]>([
    ['one text', { current: 'secret-one' }, ['secret-one']],
    ['a text that the shell ended with a line break', { current: 'secret-one\n' }, ['secret-one']],
    ['a list', { current: '["secret-one","secret-two"]' }, ['secret-one', 'secret-two']],
    ['a list with other things in it', { current: '["secret-one",1,null,""]' }, ['secret-one']],
    ['a text that begins like a list', { current: '[secret-one' }, ['[secret-one']],
    ['the version before it as well', { current: 'secret-two', previous: 'secret-one' }, ['secret-two', 'secret-one']],
    ['nothing, where nobody stored it', {}, []],
    ['nothing, where it is empty', { current: '' }, []],
    ['nothing, where it is too short to be a secret', { current: 'short' }, []],
  ])('reads %s', async (_what, stored, expected) => {
    expect(await aReader(stored).reader.read('tool')).toEqual(expected);
  });

  it('forgets the version before 24 hours after the rotation', async () => {
    const stored = { current: 'secret-two', previous: 'secret-one', createdAtMs: 0 };
    const { reader, clock } = aReader(stored);
    clock.ms = 24 * 3_600_000 - 1;
    expect(await reader.read('tool')).toHaveLength(2);
    clock.ms += 300_000;
    expect(await reader.read('tool')).toEqual(['secret-two']);
  });

  it('asks once in 300 seconds, or sooner when told to', async () => {
    const stored: Stored = { current: 'secret-one' };
    const { reader, clock, asked } = aReader(stored);
    await reader.read('tool');
    stored.current = 'secret-two';
    clock.ms = 299_999;
    expect(await reader.read('tool')).toEqual(['secret-one']);
    expect(asked).toHaveLength(2);
    expect(await reader.read('tool', 30)).toEqual(['secret-two']);
  });

  it('keeps what it knows for an hour while Secrets Manager is down, and throws after that', async () => {
    const stored: Stored = { current: 'secret-one' };
    const { reader, clock } = aReader(stored);
    await reader.read('tool');
    stored.down = true;
    clock.ms = 3_599_999;
    expect(await reader.read('tool')).toEqual(['secret-one']);
    clock.ms = 3_600_000;
    await expect(reader.read('tool')).rejects.toThrow('ServiceUnavailable');
  });

  it('throws when Secrets Manager is down from the beginning', async () => {
    await expect(aReader({ down: true }).reader.read('tool')).rejects.toThrow('ServiceUnavailable');
  });
});
