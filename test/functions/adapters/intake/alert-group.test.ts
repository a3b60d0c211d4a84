import { describe, expect, it } from 'vitest';
import { decisionsOf, receivedAlert } from './received-alerts.ts';

interface Wish {
  readonly at: string;
  readonly status?: 'firing' | 'resolved';
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** One alert of a group, as it came on the bus in a request of its own. */
function alertOf(format: string, { at, status = 'firing', startsAt = '2026-11-02T03:00:00.000000001Z', endsAt }: Wish) {
  const alert = {
    status,
    labels: { alertname: 'DatabaseDown', severity: 'critical', instance: 'db-1' },
    annotations: {},
    startsAt,
    endsAt: endsAt ?? '0001-01-01T00:00:00Z',
    fingerprint: 'c2f8a3e1b4d5f607',
  };
  return receivedAlert({ id: `event of ${at}`, format, integration: format, at, piece: { alert, group: {} } });
}

describe.each(['alertmanager', 'grafana'])('an alert of a group of %s', (format) => {
  const fires = (at: string) => alertOf(format, { at });
  const resolved = (at: string, endsAt: string) => alertOf(format, { at, status: 'resolved', endsAt });

  it('is a new trouble when it fires again, though with the start that it had before it was resolved', async () => {
    const decided = await decisionsOf(
      fires('2026-11-02T03:00:30.000Z'),
      resolved('2026-11-02T03:10:30.000Z', '2026-11-02T03:10:00Z'),
      fires('2026-11-02T03:12:30.000Z'),
    );
    expect(decided).toEqual(['open (new-trouble)', 'resolve (cleared)', 'open (new-trouble)']);
  });

  it('is the same alert in every flush of its group while it fires, and when it is said again that it does not', async () => {
    const decided = await decisionsOf(
      fires('2026-11-02T03:00:30.000Z'),
      fires('2026-11-02T03:05:30.000Z'),
      fires('2026-11-02T07:00:30.000Z'),
      resolved('2026-11-02T07:10:30.000Z', '2026-11-02T07:10:00Z'),
      resolved('2026-11-02T07:15:30.000Z', '2026-11-02T07:10:00Z'),
    );
    expect(decided).toEqual([
      'open (new-trouble)',
      'drop (duplicate)',
      'drop (duplicate)',
      'resolve (cleared)',
      'drop (duplicate)',
    ]);
  });

  it('is late when it was on its way until after the resolve had been taken', async () => {
    const decided = await decisionsOf(
      resolved('2026-11-02T03:10:30.000Z', '2026-11-02T03:10:00Z'),
      fires('2026-11-02T03:00:30.000Z'),
    );
    expect(decided.at(-1)).toBe('record (late)');
  });

  it('is shown with the time at which it began, and at which it ended', () => {
    const ended = resolved('2026-11-02T03:10:30.000Z', '2026-11-02T03:10:00Z');
    expect(fires('2026-11-02T03:00:30.000Z').payload.timestamp).toBe('2026-11-02T03:00:00.000Z');
    expect(ended.payload.timestamp).toBe('2026-11-02T03:10:00.000Z');
  });

  it('has the id of its event where it has no start to be known by', () => {
    for (const at of ['2026-11-02T03:00:30.000Z', '2026-11-02T07:00:30.000Z'])
      expect(alertOf(format, { at, startsAt: '0001-01-01T00:00:00Z' }).origin.event_id).toBe(
        `received ${at} event of ${at}`,
      );
  });
});
