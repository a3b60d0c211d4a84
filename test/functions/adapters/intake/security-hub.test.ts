import { describe, expect, it } from 'vitest';
import { MemoryTable } from '../../../../cli/triage/memory-table.ts';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import { triageEvent } from '../../../../functions/triage-alert/triage-event.ts';
import { loadEvent } from '../../../support/load-fixture.ts';
import { aTriage } from '../../triage-alert/a-triage.ts';

const receivedAt = new Date('2026-11-02T03:00:06.000Z');
const here = { account: '123456789012', region: 'eu-central-1' };
const finding = 'b8b1f2a3c4d5e6f708192a3b4c5d6e7f';

/** The finding as Security Hub has it from GuardDuty, with what the test wishes otherwise in it. */
function bySecurityHub(wishes: Readonly<Record<string, unknown>> = {}, detailType?: string) {
  const event = loadEvent('security-hub/guardduty-by-security-hub');
  const { findings } = event['detail'] as { findings: readonly object[] };
  const detail = { findings: findings.map((one) => ({ ...one, ...wishes })) };
  return { ...event, detail, ...(detailType && { 'detail-type': detailType }) };
}

/** The same finding as GuardDuty tells of it. */
function byGuardDuty() {
  const event = loadEvent('guardduty/port-probe');
  return { ...event, detail: { ...(event['detail'] as object), id: finding } };
}

function keyOf(productArn: string): string | undefined {
  const Id = 'arn:aws:guardduty:eu-central-1:123456789012:detector/d/finding/abc123';
  const normalised = normaliseEvent(bySecurityHub({ Id, ProductArn: productArn }), receivedAt);
  return normalised.kind === 'alert' ? normalised.alert.dedup_key : undefined;
}

/** What is decided of events one after the other, where these kinds of events of AWS are heard. */
async function decisionsOf(aws_events: readonly string[], ...events: readonly object[]) {
  const { ports, config } = aTriage(new MemoryTable());
  const decided = [];
  for (const event of events) {
    const all = { ...ports, here, changes: { record: async () => {} } };
    const { decision, answer } = await triageEvent(event, all, { ...config, aws_events }, receivedAt);
    decided.push('reason' in answer ? `${decision} (${answer.reason})` : decision);
  }
  return decided;
}

it('takes a finding for one of GuardDuty only from GuardDuty: whoever imports findings chooses their ids', () => {
  const own = keyOf('arn:aws:securityhub:eu-central-1::product/aws/guardduty');
  const imported = keyOf('arn:aws:securityhub:eu-central-1:123456789012:product/123456789012/default');
  expect(own).toBeDefined();
  expect(imported).toBeDefined();
  expect(imported).not.toBe(own);
});

describe('a finding that Security Hub has from GuardDuty', () => {
  const both = ['guardduty', 'securityhub'];

  it('is a copy where GuardDuty is heard, whichever of the two comes first', async () => {
    const copyFirst = await decisionsOf(both, bySecurityHub(), byGuardDuty());
    expect(copyFirst).toEqual(['suppress (security-hub-copy)', 'open (new-trouble)']);
    const copyLast = await decisionsOf(both, byGuardDuty(), bySecurityHub());
    expect(copyLast).toEqual(['open (new-trouble)', 'suppress (security-hub-copy)']);
  });

  it('opens an incident where GuardDuty is not heard', async () => {
    expect(await decisionsOf(['securityhub'], bySecurityHub())).toEqual(['open (new-trouble)']);
  });

  it.each([
    ['another Region', 'arn:aws:guardduty:eu-west-1:123456789012'],
    ['another account', 'arn:aws:guardduty:eu-central-1:999999999999'],
  ])('opens an incident when it is from %s, where GuardDuty does not tell us of it', async (_what, place) => {
    const event = bySecurityHub({ Id: `${place}:detector/d/finding/${finding}` });
    expect(await decisionsOf(both, event)).toEqual(['open (new-trouble)']);
  });

  it('opens an incident when another account sends its events on to this one', async () => {
    const Id = `arn:aws:guardduty:eu-central-1:999999999999:detector/d/finding/${finding}`;
    const event = { ...bySecurityHub({ Id }), account: '999999999999' };
    expect(await decisionsOf(both, event)).toEqual(['open (new-trouble)']);
  });

  it.each([
    ['NOTIFIED', 'acknowledge (acknowledged)'],
    ['RESOLVED', 'resolve (cleared)'],
    ['SUPPRESSED', 'suppress (mute)'],
  ])('is still heard when a person makes it %s there', async (status, expected) => {
    const event = bySecurityHub({ Workflow: { Status: status } });
    expect(await decisionsOf(both, byGuardDuty(), event)).toEqual(['open (new-trouble)', expected]);
  });

  it('is still heard when a person sends it by a custom action', async () => {
    const event = bySecurityHub({}, 'Security Hub Findings - Custom Action');
    expect(await decisionsOf(both, event)).toEqual(['open (new-trouble)']);
  });
});
