import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../../sandbox/ssm/validate-document.ts';
import { aSystemsManager, anAutomation, runbookDocuments } from './a-systems-manager.ts';

const sleep = (name: string, more: object = {}) => ({
  name,
  action: 'aws:sleep',
  inputs: { Duration: 'PT1S' },
  ...more,
});

describe('validateDocument', () => {
  it.each(runbookDocuments)('accepts $name', ({ content, documentType }) => {
    expect(validateDocument(content, documentType)).toEqual([]);
  });

  it.each([
    ['another schema', anAutomation([sleep('a')], { schemaVersion: '2.2' }).content, 'schemaVersion'],
    ['an unknown action', anAutomation([{ name: 'a', action: 'aws:fly' }]).content, 'mainSteps[0].action'],
    ['an unknown next step', anAutomation([sleep('a', { nextStep: 'z' })]).content, 'mainSteps[0].nextStep'],
    [
      'an unknown step on failure',
      anAutomation([sleep('a', { onFailure: 'step:z' })]).content,
      'mainSteps[0].onFailure',
    ],
    ['a duplicate name', anAutomation([sleep('a'), sleep('a')]).content, 'mainSteps[1].name'],
    [
      'an unknown reference',
      anAutomation([{ name: 'a', action: 'aws:sleep', inputs: { Duration: '{{ No.Thing }}' } }]).content,
      'mainSteps[0].inputs.Duration',
    ],
    [
      'a bad pattern',
      anAutomation([sleep('a')], { parameters: { Name: { type: 'String', allowedPattern: '(' } } }).content,
      'parameters.Name.allowedPattern',
    ],
    ['an unknown output', anAutomation([sleep('a')], { outputs: ['a.Output'] }).content, 'outputs[0]'],
    [
      'a missing input',
      anAutomation([{ name: 'a', action: 'aws:runCommand', inputs: { DocumentName: 'x' } }]).content,
      'mainSteps[0].inputs',
    ],
    [
      'an unknown choice operator',
      anAutomation([
        { name: 'a', action: 'aws:branch', inputs: { Choices: [{ Variable: 'x', Is: 'x', NextStep: 'a' }] } },
      ]).content,
      'mainSteps[0].inputs.Choices[0]',
    ],
  ])('refuses %s where it stands', (_, content, path) => {
    expect(validateDocument(content, 'Automation').map((problem) => problem.path)).toEqual([path]);
  });

  it('refuses ENV_VAR on anything but a String', () => {
    const content = {
      schemaVersion: '2.2',
      parameters: { Names: { type: 'StringList', interpolationType: 'ENV_VAR' } },
      mainSteps: [{ name: 'a', action: 'aws:runShellScript', inputs: { runCommand: ['true'] } }],
    };
    expect(validateDocument(content, 'Command')).toMatchObject([{ path: 'parameters.Names.interpolationType' }]);
  });
});

describe('bringing Systems Manager up', () => {
  it('refuses every problem of every document at once', () => {
    const documents = [
      { ...anAutomation([sleep('a', { nextStep: 'z' })]), name: 'one' },
      { ...anAutomation([sleep('a', { onFailure: 'Shrug' })]), name: 'two' },
    ];
    expect(() => aSystemsManager({ documents })).toThrow(
      /one: mainSteps\[0\]\.nextStep[^]*two: mainSteps\[0\]\.onFailure/,
    );
  });

  it.each([
    ['an action', anAutomation([{ name: 'a', action: 'aws:createStack' }]), 'aws:createStack'],
    ['files', anAutomation([sleep('a')], { files: {} }), 'files'],
    ['a reference', anAutomation([sleep('a', { inputs: { Duration: '{{ ssm:wait }}' } })]), 'ssm:wait'],
  ])('names %s that it does not support', (_, document, named) => {
    expect(() => aSystemsManager({ documents: [document] })).toThrow(named);
  });
});
