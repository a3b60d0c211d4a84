import { expect, it } from 'vitest';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import { loadEvent } from '../../../support/load-fixture.ts';

const receivedAt = new Date('2026-11-02T03:00:06.000Z');

function keyOf(productArn: string): string | undefined {
  const event = structuredClone(loadEvent('security-hub/guardduty-by-security-hub')) as {
    detail: { findings: Record<string, unknown>[] };
  };
  Object.assign(event.detail.findings[0] ?? {}, {
    Id: 'arn:aws:guardduty:eu-central-1:123456789012:detector/d/finding/abc123',
    ProductArn: productArn,
  });
  const normalised = normaliseEvent(event, receivedAt);
  return normalised.kind === 'alert' ? normalised.alert.dedup_key : undefined;
}

it('takes a finding for one of GuardDuty only from GuardDuty: whoever imports findings chooses their ids', () => {
  const own = keyOf('arn:aws:securityhub:eu-central-1::product/aws/guardduty');
  const imported = keyOf('arn:aws:securityhub:eu-central-1:123456789012:product/123456789012/default');
  expect(own).toBeDefined();
  expect(imported).toBeDefined();
  expect(imported).not.toBe(own);
});
