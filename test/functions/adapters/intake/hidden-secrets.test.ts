import { describe, expect, it } from 'vitest';
import { fitDetails } from '../../../../functions/adapters/intake/fit-details.ts';
import { isRecord } from '../../../../functions/domain/fields.ts';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import { loadEvent } from '../../../support/load-fixture.ts';

const secret = 'password=canary-of-nobody';
/** Fields whose value AWS or an administrator chose, such as `AlarmName` or `EventCategories`. */
const namesAndKinds = /(?:names?|arn|service|types?|time|code|categories)$/i;

/** The same with a secret in every free text. */
function withSecrets(value: unknown): unknown {
  if (typeof value === 'string') return /^(?!arn:).* /.test(value) ? `${value} ${secret}` : value;
  if (Array.isArray(value)) return value.map(withSecrets);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, namesAndKinds.test(key) ? member : withSecrets(member)]),
  );
}

describe('an alert', () => {
  it.each([
    'auto-scaling/launch-unsuccessful',
    'aws-health/ec2-operational-issue-public',
    'cloudwatch/ec2-status-check-alarm',
    'cloudwatch/sns-alarm',
    'datadog-partner/triggered',
    'ebs/create-snapshot-failed',
    'ecs/task-of-family-out-of-memory',
    'guardduty/credentials-of-user',
    'new-relic-partner/activated',
    'pagerduty-partner/incident-triggered',
    'rds/storage-exhausted',
    'security-hub/control-failed',
  ])('keeps no secret that stands in a text of %s', (name) => {
    const normalised = normaliseEvent(withSecrets(loadEvent(name)), new Date('2026-11-02T03:00:06.000Z'));
    expect(normalised.kind).toBe('alert');
    expect(JSON.stringify(normalised)).not.toContain('canary');
    expect(JSON.stringify(normalised)).toContain('[redacted]');
  });

  it('keeps none of a webhook’s details, by its form or by the name of its field', () => {
    const details = {
      log: `cannot connect: ${secret}`,
      env: [{ DB_PASSWORD: 'canary' }, 'AKIACANARYCANARY1234'],
      api_key: 'canary',
      tokens: ['canary'],
      token_count: 3,
      latency_ms: 12,
    };
    expect(fitDetails(details)).toEqual({
      log: 'cannot connect: password=[redacted]',
      env: [{ DB_PASSWORD: '[redacted]' }, '[redacted]'],
      api_key: '[redacted]',
      tokens: '[redacted]',
      token_count: 3,
      latency_ms: 12,
    });
  });

  it('is not left with half of a secret where its details are cut', () => {
    const kept = JSON.stringify(fitDetails({ log: `${'a '.repeat(500)}password=${'canary'.repeat(2000)}` }));
    expect(kept).not.toContain('canary');
  });
});
