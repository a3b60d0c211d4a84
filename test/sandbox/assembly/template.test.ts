import { describe, expect, it } from 'vitest';
import { readTemplate } from './directories.ts';

const Resources = { Queue: { Type: 'AWS::SQS::Queue' } };

describe('a template', () => {
  it.each<[string, object, string]>([
    ['no resources', {}, 'App: the template has no resources.'],
    ['an unknown section', { Resources, Extras: {} }, 'App: the template has an unknown section Extras.'],
    [
      'a macro',
      { Resources, Transform: 'AWS::Serverless-2016-10-31' },
      'does not support the macro "AWS::Serverless-2016-10-31"',
    ],
    ['a rule', { Resources, Rules: { Mine: {} } }, 'does not support template rules, such as Mine'],
    ['a resource without a type', { Resources: { A: {} } }, 'App/A: the resource has no Type.'],
    [
      'an unknown resource attribute',
      { Resources: { A: { Type: 'X', Propertys: {} } } },
      'App/A: the resource has an unknown attribute Propertys.',
    ],
    [
      'a logical id with a dash',
      { Resources: { 'A-B': { Type: 'X' } } },
      'App/A-B: a logical id is 1 to 255 letters and digits.',
    ],
    [
      'an unknown condition of a resource',
      { Resources: { A: { Type: 'X', Condition: 'Nope' } } },
      'App/A: there is no condition Nope.',
    ],
    [
      'a condition that refers to itself',
      { Conditions: { A: { 'Fn::Not': [{ Condition: 'A' }] } }, Resources: { A: { Type: 'X', Condition: 'A' } } },
      'the condition A refers to itself',
    ],
    [
      'an unknown condition function',
      { Conditions: { A: { 'Fn::Maybe': [] } }, Resources: { A: { Type: 'X', Condition: 'A' } } },
      'Fn::Maybe with 0 arguments is no condition function',
    ],
    [
      'an output that is no text',
      { Resources, Outputs: { A: { Value: ['x'] } } },
      'App Outputs.A.Value: an output is a text.',
    ],
  ])('with %s is refused', async (_what, template, message) => {
    await expect(readTemplate(template)).rejects.toThrow(message);
  });

  it('may use the language extensions and the bootstrap rule of the CDK', async () => {
    const assembly = await readTemplate({
      Resources,
      Transform: 'AWS::LanguageExtensions',
      Rules: { CheckBootstrapVersion: {} },
    });
    expect(assembly.resources).toHaveLength(1);
  });

  it('gives no output that its condition leaves out', async () => {
    const Conditions = { Never: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'x'] } };
    const assembly = await readTemplate({
      Conditions,
      Resources,
      Outputs: { A: { Condition: 'Never', Value: 'x' }, B: { Value: 'y' } },
    });
    expect(assembly.outputs).toEqual([{ stack: 'App', name: 'B', value: 'y' }]);
    expect(() => assembly.output('App', 'A')).toThrow('App Outputs.A: the assembly has no such output.');
  });
});

describe('a parameter', () => {
  const withParameter = (declaration: object) => ({
    Parameters: { P: declaration },
    Resources,
    Outputs: { P: { Value: { 'Fn::Sub': '${P}' } } },
  });

  it.each<[string, object, Record<string, string>, string]>([
    ['its default', { Type: 'String', Default: 'x' }, {}, 'x'],
    ['the value given by name', { Type: 'String', Default: 'x' }, { P: 'y' }, 'y'],
    ['the value given by stack and name', { Type: 'Number' }, { 'App:P': '7' }, '7'],
    ['a value within its limits', { Type: 'Number', MinValue: 1, MaxValue: 9, AllowedPattern: '\\d' }, { P: '9' }, '9'],
  ])('has %s', async (_what, declaration, parameters, expected) => {
    const assembly = await readTemplate(withParameter(declaration), { parameters });
    expect(assembly.output('App', 'P')).toBe(expected);
  });

  it.each<[string, object, Record<string, string>, string]>([
    ['no value', { Type: 'String' }, {}, 'App Parameters.P: the parameter has no value and no default.'],
    ['a forbidden value', { Type: 'String', AllowedValues: ['a', 'b'] }, { P: 'c' }, '"c" is not one of a, b.'],
    ['a value against its pattern', { Type: 'String', AllowedPattern: 'a+' }, { P: 'ab' }, '"ab" does not match a+.'],
    ['a text for a number', { Type: 'Number' }, { P: 'x' }, '"x" is not a number.'],
    ['too small a number', { Type: 'Number', MinValue: 3 }, { P: '2' }, 'Value 2 is below MinValue 3.'],
    ['too long a text', { Type: 'String', MaxLength: 2 }, { P: 'abc' }, 'Length 3 is above MaxLength 2.'],
    [
      'to be looked up in Systems Manager',
      { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' },
      {},
      'reading the Systems Manager parameter /x',
    ],
  ])('with %s is refused', async (_what, declaration, parameters, message) => {
    await expect(readTemplate(withParameter(declaration), { parameters })).rejects.toThrow(message);
  });
});
