import { describe, expect, it } from 'vitest';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import { loadEvent } from '../../../support/load-fixture.ts';

const receivedAt = new Date('2026-11-02T03:00:06.000Z');

function detailsOf(name: string): Readonly<Record<string, unknown>> {
  const normalised = normaliseEvent(loadEvent(name), receivedAt);
  return normalised.kind === 'alert' ? normalised.alert.payload.custom_details : {};
}

describe('an alert about credentials', () => {
  it.each([
    ['AWS Health', 'aws-health/credentials-exposed'],
    ['GuardDuty', 'guardduty/credentials-of-user'],
  ])('of %s names the access key', (_sender, name) => {
    expect(detailsOf(name)['access_key_id']).toBe('AKIAIOSFODNN7EXAMPLE');
  });

  it('says what kind of principal GuardDuty saw use the key', () => {
    expect(detailsOf('guardduty/credentials-of-user')['user_type']).toBe('IAMUser');
  });

  it('of something else names none', () => {
    expect(detailsOf('aws-health/ec2-instance-retirement')['access_key_id']).toBeUndefined();
    expect(detailsOf('guardduty/port-probe')['access_key_id']).toBeUndefined();
  });
});
