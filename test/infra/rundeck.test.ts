import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { StatefulStack } from '../../infra/stateful-stack.ts';
import { testAssembly } from '../support/stage.ts';

const template = JSON.parse(readFileSync(join(testAssembly, 'handsoff.template.json'), 'utf8'));

function environmentOf(prefix: string): Record<string, unknown> {
  const [id = ''] = Object.keys(template.Resources).filter((key) => key.startsWith(prefix));
  return template.Resources[id].Properties.Environment.Variables;
}

describe('Rundeck as an executor', () => {
  it.each([
    [true, 2],
    [false, 1],
  ])('has a secret only where it is configured: %s', (rundeck, secrets) => {
    const stack = new StatefulStack(new App(), 'stateful', { integrationSecrets: [], rundeck });
    const names = Template.fromStack(stack).findResources('AWS::SecretsManager::Secret');
    expect(Object.keys(names)).toHaveLength(secrets);
  });

  it('is deployed as config/executors.yaml says, over HTTPS and not into a network, and elsewhere in a rehearsal alone', () => {
    expect(environmentOf('callrundeckFunction')).toMatchObject({
      RUNDECK_URL: { 'Fn::If': ['IsRundeckRehearsed', { Ref: 'RehearsedRundeckUrl' }, 'https://rundeck.example.com'] },
      RUNDECK_REACH: { 'Fn::If': ['IsRundeckRehearsed', 'loopback', 'public'] },
    });
  });

  // A deployment keeps the value that a parameter has: one that the configuration gives would never be changed again.
  it('has no parameter whose default is the configuration’s', () => {
    const { BootstrapVersion: _ofCdk, ...own } = template.Parameters;
    expect(own).toMatchObject({
      SlackApiUrl: { Default: 'https://slack.com/api/' },
      RehearsedRundeckUrl: { Default: '' },
    });
    expect(Object.keys(own)).toHaveLength(2);
  });

  it('has its token in no environment, only the name of its secret', () => {
    const variables = environmentOf('callrundeckFunction');
    expect(Object.keys(variables).filter((name) => name.startsWith('RUNDECK'))).toEqual([
      'RUNDECK_SECRET',
      'RUNDECK_URL',
      'RUNDECK_REACH',
    ]);
    expect(variables['RUNDECK_SECRET']).toBe('handsoff/rundeck');
  });
});
