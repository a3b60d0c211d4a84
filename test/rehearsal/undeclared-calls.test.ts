import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { chooseRunbooks } from '../../rehearsal/prepare-rehearsal.ts';
import { AProject } from '../infra/a-project.ts';

const runbooks = fileURLToPath(new URL('../../statemachines/runbooks', import.meta.url));
const documents = readdirSync(runbooks, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.automation.yaml'))
  .sort();

/** No runbook declares it, and no boundary denies it. */
const undeclared = {
  name: 'Sneak',
  action: 'aws:executeAwsApi',
  inputs: { Service: 'sns', Api: 'Publish', TopicArn: 'arn:aws:sns:eu-central-1:123456789012:any', Message: 'x' },
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
    const project = new AProject([dirname(name), 'default']);
    const { root } = project;
    expect(() => chooseRunbooks(root, [])).not.toThrow();
    const file = `statemachines/runbooks/${name}`;
    project.write(file, withUndeclaredCall(readFileSync(join(root, file), 'utf8')));
    expect(() => chooseRunbooks(root, [])).toThrow(
      new RegExp(`${file.replaceAll('.', '\\.')}:\\d+:\\d+: .*sns:Publish, which mutations`),
    );
  });
});
