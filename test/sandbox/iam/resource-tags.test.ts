import { describe, expect, it } from 'vitest';
import { withResourceTags } from '../../../sandbox/iam/resource-tags.ts';
import { anAuthority, aWorker, isAllowed, WORKER } from './an-authority.ts';

const instance = 'arn:aws:ec2:eu-central-1:123456789012:instance/i-1';
const stop = { action: 'ec2:StopInstances', resource: instance };

describe('withResourceTags', () => {
  it.each([
    [{ handsoff: 'act' }, true],
    [{ handsoff: 'observe' }, false],
    [{ Name: 'act' }, false],
    [{}, false],
  ])('lets a condition on a tag see %j', async (tags: Record<string, string>, allowed) => {
    for (const key of ['aws:ResourceTag/handsoff', 'ec2:ResourceTag/handsoff']) {
      const Condition = { StringEquals: { [key]: 'act' } };
      const authority = await anAuthority({
        Worker: aWorker([{ Effect: 'Allow', Action: 'ec2:StopInstances', Resource: '*', Condition }]),
      });
      const [grant = stop] = withResourceTags([stop], (arn) => (arn === instance ? tags : {}));
      expect(isAllowed(authority, WORKER, grant)).toBe(allowed);
    }
  });

  it('keeps the condition keys that a grant has already, and grants on other resources as they are', () => {
    const other = { ...stop, resource: 'arn:aws:ec2:eu-central-1:123456789012:instance/i-2' };
    const grants = [{ ...stop, context: { 'x:y': 'z' } }, other];
    expect(withResourceTags(grants, (arn) => (arn === instance ? { a: 'b' } : {}))).toEqual([
      { ...stop, context: { 'aws:ResourceTag/a': 'b', 'ec2:ResourceTag/a': 'b', 'x:y': 'z' } },
      other,
    ]);
  });
});
