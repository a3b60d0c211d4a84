import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { StatefulStack } from '../../infra/stateful-stack.ts';
import { testAssembly } from '../support/stage.ts';

const template = JSON.parse(readFileSync(join(testAssembly, 'handsoff.template.json'), 'utf8'));

describe('Rundeck as an executor', () => {
  it.each([
    [true, 2],
    [false, 1],
  ])('has a secret only where it is configured: %s', (rundeck, secrets) => {
    const stack = new StatefulStack(new App(), 'stateful', { integrationSecrets: [], rundeck });
    const names = Template.fromStack(stack).findResources('AWS::SecretsManager::Secret');
    expect(Object.keys(names)).toHaveLength(secrets);
  });

  it('is deployed as config/executors.yaml says: over HTTPS, and not into a network', () => {
    const { RundeckUrl: url, RundeckReach: reach } = template.Parameters;
    expect(url).toMatchObject({ Default: 'https://rundeck.example.com' });
    expect(reach).toMatchObject({ Default: 'public', AllowedValues: ['public', 'private', 'loopback'] });
  });

  it('has its token in no environment, only the ARN of its secret', () => {
    const [id = ''] = Object.keys(template.Resources).filter((key) => key.startsWith('callrundeckFunction'));
    const { Variables: variables } = template.Resources[id].Properties.Environment;
    expect(Object.keys(variables).filter((name) => name.startsWith('RUNDECK'))).toEqual([
      'RUNDECK_SECRET_ARN',
      'RUNDECK_URL',
      'RUNDECK_REACH',
    ]);
    expect(variables.RUNDECK_SECRET_ARN).not.toBeTypeOf('string');
  });
});
