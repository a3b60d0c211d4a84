import { createHmac } from 'node:crypto';
import type { BusEvent } from '../../../functions/adapters/event-bus.ts';
import { isRecord } from '../../../functions/domain/fields.ts';
import type { WebhookFormat } from '../../../functions/adapters/intake/webhook-format.ts';
import type { Integration } from '../../../functions/domain/integrations.ts';
import type { WebhookPorts } from '../../../functions/receive-webhook/webhook-ports.ts';
import { snsKeys, topicArn } from './an-sns-message.ts';

export const now = new Date('2026-11-02T03:00:00.500Z');
export const routingKey = 'R0'.padEnd(32, 'k');

/** The secrets by their names; each is told from every other text. */
export const secrets: Readonly<Record<string, readonly string[]>> = {
  pagerduty: [routingKey, 'R1'.padEnd(32, 'p')],
  other: ['R2'.padEnd(32, 'o')],
  alertmanager: ['bearer-secret-of-today', 'bearer-secret-of-yesterday'],
  grafana: ['grafana-hmac-secret'],
  plain: ['plain-hmac-secret'],
  datadog: ['datadog-header-secret'],
  basic: ['prometheus:a-long-password'],
};

const ofPath = (id: string, format: string, auth: Integration['auth']): Integration => ({
  id,
  format,
  auth,
  ...(auth.kind !== 'sns-signature' && { secret: id }),
  path: auth.kind === 'routing-key' ? '/v2/enqueue' : `/integrations/${id}`,
});

/** One integration for each way to prove who one is. */
export const integrations: readonly Integration[] = [
  ofPath('pagerduty', 'pagerduty', { kind: 'routing-key' }),
  ofPath('other', 'pagerduty', { kind: 'routing-key' }),
  ofPath('alertmanager', 'alertmanager', { kind: 'bearer' }),
  ofPath('grafana', 'grafana', {
    kind: 'hmac',
    header: 'x-grafana-alerting-signature',
    timestamp_header: 'x-grafana-time',
    encoding: 'hex',
  }),
  ofPath('plain', 'generic', { kind: 'hmac', header: 'x-signature', encoding: 'base64', prefix: 'sha256=' }),
  ofPath('datadog', 'datadog', { kind: 'bearer', header: 'x-handsoff-token' }),
  ofPath('basic', 'alertmanager', { kind: 'basic' }),
  ofPath('topic', 'sns', { kind: 'sns-signature', topic_arn: topicArn }),
];

/** A format that takes `alerts` apart, or the whole body for one alert; a body that says `broken` is invalid. */
export function aFormat(name: string): WebhookFormat {
  return {
    name,
    split: (body) => {
      if (!isRecord(body)) return { kind: 'invalid', errors: [{ path: '', message: 'is no object' }] };
      if ('broken' in body) return { kind: 'invalid', errors: [{ path: 'broken', message: 'must not be there' }] };
      if ('throws' in body) throw new Error('A format never throws.');
      const alerts = Array.isArray(body['alerts']) ? body['alerts'].filter(isRecord) : [body];
      return { kind: 'pieces', pieces: alerts };
    },
    normalise: () => ({ kind: 'noise', reason: 'test-notification' }),
  };
}

/** What the function did, and the ports it did it with. */
export interface AnIntake {
  readonly ports: WebhookPorts;
  readonly events: BusEvent[];
  /** Ids of requests that were marked as taken. */
  readonly marked: Set<string>;
  /** URLs of SNS that were asked for. */
  readonly asked: string[];
}

/** Ports that work, with what the test wishes otherwise. */
export function anIntake(wishes: Partial<WebhookPorts> = {}): AnIntake {
  const events: BusEvent[] = [];
  const marked = new Set<string>();
  const asked: string[] = [];
  const names = ['pagerduty', 'pagerduty-change', 'alertmanager', 'grafana', 'generic', 'datadog', 'sns'];
  const ports: WebhookPorts = {
    integrations,
    formats: new Map(names.map((name) => [name, aFormat(name)])),
    secrets: { read: async (name) => secrets[name] ?? [] },
    certificates: { keyAt: async () => snsKeys.publicKey },
    taken: {
      has: async (id) => marked.has(id),
      takeOnce: async (id) => !marked.has(id) && marked.add(id) !== undefined,
    },
    bus: { put: async (put) => void events.push(...put) },
    getFromSns: async (url) => {
      asked.push(url);
      return { status: 200, text: '<ConfirmSubscriptionResponse/>' };
    },
    newId: () => '00000000-0000-4000-8000-000000000000',
    ...wishes,
  };
  return { ports, events, marked, asked };
}

/** The event of an HTTP API. A body that is no text is sent as JSON. */
export function aRequest(
  path: string,
  body: unknown,
  wishes: { headers?: Readonly<Record<string, unknown>>; method?: string; isBase64Encoded?: boolean } = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    version: '2.0',
    rawPath: path,
    headers: { 'content-type': 'application/json', ...wishes.headers },
    requestContext: { http: { method: wishes.method ?? 'POST', path } },
    body: wishes.isBase64Encoded ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded: wishes.isBase64Encoded ?? false,
  };
}

/** Grafana's signature headers for a body, made at `at`. */
export function grafanaHeaders(body: string, at = now, secret = 'grafana-hmac-secret') {
  const time = String(Math.floor(at.getTime() / 1000));
  const digest = createHmac('sha256', secret).update(`${time}:${body}`).digest('hex');
  return { 'x-grafana-alerting-signature': digest, 'x-grafana-time': time };
}

/** A request of each integration that is let in, by the integration's id. */
export function aGoodRequest(id: string, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const digest = createHmac('sha256', 'plain-hmac-secret').update(text).digest('base64');
  const headers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    pagerduty: { 'x-routing-key': routingKey },
    alertmanager: { authorization: 'Bearer bearer-secret-of-today' },
    grafana: grafanaHeaders(text),
    plain: { 'x-signature': `sha256=${digest}` },
    datadog: { 'x-handsoff-token': 'datadog-header-secret' },
    basic: { authorization: `Basic ${Buffer.from('prometheus:a-long-password').toString('base64')}` },
  };
  const path = id === 'pagerduty' ? '/v2/enqueue' : `/integrations/${id}`;
  return aRequest(path, text, { headers: headers[id] ?? {} });
}
