import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { type SecretDescription, SecretsManager } from '../../../sandbox/secrets-manager/secrets-manager.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:slack-Ab12Cd';

function aManager(described: Partial<SecretDescription> = { value: 'one' }) {
  const clock = new VirtualClock(0);
  const manager = new SecretsManager({ clock, secrets: [{ arn: ARN, name: 'slack', ...described }] });
  const call = (operation: string, input: Record<string, unknown>) =>
    manager.answer({ service: 'secrets-manager', operation, input, principal: { kind: 'role', arn: 'role' } });
  return { manager, call };
}

describe('SecretsManager', () => {
  it.each([ARN, 'slack', ARN.slice(0, -7)])('finds a secret as %s', async (SecretId) => {
    const { call } = aManager();
    expect(await call('GetSecretValue', { SecretId })).toMatchObject({ SecretString: 'one', ARN, Name: 'slack' });
  });

  it('keeps the value before as AWSPREVIOUS', async () => {
    const { call } = aManager();
    await call('PutSecretValue', { SecretId: 'slack', SecretString: 'two' });
    await call('PutSecretValue', { SecretId: 'slack', SecretString: 'three' });
    expect(await call('GetSecretValue', { SecretId: 'slack' })).toMatchObject({ SecretString: 'three' });
    const before = await call('GetSecretValue', { SecretId: 'slack', VersionStage: 'AWSPREVIOUS' });
    expect(before).toMatchObject({ SecretString: 'two', VersionStages: ['AWSPREVIOUS'] });
    const { VersionIdsToStages } = await call('DescribeSecret', { SecretId: 'slack' });
    expect(Object.values(VersionIdsToStages ?? {})).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
  });

  it('takes a repeated token once, and refuses it for another value', async () => {
    const { call } = aManager();
    const input = { SecretId: 'slack', SecretString: 'two', ClientRequestToken: 'a'.repeat(32) };
    expect(await call('PutSecretValue', input)).toEqual(await call('PutSecretValue', input));
    const other = call('PutSecretValue', { ...input, SecretString: 'other' });
    await expect(other).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  it('leaves AWSCURRENT where it is when a token is repeated late', async () => {
    const { call } = aManager();
    const input = { SecretId: 'slack', SecretString: 'two', ClientRequestToken: 'a'.repeat(32) };
    await call('PutSecretValue', input);
    await call('PutSecretValue', { SecretId: 'slack', SecretString: 'three' });
    await call('PutSecretValue', input);
    expect(await call('GetSecretValue', { SecretId: 'slack' })).toMatchObject({ SecretString: 'three' });
  });

  it('generates a value by the rules of the template, the same every time', async () => {
    const generate = {
      PasswordLength: 40,
      ExcludePunctuation: true,
      SecretStringTemplate: '{"user":"x"}',
      GenerateStringKey: 'password',
    };
    const [first, second] = await Promise.all(
      [aManager({ generate }), aManager({ generate })].map(({ call }) => call('GetSecretValue', { SecretId: ARN })),
    );
    expect(first).toEqual(second);
    const value: unknown = JSON.parse(String(first?.['SecretString']));
    expect(value).toEqual({ user: 'x', password: expect.stringMatching(/^[A-Za-z0-9]{40}$/) });
  });

  it.each([
    ['GetSecretValue', { SecretId: 'other' }, 'ResourceNotFoundException'],
    ['GetSecretValue', { SecretId: 'slack', VersionStage: 'AWSPREVIOUS' }, 'ResourceNotFoundException'],
    ['GetSecretValue', {}, 'InvalidParameterException'],
    ['PutSecretValue', { SecretId: 'slack' }, 'InvalidParameterException'],
    ['PutSecretValue', { SecretId: 'slack', SecretString: 'x'.repeat(65_537) }, 'ValidationException'],
    ['RotateSecret', { SecretId: 'slack' }, 'UnsupportedInSandboxError'],
  ])('refuses %s of %o', async (operation, input, name) => {
    await expect(aManager().call(operation, input)).rejects.toMatchObject({ name });
  });

  it('says that a secret without a value has none', async () => {
    const found = aManager({}).call('GetSecretValue', { SecretId: 'slack' });
    await expect(found).rejects.toThrow("can't find the specified secret value for staging label: AWSCURRENT");
  });

  it('wants the action on the ARN, however the secret is named', () => {
    expect(aManager().manager.grantsFor('GetSecretValue', { SecretId: 'slack' })).toEqual([
      { action: 'secretsmanager:GetSecretValue', resource: ARN },
    ]);
  });
});
