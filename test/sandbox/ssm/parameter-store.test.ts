import { describe, expect, it } from 'vitest';
import { aSystemsManager } from './a-systems-manager.ts';

const parameters = [
  { name: '/handsoff/mode', type: 'String', value: 'on' },
  { name: '/handsoff/deep/er', type: 'String', value: 'x' },
  { name: 'plain', type: 'String', value: 'p' },
];

describe('Parameter Store', () => {
  it('gives values, and names those that are not there', async () => {
    const { ask } = aSystemsManager({ parameters });
    expect(await ask('GetParameter', { Name: '/handsoff/mode' })).toMatchObject({
      Parameter: { Value: 'on', Version: 1 },
    });
    expect(await ask('GetParameters', { Names: ['plain', 'no'] })).toMatchObject({
      Parameters: [{ Name: 'plain' }],
      InvalidParameters: ['no'],
    });
    await expect(ask('GetParameter', { Name: 'no' })).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(ask('GetParameter', { Name: 'no:1' })).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(ask('GetParameter', { Name: 'plain:9' })).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  });

  it('gives those right below a path, or all below it', async () => {
    const { ask } = aSystemsManager({ parameters });
    expect((await ask('GetParametersByPath', { Path: '/handsoff' }))['Parameters']).toHaveLength(1);
    expect((await ask('GetParametersByPath', { Path: '/handsoff', Recursive: true }))['Parameters']).toHaveLength(2);
  });

  it('takes a new value only with Overwrite', async () => {
    const { ssm, ask } = aSystemsManager({ parameters });
    await expect(ask('PutParameter', { Name: 'plain', Value: 'q' })).rejects.toMatchObject({
      name: 'ParameterAlreadyExists',
    });
    expect(await ask('PutParameter', { Name: 'plain', Value: 'q', Overwrite: true })).toMatchObject({ Version: 2 });
    ssm.setParameter('plain', 'r');
    expect(await ask('GetParameter', { Name: 'plain' })).toMatchObject({ Parameter: { Value: 'r', Version: 3 } });
  });

  it.each([
    ['/handsoff/mode', 'parameter/handsoff/mode'],
    ['plain', 'parameter/plain'],
  ])('needs a grant on the ARN of %s', (Name, resource) => {
    const { ssm } = aSystemsManager();
    expect(ssm.grantsFor('GetParameter', { Name })).toEqual([
      { action: 'ssm:GetParameter', resource: `arn:aws:ssm:eu-central-1:123456789012:${resource}` },
    ]);
  });
});
