import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runbookManifest } from '../../../infra/config/schemas.ts';

const file = new URL('../../../statemachines/runbooks/ec2-status-check-failed/runbook.yaml', import.meta.url);

/** What is wrong with the manifest of ec2-status-check-failed after these changes, as `path: message`. */
function problemsOf(remediation: object, mutation: object = {}): string[] {
  const manifest = parse(readFileSync(file, 'utf8'));
  Object.assign(manifest.remediation, remediation);
  Object.assign(manifest.mutations[0], mutation);
  const { error } = runbookManifest.safeParse(manifest);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the undo of a manifest', () => {
  it.each([['start-again'], ['AWS-StartEC2Instance']])('may be %s', (undo) => {
    expect(problemsOf({ undo })).toEqual([]);
  });

  it.each([['StartAgain'], ['AWS-Start Instance'], ['arn:aws:ssm:eu-central-1::document/AWS-StartEC2Instance']])(
    'may not be %s',
    (undo) => {
      expect(problemsOf({ undo })).toEqual([
        expect.stringContaining('remediation.undo: must be a file of this folder'),
      ]);
    },
  );

  it('needs a sentence for people about what is so after it', () => {
    expect(problemsOf({ undone: undefined })).toEqual([expect.stringContaining('remediation.undo: needs undone')]);
  });
});

describe('the time of a repair', () => {
  const withoutUndo = { undo: undefined, undone: undefined };

  it.each([
    [{ timeout: '9h' }],
    // Nothing takes it back, which would take as long again.
    [{ timeout: '19h', ...withoutUndo }],
  ])('may be %j', (remediation) => {
    expect(problemsOf(remediation)).toEqual([]);
  });

  it.each([
    [{ timeout: '10h' }, 'remediation.timeout: twice, for the repair and for what takes it back, and verify'],
    [{ timeout: '20h', ...withoutUndo }, 'remediation.timeout: it and verify'],
  ])('may not be %j', (remediation, problem) => {
    expect(problemsOf(remediation)).toEqual([expect.stringContaining(`${problem} may be 20h together`)]);
  });
});

describe('the condition of a mutation', () => {
  it.each([
    [{ StringEquals: { 'aws:ResourceTag/handsoff': 'act' } }],
    [
      {
        'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Decrypt'] },
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      },
    ],
  ])('may be %j', (condition) => {
    expect(problemsOf({}, { condition })).toEqual([]);
  });

  it.each([
    ['StringEquals'],
    [{ StringEquals: 'act' }],
    [{ 'String Equals': { 'aws:ResourceTag/handsoff': 'act' } }],
    [{ StringEquals: { handsoff: 'act' } }],
    [{ StringEquals: { 'aws:ResourceTag/handsoff': [] } }],
    [{ Bool: { 'kms:GrantIsForAWSResource': true } }],
  ])('may not be %j', (condition) => {
    expect(problemsOf({}, { condition })).toEqual([expect.stringMatching(/^mutations\.0\.condition/)]);
  });
});
