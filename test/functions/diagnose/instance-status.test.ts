import { EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { instanceStatus } from '../../../functions/diagnose/diagnostics/instance-status.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:00Z');

/** The verdict about an instance in this state, where its two checks say this. */
async function verdictOf(state: string | undefined, check = 'ok', systemCheck = check) {
  const InstanceStatuses = state
    ? [{ InstanceState: { Name: state }, InstanceStatus: { Status: check }, SystemStatus: { Status: systemCheck } }]
    : [];
  const ec2 = Object.assign(new EC2Client({ region: 'eu-central-1' }), { send: async () => ({ InstanceStatuses }) });
  const alert = anAlert({ resource: { type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d4e5f60718' } });
  return (await instanceStatus(ec2)(alert, now)).verdict;
}

describe('instanceStatus', () => {
  it('is healthy where it runs and passed both checks, unhealthy where one is impaired', async () => {
    expect(await verdictOf('running')).toBe('healthy');
    expect(await verdictOf('running', 'ok', 'impaired')).toBe('unhealthy');
  });

  it.each([
    ['stopped', 'not-applicable'],
    ['running', 'initializing'],
    ['running', 'insufficient-data'],
    [undefined, 'ok'],
  ])('takes nothing that is %s with checks %s for healthy', async (state, check) => {
    expect(await verdictOf(state, check)).toBe('unknown');
  });
});
