import { Agent, createServer, type IncomingMessage } from 'node:http';
import { AlertStore } from '../functions/adapters/alert-store.ts';
import type { BusEvent } from '../functions/adapters/event-bus.ts';
import { IncidentStore } from '../functions/adapters/incident-store.ts';
import { allFormats } from '../functions/adapters/intake/formats/all-formats.ts';
import { normaliseEvent } from '../functions/adapters/intake/normalise-event.ts';
import { StormWatch } from '../functions/adapters/storm-watch.ts';
import { receiveWebhook } from '../functions/receive-webhook/receive-webhook.ts';
import { takeAlert } from '../functions/triage-alert/take-alert.ts';
import { loadConfig } from '../infra/config/load-config.ts';
import { projectRoot } from '../cli/project-root.ts';
import { benchKey, post } from './intake-client.ts';
import { RemoteTable } from './intake-table.ts';

/**
 * The code of `receive-webhook` and `triage-alert` behind one HTTP server, with its table in another process: what the
 * functions themselves cost. On AWS the bus lies between them. Started as a process of its own, so that its memory and
 * CPU can be read; it prints its port.
 */
const [sink = '', tableUrl = ''] = process.argv.slice(2);
const table = new RemoteTable(tableUrl);
const incidents = new IncidentStore(table);
const { deployed } = loadConfig(projectRoot);
const integration = { id: 'bench', format: 'alertmanager', secret: 'bench', path: '/integrations/bench' } as const;
// The same work as the peer's: every key is told, and alerts are grouped by their name as `group_by` does there.
const config = {
  ...deployed,
  triage: {
    ...deployed.triage,
    storm: { new_per_minute: Number.POSITIVE_INFINITY },
    pause: [],
    groups: [{ id: 'name', match: { event_action: ['trigger'] }, by: ['payload.class'], window_seconds: 86_400 }],
  },
};
const triage = {
  incidents,
  alerts: new AlertStore(table, incidents),
  storms: new StormWatch(table),
  holds: { hold: async () => undefined },
};
const sinkAgent = new Agent({ keepAlive: true, maxSockets: 16 });
const silent = { logger: { info: () => undefined, error: () => undefined }, count: () => undefined };
const place = { version: '0', account: '123456789012', region: 'eu-central-1', resources: [] };
let events = 0;

const ports = {
  integrations: [{ ...integration, auth: { kind: 'bearer' } as const }],
  formats: new Map(allFormats.map((format) => [format.name, format])),
  secrets: { read: async () => [benchKey] },
  certificates: { keyAt: async () => undefined },
  taken: { has: async () => false, takeOnce: async () => true },
  bus: { put: async (put: readonly BusEvent[]) => void (await Promise.all(put.map(triageOne))) },
  getFromSns: async () => ({ status: 500, text: '' }),
  newId: () => crypto.randomUUID(),
};

async function triageOne({ source, detailType, detail }: BusEvent): Promise<void> {
  const now = new Date();
  const envelope = { ...place, id: `event-${events++}`, source, 'detail-type': detailType, time: now.toISOString() };
  const normalised = normaliseEvent({ ...envelope, detail: JSON.parse(detail) }, now);
  if (normalised.kind !== 'alert') throw new Error(`This alert cannot be read: ${JSON.stringify(normalised)}`);
  const { decision } = await takeAlert(normalised.alert, triage, config, now);
  if (decision === 'open') void tell(normalised.alert.payload.class ?? '');
}

async function tell(name: string): Promise<void> {
  await post({ url: sink, headers: {} }, JSON.stringify({ alerts: [{ labels: { alertname: name } }] }), sinkAgent);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const server = createServer((request, response) => {
  void (async () => {
    const { method = '', url = '', headers } = request;
    const event = {
      rawPath: url,
      headers,
      requestContext: { http: { method, path: url } },
      body: await bodyOf(request),
    };
    const answer = await receiveWebhook(event, ports, silent, new Date());
    response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  })();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(address.port);
});
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  console.log(((heapUsed + external) / 2 ** 20).toFixed(1));
});
process.once('SIGTERM', () => process.exit());
