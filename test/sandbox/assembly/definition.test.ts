import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAssembly } from '../../../sandbox/assembly/read-assembly.ts';
import { HERE, readTemplate, writeAssembly, writeFile } from './directories.ts';

async function definitionOf(properties: object) {
  const assembly = await readTemplate({
    Resources: { M: { Type: 'AWS::StepFunctions::StateMachine', Properties: properties } },
  });
  return assembly.definitionOf(assembly.get('App', 'M'));
}

async function definitionFrom(text: string, substitutions: object = {}, key = 'abc.json') {
  const Bucket = { 'Fn::Sub': 'assets-${AWS::AccountId}-${AWS::Region}' };
  const Properties = { DefinitionS3Location: { Bucket, Key: key }, DefinitionSubstitutions: substitutions };
  const destination = { bucketName: 'assets-${AWS::AccountId}-${AWS::Region}', objectKey: 'abc.json' };
  const assets = {
    abc: { source: { path: 'asset.abc.json', packaging: 'file' }, destinations: { here: destination } },
  };
  const template = { Resources: { M: { Type: 'AWS::StepFunctions::StateMachine', Properties } } };
  const directory = writeAssembly({ App: { template, assets } });
  const file = writeFile(directory, 'asset.abc.json', text);
  const assembly = await readAssembly(directory, HERE);
  const machine = assembly.get('App', 'M');
  return { file, path: () => assembly.assetPath(machine), text: () => assembly.definitionOf(machine) };
}

describe('the definition of a state machine', () => {
  it.each<[string, object, string]>([
    ['a text', { DefinitionString: '{"StartAt":"A"}' }, '{"StartAt":"A"}'],
    ['an object', { Definition: { StartAt: 'A' } }, '{\n  "StartAt": "A"\n}'],
    ['substitutions', { DefinitionString: '${A}-${B}', DefinitionSubstitutions: { A: 'x', B: 2 } }, 'x-2'],
    [
      'substitutions inside substitutions',
      { DefinitionString: '${A}', DefinitionSubstitutions: { A: '<${B}>', B: 'x' } },
      '<x>',
    ],
    [
      'a placeholder without a substitution',
      { DefinitionString: '${A} ${B}', DefinitionSubstitutions: { A: 'x' } },
      'x ${B}',
    ],
    ['no substitutions at all', { DefinitionString: '${A}' }, '${A}'],
  ])('may be given with %s', async (_what, properties, expected) => {
    expect(await definitionOf(properties)).toBe(expected);
  });

  it('may be a file of the assembly', async () => {
    const found = await definitionFrom('{"StartAt":"${First}"}', { First: 'A' });
    expect(found.text()).toBe('{"StartAt":"A"}');
    expect(found.path()).toBe(join(found.file));
  });

  it('becomes JSON when its file is YAML', async () => {
    const found = await definitionFrom('StartAt: ${First}\n', { First: 'A' });
    expect(JSON.parse(found.text())).toEqual({ StartAt: 'A' });
  });

  it('is refused when its file is neither', async () => {
    const found = await definitionFrom('{"StartAt"');
    expect(() => found.text()).toThrow(/is neither JSON nor YAML/);
  });

  it('is refused when the assembly does not hold the file', async () => {
    const found = await definitionFrom('{}', {}, 'other.json');
    expect(() => found.path()).toThrow(
      'App/M Properties.DefinitionS3Location: the assembly holds no file for s3://assets-123456789012-eu-central-1/other.json.',
    );
  });

  it.each<[string, object, RegExp]>([
    ['there is none', {}, /exactly one of DefinitionString, Definition, DefinitionS3Location is needed, not 0/],
    ['there are two', { DefinitionString: '{}', Definition: {} }, /is needed, not 2/],
    [
      'substitutions go in a circle',
      { DefinitionString: '${A}', DefinitionSubstitutions: { A: 'x${A}' } },
      /name each other in a circle/,
    ],
    [
      'a substitution is no text',
      { DefinitionString: '${A}', DefinitionSubstitutions: { A: ['x'] } },
      /DefinitionSubstitutions.A: a substitution is a text/,
    ],
  ])('is refused when %s', async (_what, properties, message) => {
    await expect(definitionOf(properties)).rejects.toThrow(message);
  });

  it('does not exist for other resources, nor does a file for inline code', async () => {
    const Resources = {
      F: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: 'x' } } },
      T: { Type: 'AWS::SNS::Topic' },
    };
    const assembly = await readTemplate({ Resources });
    expect(() => assembly.definitionOf(assembly.get('App', 'T'))).toThrow('AWS::SNS::Topic has no definition');
    expect(() => assembly.assetPath(assembly.get('App', 'T'))).toThrow('App/T: this AWS::SNS::Topic has no file.');
    expect(() => assembly.assetPath(assembly.get('App', 'F'))).toThrow(
      'code that is not a file asset (App/F Properties.Code)',
    );
  });
});
