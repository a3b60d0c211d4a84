import { EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { instanceStatus } from '../../../functions/diagnose/diagnostics/instance-status.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:00Z');

/** The finding about an instance in this state, where its checks say this; without a last one, it has two. */
async function findingOf(state: string | undefined, check = 'ok', systemCheck = check, ebsCheck?: string) {
  const status = {
    InstanceState: { Name: state },
    InstanceStatus: { Status: check },
    SystemStatus: { Status: systemCheck },
    ...(ebsCheck && { AttachedEbsStatus: { Status: ebsCheck } }),
  };
  const InstanceStatuses = state ? [status] : [];
  const ec2 = Object.assign(new EC2Client({ region: 'eu-central-1' }), { send: async () => ({ InstanceStatuses }) });
  const alert = anAlert({ resource: { type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d4e5f60718' } });
  return instanceStatus(ec2)(alert, now);
}

describe('instanceStatus', () => {
  it('is healthy where it runs and passed both checks, unhealthy where one is impaired', async () => {
    expect((await findingOf('running')).verdict).toBe('healthy');
    expect((await findingOf('running', 'ok', 'impaired')).verdict).toBe('unhealthy');
  });

  it('is unhealthy where it does not reach its volumes, and says so', async () => {
    expect(await findingOf('running', 'ok', 'ok', 'impaired')).toEqual({
      verdict: 'unhealthy',
      summary: 'i-0a1b2c3d4e5f60718 is running: instance status ok, system status ok, attached EBS status impaired.',
      evidence: { state: 'running', instance_status: 'ok', system_status: 'ok', attached_ebs_status: 'impaired' },
    });
  });

  it.each([
    ['ok', 'healthy'],
    ['not-applicable', 'healthy'],
    ['initializing', 'unknown'],
    ['insufficient-data', 'unknown'],
  ])('takes a check of its volumes that says %s for %s', async (ebsCheck, verdict) => {
    expect((await findingOf('running', 'ok', 'ok', ebsCheck)).verdict).toBe(verdict);
  });

  it.each([
    ['stopped', 'not-applicable'],
    ['running', 'initializing'],
    ['running', 'insufficient-data'],
    [undefined, 'ok'],
  ])('takes nothing that is %s with checks %s for healthy', async (state, check) => {
    expect((await findingOf(state, check)).verdict).toBe('unknown');
  });
});
