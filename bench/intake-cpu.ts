import { MemoryTable } from '../cli/triage/memory-table.ts';
import { AlertStore } from '../functions/adapters/alert-store.ts';
import { IncidentStore } from '../functions/adapters/incident-store.ts';
import { normaliseEvent } from '../functions/adapters/intake/normalise-event.ts';
import { StormWatch } from '../functions/adapters/storm-watch.ts';
import { loadConfig } from '../infra/config/load-config.ts';
import { projectRoot } from '../cli/project-root.ts';
import { takeAlert } from '../functions/triage-alert/take-alert.ts';

const times = 10_000;

/** CPU milliseconds that `triage-alert` needs for one more copy of an alert: reading the event, deciding, writing nothing. */
export async function cpuMsOfDuplicate(): Promise<number> {
  const table = new MemoryTable();
  const incidents = new IncidentStore(table);
  const ports = {
    incidents,
    alerts: new AlertStore(table, incidents),
    storms: new StormWatch(table),
    holds: { hold: async () => undefined },
  };
  const { deployed } = loadConfig(projectRoot);
  const alert = {
    status: 'firing',
    labels: { alertname: 'a' },
    annotations: {},
    startsAt: '2026-11-02T02:59:00Z',
    fingerprint: 'f',
  };
  const event = {
    id: 'event-1',
    source: 'handsoff.alertmanager',
    'detail-type': 'Alert Received',
    account: '123456789012',
    region: 'eu-central-1',
    detail: { integration: 'bench', piece: { alert, group: { version: '4', status: 'firing' } } },
  };
  const takeOne = async () => {
    const now = new Date('2026-11-02T03:00:00.000Z');
    const normalised = normaliseEvent(event, now);
    if (normalised.kind !== 'alert') throw new Error('The alert of the benchmark cannot be read.');
    return takeAlert(normalised.alert, ports, deployed, now);
  };
  for (let warm = 0; warm < 1000; warm++) await takeOne();
  const before = process.cpuUsage();
  for (let time = 0; time < times; time++) await takeOne();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}
