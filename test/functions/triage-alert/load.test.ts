import { describe, expect, it } from 'vitest';
import { MemoryTable } from '../../../cli/triage/memory-table.ts';
import { GuardView } from '../../../functions/adapters/guard-view.ts';
import { normaliseEvent } from '../../../functions/adapters/intake/normalise-event.ts';
import type { Alert } from '../../../functions/domain/alert.ts';
import { anAlert } from '../../support/an-alert.ts';
import { aTriage } from './a-triage.ts';

const now = new Date('2026-11-02T03:00:00.000Z');

/** An alert as Alertmanager sends it, taken off the bus. */
function received(labels: Readonly<Record<string, string>>, fingerprint: string): Alert {
  const alert = { status: 'firing', labels, annotations: {}, startsAt: '2026-11-02T02:59:00Z', fingerprint };
  const place = { account: '123456789012', region: 'eu-central-1', time: now.toISOString(), resources: [] };
  const detail = { integration: 'alertmanager', piece: { alert, group: { version: '4', status: 'firing' } } };
  const normalised = normaliseEvent(
    { id: crypto.randomUUID(), source: 'handsoff.alertmanager', 'detail-type': 'Alert Received', ...place, detail },
    now,
  );
  if (normalised.kind !== 'alert') throw new Error(`This alert cannot be read: ${JSON.stringify(normalised)}`);
  return normalised.alert;
}

/** Takes every alert, 16 at a time. Answers how many of each decision there were. */
async function takeAll(
  alerts: readonly Alert[],
  take: ReturnType<typeof aTriage>['take'],
  secondsBetween = 0,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let next = 0;
  const connection = async () => {
    for (let index = next++; index < alerts.length; index = next++) {
      const alert = alerts[index];
      if (!alert) return;
      const { decision } = await take(alert, new Date(now.getTime() + index * secondsBetween * 1000));
      counts[decision] = (counts[decision] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, connection));
  return counts;
}

describe('10,000 alerts over 16 connections', () => {
  it('of 100 keys are 100 incidents, each told once', async () => {
    const { take } = aTriage(new MemoryTable());
    const alerts = Array.from({ length: 10_000 }, (_, index) =>
      received({ alertname: `alert-${index % 100}` }, `fingerprint-${index % 100}`),
    );
    expect(await takeAll(alerts, take)).toEqual({ open: 100, drop: 9900 });
  });

  it('of 100 causes on instances of their own are 100 incidents, grouped by what they have in common', async () => {
    const by = ['payload.class'];
    const rules = { groups: [{ id: 'by-name', match: { event_action: ['trigger'] }, by, window_seconds: 3600 }] };
    const { take } = aTriage(new MemoryTable(), rules);
    const alerts = Array.from({ length: 10_000 }, (_, index) =>
      received({ alertname: `alert-${index % 100}`, instance: `web-${index}` }, `fingerprint-${index}`),
    );
    expect(await takeAll(alerts, take)).toEqual({ open: 100, attach: 9900 });
  });

  it('of 10,000 keys within a minute are a storm: a handful of incidents, and every alert can be seen', async () => {
    const { take, incidents } = aTriage(new MemoryTable(), { storm: { new_per_minute: 5 } });
    const alerts = Array.from({ length: 10_000 }, (_, index) =>
      received({ alertname: `alert-${index}` }, `fingerprint-${index}`),
    );
    const counts = await takeAll(alerts, take, 60 / alerts.length);
    const opened = counts['open'] ?? 0;
    expect(opened).toBeLessThan(10);
    expect(counts).toEqual({ open: opened, 'open-storm': 1, attach: 10_000 - opened - 1 });
    const storm = await incidents.readStorm(received({ alertname: 'alert-0' }, 'fingerprint-0'));
    const members = await incidents.alertsFiring(storm?.id ?? '');
    expect(members).toHaveLength(10_000 - opened);
  });

  it('of notices are one incident of low priority, in which no trouble is lost and by which no repair is stopped', async () => {
    const table = new MemoryTable();
    const { take } = aTriage(table, { storm: { new_per_minute: 5 } });
    const notices = Array.from({ length: 600 }, (_, index) =>
      anAlert({ severity: 'info', dedup_key: `v1:${index}`, incident_key: `v1:${index}` }),
    );
    expect(await takeAll(notices, take)).toMatchObject({ 'open-storm': 1 });
    const { incident } = await take(anAlert({ severity: 'info' }), now);
    expect(incident).toMatchObject({ group: 'storm', priority: 'P4' });
    expect(await take(anAlert({ dedup_key: 'v1:trouble', incident_key: 'v1:trouble' }), now)).toMatchObject({
      decision: 'open',
      incident: { priority: 'P2' },
    });
    const about = { incident_id: incident?.id ?? '', runbook: 'default', target: 'i-0a1b2c3d4e5f60718' };
    expect(await new GuardView(table).read(about, 5, now)).toMatchObject({ isStorm: false });
  });

  it("of a sender without an end are none in which an alarm of AWS's own is lost", async () => {
    const { take } = aTriage(new MemoryTable(), { storm: { new_per_minute: 5 } });
    const alerts = Array.from({ length: 600 }, (_, index) =>
      received({ alertname: `alert-${index}` }, `fingerprint-${index}`),
    );
    expect(await takeAll(alerts, take, 6)).toMatchObject({ 'open-storm': 1 });
    expect(await take(anAlert(), new Date(now.getTime() + 3_600_000))).toMatchObject({ decision: 'open' });
  });
});
