import { describe, expect, it } from 'vitest';
import type { FoundChanges } from '../../../functions/adapters/resource-changes.ts';
import { recentChanges } from '../../../functions/diagnose/diagnostics/recent-changes.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:00Z');
const stopped = { event_name: 'StopInstances', by: 'kim', at: '2026-11-02T02:50:00.000Z' };
const denied = { ...stopped, by: 'mallory', error_code: 'Client.UnauthorizedOperation' };

const account = '123456789012';
const here = { account, region: 'eu-central-1' };
const user = { arn: `arn:aws:iam::${account}:user/deploy`, type: 'AWS::IAM::User', id: 'deploy' };
const bucket = { arn: 'arn:aws:s3:::pictures', type: 'AWS::S3::Bucket', id: 'pictures' };

/** The finding where CloudTrail knows these changes. */
async function findingOf(found: Partial<FoundChanges>, alert = anAlert(), region = here.region) {
  const changes = { between: async () => ({ made: [], refused: [], ...found }) };
  return recentChanges(changes, { account, region })(alert, now);
}

describe('recentChanges', () => {
  it('names who changed the resource', async () => {
    expect(await findingOf({ made: [stopped], refused: [denied] })).toEqual({
      verdict: 'unhealthy',
      summary: 'Changed in the last 60 minutes: StopInstances by kim at 2026-11-02T02:50:00.000Z.',
      evidence: [
        'StopInstances by kim at 2026-11-02T02:50:00.000Z',
        'StopInstances by mallory at 2026-11-02T02:50:00.000Z, refused: Client.UnauthorizedOperation',
      ],
    });
  });

  it('takes a call that was refused for no change, and tells of it', async () => {
    expect(await findingOf({ refused: [denied] })).toEqual({
      verdict: 'healthy',
      summary:
        'CloudTrail names no change of it in the last 60 minutes; tried was StopInstances by mallory at 2026-11-02T02:50:00.000Z, refused: Client.UnauthorizedOperation.',
      evidence: ['StopInstances by mallory at 2026-11-02T02:50:00.000Z, refused: Client.UnauthorizedOperation'],
    });
  });

  it.each([
    ['an instance of another Region', { arn: `arn:aws:ec2:us-west-2:${account}:instance/i-1` }],
    ['an instance of another account', { arn: 'arn:aws:ec2:eu-central-1:999999999999:instance/i-1' }],
  ])('does not know who changed %s', async (_what, { arn }) => {
    const alert = anAlert({ resource: { arn, type: 'AWS::EC2::Instance', id: 'i-1' } });
    expect(await findingOf({ made: [stopped] }, alert)).toEqual({
      verdict: 'unknown',
      summary: 'Who changed it is not known: it is in another account or Region, whose CloudTrail was not asked.',
    });
  });

  const key = {
    arn: 'arn:aws:health:us-east-1::event/RISK/X/X_1',
    type: 'AWS::IAM::AccessKey',
    id: 'AKIAIOSFODNN7EXAMPLE',
  };

  it.each([user, key, { type: 'AWS::IAM::Role', id: 'deploy' }])(
    'knows who changed something of IAM only where that is recorded',
    async (resource) => {
      expect(await findingOf({}, anAlert({ resource }))).toEqual({
        verdict: 'unknown',
        summary: 'Who changed it is not known: CloudTrail shows what is done to it in us-east-1 alone.',
      });
      expect((await findingOf({}, anAlert({ resource }), 'us-east-1')).verdict).toBe('healthy');
    },
  );

  it('takes a bucket, whose ARN says no Region, for one of the Region that tells of it', async () => {
    expect((await findingOf({}, anAlert({ resource: bucket }))).verdict).toBe('healthy');
    const origin = { ...anAlert().origin, region: 'us-west-2' };
    expect((await findingOf({}, anAlert({ resource: bucket, origin }))).verdict).toBe('unknown');
  });

  it('does not take a name that may be none of AWS for a thing that nobody changed', async () => {
    const alert = anAlert({ resource: { type: 'unknown', id: 'web-1' } });
    expect(await findingOf({}, alert)).toEqual({
      verdict: 'unknown',
      summary: 'CloudTrail names no change of it in the last 60 minutes, if web-1 is what AWS calls it.',
    });
    expect((await findingOf({ made: [stopped] }, alert)).verdict).toBe('unhealthy');
  });

  it('is healthy where nobody changed anything', async () => {
    expect(await findingOf({})).toEqual({
      verdict: 'healthy',
      summary: 'CloudTrail names no change of it in the last 60 minutes.',
    });
  });
});
