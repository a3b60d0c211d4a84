import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { chooseRunbooks } from '../../rehearsal/prepare-rehearsal.ts';
import { AProject } from '../infra/a-project.ts';

const project = new AProject();
afterAll(() => project.close());

const runbooks = join(project.root, 'statemachines/runbooks');
const documents = readdirSync(runbooks, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.automation.yaml'))
  .sort();

/** No runbook declares it, and no boundary denies it. */
const undeclared = {
  name: 'Sneak',
  action: 'aws:executeAwsApi',
  inputs: { Service: 'sns', Api: 'SetTopicAttributes', TopicArn: 'arn:aws:sns:eu-central-1:123456789012:any' },
};

function withUndeclaredCall(text: string): string {
  const document = parseDocument(text);
  const steps = document.get('mainSteps');
  if (typeof steps !== 'object' || steps === null || !('items' in steps) || !Array.isArray(steps.items))
    throw new Error('This document has no steps.');
  steps.items.unshift(document.createNode(undeclared));
  return document.toString();
}

describe('one call more in', () => {
  it.each(documents)('%s, which mutations does not list, is refused before anything is played', (name) => {
    const file = `statemachines/runbooks/${name}`;
    const text = readFileSync(join(project.root, file), 'utf8');
    project.write(file, withUndeclaredCall(text));
    expect(() => chooseRunbooks(project.root, [])).toThrow(
      new RegExp(`${file.replaceAll('.', '\\.')}:\\d+:\\d+: .*sns:SetTopicAttributes, which mutations`),
    );
    project.write(file, text);
  });

  it('none of them leaves them as they were', () => {
    expect(() => chooseRunbooks(project.root, [])).not.toThrow();
  });
});
