import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BusEvent } from '../../../functions/adapters/event-bus.ts';
import { allFormats } from '../../../functions/adapters/intake/formats/all-formats.ts';
import { normaliseEvent } from '../../../functions/adapters/intake/normalise-event.ts';
import type { Integration } from '../../../functions/domain/integrations.ts';
import type { Mapping } from '../../../functions/domain/mapping.ts';
import { receiveWebhook } from '../../../functions/receive-webhook/receive-webhook.ts';
import { partsOf } from '../../support/parts-of.ts';
import { anSnsMessage, topicArn } from './an-sns-message.ts';
import { anIntake, aRequest, now } from './a-webhook.ts';

/** Where the fixtures are. */
export const folder = fileURLToPath(new URL('../../fixtures/events/', import.meta.url));
const key = 'R0'.padEnd(32, 'k');

/** Every format as its sender is set up in `docs/sources.md`: its way to say who it is. */
const auths: Readonly<Record<string, Integration['auth']>> = {
  pagerduty: { kind: 'routing-key' },
  grafana: { kind: 'hmac', header: 'x-grafana-alerting-signature', encoding: 'hex' },
  sentry: { kind: 'hmac', header: 'sentry-hook-signature', encoding: 'hex' },
  sns: { kind: 'sns-signature', topic_arn: topicArn },
};
/** How the fixtures of `custom` are taken apart. */
const mapping: Mapping = {
  alerts: 'checks',
  dedup_key: '$body.site & " " & name',
  summary: 'name & " is " & state',
  event_action: 'state',
  severity: 'level',
  source: '$body.site',
  timestamp: 'changed_at',
  custom_details: '{ "latency_ms": latency }',
  link: 'url',
};
const integrations = allFormats.flatMap(({ name }): Integration[] => {
  if (name === 'pagerduty-change') return [];
  const path = name === 'pagerduty' ? '/v2/enqueue' : `/integrations/${name}`;
  return [
    {
      id: name,
      format: name,
      auth: auths[name] ?? { kind: 'bearer' },
      secret: 'key',
      path,
      ...(name === 'custom' && { mapping }),
    },
  ];
});

/** The request that brings a fixture, with its sender's proof of who it is. */
function requestOf(format: string, text: string) {
  if (format.startsWith('pagerduty')) {
    const path = format === 'pagerduty' ? '/v2/enqueue' : '/v2/change/enqueue';
    return aRequest(path, text.replace('{{routing_key}}', key));
  }
  const body = format === 'sns' ? JSON.stringify(anSnsMessage(now, JSON.parse(text))) : text;
  const auth = auths[format];
  const digest = createHmac('sha256', key).update(body).digest('hex');
  const headers = auth?.kind === 'hmac' ? { [auth.header]: digest } : { authorization: `Bearer ${key}` };
  return aRequest(`/integrations/${format}`, body, { headers });
}

/** The event that the bus makes of what was put on it. */
function eventOf({ source, detailType, detail }: BusEvent, id: string) {
  const place = { account: '123456789012', region: 'eu-central-1', time: now.toISOString(), resources: [] };
  return { version: '0', id, source, 'detail-type': detailType, ...place, detail: JSON.parse(detail) };
}

/** What one body of a format comes to: the answer to its sender, and all that triage and quarantine get. */
export async function takeFixture(format: string, text: string) {
  const { ports, events } = anIntake({
    integrations,
    formats: new Map(allFormats.map((one) => [one.name, one])),
    secrets: { read: async () => [key] },
  });
  const silent = { logger: { info: () => undefined, error: () => undefined }, count: () => undefined };
  const { statusCode } = await receiveWebhook(requestOf(format, text), ports, silent, now);
  const of = (type: string) => events.filter(({ detailType }) => detailType === type);
  const received = of('Alert Received').map((event, index) => normaliseEvent(eventOf(event, `event-${index}`), now));
  const quarantined = of('Alert Quarantined').map(({ detail }) => JSON.parse(detail));
  return {
    format,
    status: statusCode,
    received: received.map(partsOf),
    quarantined: quarantined.map(({ reason, errors }) => ({ reason, errors })),
  };
}

/** Every fixture that is a request to a webhook, as `<format>/<case>`. */
export const corpusNames = allFormats.flatMap(({ name }) =>
  readdirSync(`${folder}${name}`)
    .filter((file) => file.endsWith('.json') && !file.endsWith('.expected.json'))
    .map((file) => `${name}/${file.slice(0, -'.json'.length)}`),
);

/** The body of a fixture. */
export function corpusText(name: string): string {
  return readFileSync(`${folder}${name}.json`, 'utf8');
}
