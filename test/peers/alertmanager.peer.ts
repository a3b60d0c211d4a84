import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { integrationKeyOf } from '../../rehearsal/local-stack.ts';
import type { Incident } from '../../functions/domain/incident.ts';
import { Stage } from '../support/stage.ts';
import { Alertmanager } from './prometheus-alertmanager.ts';

let stage: Stage;
let alertmanager: Alertmanager;

beforeAll(async () => {
  stage = await Stage.open({ startAt: new Date() });
  const place = stage.stack.sandbox.apiUrls[0] ?? '';
  const authorization = { type: 'Bearer', credentials: integrationKeyOf('alertmanager') };
  alertmanager = await Alertmanager.start({
    route: {
      receiver: 'webhook',
      group_by: ['alertname'],
      group_wait: '0s',
      group_interval: '1s',
      routes: [{ receiver: 'pagerduty', matchers: ['to="pagerduty"'] }],
    },
    receivers: [
      {
        name: 'webhook',
        webhook_configs: [{ url: `${place}/integrations/alertmanager`, http_config: { authorization } }],
      },
      {
        name: 'pagerduty',
        pagerduty_configs: [{ url: `${place}/v2/enqueue`, routing_key: integrationKeyOf('pagerduty') }],
      },
    ],
  });
});
afterAll(async () => {
  await alertmanager?.close();
  await stage?.close();
});

function alert(to: string, endsAt?: Date) {
  const labels = { alertname: `HighLoad-${to}`, instance: 'web-1:9100', severity: 'critical', to };
  const annotations = { summary: `Load on web-1 is high (${to})` };
  return { labels, annotations, startsAt: '2026-11-02T02:58:00Z', ...(endsAt && { endsAt: endsAt.toISOString() }) };
}

/** Waits in real time, because Alertmanager does, and lets the sandbox work on what has come. */
async function incidentWhere(is: (incident: Incident) => boolean): Promise<Incident> {
  for (let tries = 0; tries < 150; tries++) {
    await stage.goOn(0.05).catch(() => undefined);
    const found = (await stage.stack.incidents()).find(is);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('No such incident came within 30 seconds.');
}

describe("Debian's Prometheus Alertmanager", () => {
  it.each([
    ['webhook', 'alertmanager'],
    ['pagerduty', 'pagerduty'],
  ])(
    'pages and resolves with its %s_configs pointed here',
    async (to, format) => {
      const isMine = (incident: Incident) =>
        incident.alert.origin.format === format && incident.alert.payload.summary.includes(`HighLoad-${to}`);
      await alertmanager.post([alert(to)]);
      const opened = await incidentWhere(isMine);
      expect(opened.alert.payload.severity).toBe(format === 'alertmanager' ? 'critical' : 'error');
      await alertmanager.post([alert(to, new Date())]);
      const resolved = await incidentWhere((incident) => isMine(incident) && incident.status === 'resolved');
      expect(resolved.id).toBe(opened.id);
    },
    90_000,
  );
});
