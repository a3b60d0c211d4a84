import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusRefusedError } from '../../../functions/adapters/event-bus.ts';
import { allFormats } from '../../../functions/adapters/intake/formats/all-formats.ts';
import { maxRequestBytes } from '../../../functions/receive-webhook/read-request.ts';
import { receiveWebhook } from '../../../functions/receive-webhook/receive-webhook.ts';
import type { WebhookPorts } from '../../../functions/receive-webhook/webhook-ports.ts';
import { aConfirmation, anSnsMessage } from './an-sns-message.ts';
import {
  aGoodRequest,
  aRequest,
  anIntake,
  grafanaHeaders,
  integrations,
  now,
  routingKey,
  secrets,
} from './a-webhook.ts';

const trigger = { event_action: 'trigger', dedup_key: 'disk', payload: { summary: 'full', severity: 'error' } };
const senders = ['pagerduty', 'alertmanager', 'grafana', 'plain', 'datadog', 'basic'];

/** Takes one event and tells everything that came of it. */
async function receive(event: unknown, intake = anIntake(), at = now) {
  const lines: Record<string, unknown>[] = [];
  const counts: string[] = [];
  const write = (_message: string, extra: Record<string, unknown>) => void lines.push(extra);
  const logger = { info: write, error: write };
  const answer = await receiveWebhook(event, intake.ports, { logger, count: (name) => void counts.push(name) }, at);
  const details = intake.events.map(({ detail }) => JSON.parse(detail));
  return { ...intake, answer, status: answer.statusCode, lines, counts, details };
}
const failing = (error: Error): Partial<WebhookPorts> => ({
  bus: {
    put: async () => {
      throw error;
    },
  },
});

describe('a request that is accepted', () => {
  it.each(senders)('of %s is answered 202 once its alert is on the bus', async (id) => {
    const { status, events, details, counts } = await receive(aGoodRequest(id, { ...trigger, id }));
    expect(status).toBe(202);
    const format = integrations.find((one) => one.id === id)?.format;
    expect(events).toMatchObject([{ source: `handsoff.${format}`, detailType: 'Alert Received' }]);
    expect(details).toEqual([{ integration: id, received_at: now.toISOString(), piece: { ...trigger, id } }]);
    expect(counts).toEqual(['webhook-accepted']);
  });

  it('of PagerDuty’s clients gets PagerDuty’s body', async () => {
    const { answer } = await receive(aRequest('/v2/enqueue', { ...trigger, routing_key: routingKey }));
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(JSON.parse(answer.body)).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'disk' });
  });

  it('with a trigger that has no key is given one, in the answer as on the bus', async () => {
    const { answer, details } = await receive(
      aRequest('/v2/enqueue', { event_action: 'trigger', routing_key: routingKey }),
    );
    const dedup_key = '00000000-0000-4000-8000-000000000000';
    expect(JSON.parse(answer.body)).toMatchObject({ dedup_key });
    expect(details).toEqual([
      { integration: 'pagerduty', received_at: now.toISOString(), piece: { event_action: 'trigger', dedup_key } },
    ]);
  });

  it.each([
    ['pagerduty', { event_action: 'resolve' }],
    ['alertmanager', { event_action: 'trigger' }],
  ])('of %s with %j is given no key', async (id, body) => {
    expect((await receive(aGoodRequest(id, body))).details).toEqual([
      { integration: id, received_at: now.toISOString(), piece: body },
    ]);
  });

  it('is of the integration whose routing key it has', async () => {
    const routing_key = secrets['other']?.[0];
    expect((await receive(aRequest('/v2/enqueue', { ...trigger, routing_key }))).details).toMatchObject([
      { integration: 'other' },
    ]);
  });

  it.each([undefined, null, '', 0])(
    'may have its routing key in the header alone, with %j in the body',
    async (none) => {
      const formats = new Map(allFormats.map((format) => [format.name, format]));
      const payload = { summary: 'full', source: 'web-1', severity: 'error' };
      const headers = { 'x-routing-key': routingKey };
      for (const path of ['/v2/enqueue', '/v2/change/enqueue']) {
        const body = { event_action: 'trigger', routing_key: none, payload };
        expect((await receive(aRequest(path, body, { headers }), anIntake({ formats }))).status).toBe(202);
      }
    },
  );

  it('with ids of 64 bits keeps two alerts apart whose ids differ in the last digit', async () => {
    const body = '{"alerts":[{"id":7281010972796602670},{"id":7281010972796602671}]}';
    const { details } = await receive(aGoodRequest('alertmanager', body));
    expect(details.map(({ piece }) => piece.id)).toEqual(['7281010972796602670', '7281010972796602671']);
  });

  it('of a change goes on the bus as a change', async () => {
    const { answer, events } = await receive(
      aRequest('/v2/change/enqueue', { routing_key: routingKey, payload: { summary: 'deployed' } }),
    );
    expect(JSON.parse(answer.body)).toEqual({ status: 'success', message: 'Change event processed' });
    expect(events).toMatchObject([{ source: 'handsoff.pagerduty-change' }]);
  });

  it('is one event for each alert in it', async () => {
    const alerts = Array.from({ length: 25 }, (_, index) => ({ index }));
    const { status, details } = await receive(aGoodRequest('alertmanager', { alerts }));
    expect(status).toBe(202);
    expect(details.map(({ piece }) => piece)).toEqual(alerts);
  });

  it.each(['pagerduty', 'grafana'])('of %s may come in base64', async (id) => {
    const event = aGoodRequest(id, trigger);
    const encoded = { ...event, body: Buffer.from(event.body).toString('base64'), isBase64Encoded: true };
    expect((await receive(encoded)).status).toBe(202);
  });

  it('of Grafana may be a PUT', async () => {
    const event = aGoodRequest('grafana', trigger);
    event.requestContext.http.method = 'PUT';
    expect((await receive(event)).status).toBe(202);
  });

  it('of Datadog may be a form', async () => {
    const headers = {
      'x-handsoff-token': 'datadog-header-secret',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const { details } = await receive(aRequest('/integrations/datadog', 'title=Disk%20full&tags=a%2Cb', { headers }));
    expect(details).toMatchObject([{ piece: { title: 'Disk full', tags: 'a,b' } }]);
  });

  it('takes the secret before a rotation as well as the one after it', async () => {
    const headers = { authorization: 'Bearer bearer-secret-of-yesterday' };
    expect((await receive(aRequest('/integrations/alertmanager', trigger, { headers }))).status).toBe(202);
  });

  it('looks for a rotated secret before it refuses', async () => {
    const ages: unknown[] = [];
    const read = async (_name: string, age?: number) => {
      ages.push(age);
      return age === undefined ? [] : ['bearer-secret-of-today'];
    };
    const { status } = await receive(aGoodRequest('alertmanager', trigger), anIntake({ secrets: { read } }));
    expect({ status, ages }).toEqual({ status: 202, ages: [undefined, 30] });
  });
});

describe('a large body', () => {
  const maxGroupBytes = 4 * 1024 * 1024;
  const ofBytes = (bytes: number) =>
    JSON.stringify({ alerts: [trigger], padding: '' }).replace('""', `"${'a'.repeat(bytes)}"`);
  const padded = (bytes: number) => ofBytes(bytes - ofBytes(0).length);
  const formats = new Map(allFormats.map((format) => [format.name, format]));

  it.each(['alertmanager', 'grafana'])('of %s brings every alert of a group of 5,000 to the bus', async (id) => {
    const alerts = Array.from({ length: 5000 }, (_, index) => ({
      status: 'firing',
      labels: { alertname: 'HostDown', severity: 'critical', instance: `10.0.${index >> 8}.${index & 255}:9100` },
      annotations: { description: `${index} `.repeat(80).slice(0, 320) },
      startsAt: '2026-11-02T02:59:00.123456789Z',
      fingerprint: String(index),
    }));
    const request = aGoodRequest(id, { version: '4', groupKey: '{}:{alertname="HostDown"}', status: 'firing', alerts });
    expect(request.body.length).toBeGreaterThan(2 * 1024 * 1024);
    const { status, details } = await receive(request, anIntake({ formats }));
    expect(status).toBe(202);
    expect(new Set(details.map(({ piece }) => piece.alert.fingerprint)).size).toBe(5000);
  });

  it.each([
    ['alertmanager', maxGroupBytes],
    ['grafana', maxGroupBytes],
    ['pagerduty', 512 * 1024],
    ['datadog', 512 * 1024],
  ])('of %s is taken up to %d bytes, and more is refused, counted, and told of whom', async (id, limit) => {
    expect((await receive(aGoodRequest(id, padded(limit)))).counts).toEqual(['webhook-accepted']);
    const { status, events, counts, lines } = await receive(aGoodRequest(id, padded(limit + 1)));
    expect([status, events, counts]).toEqual([413, [], ['webhook-too-large']]);
    expect(lines).toMatchObject([{ audit: { outcome: 'too-large', integration: id } }]);
  });

  it('of a PagerDuty client is told of whom it is by the key within it', async () => {
    const body = { ...trigger, routing_key: routingKey, padding: 'a'.repeat(600 * 1024) };
    const { status, counts } = await receive(aRequest('/v2/enqueue', body));
    expect([status, counts]).toEqual([413, ['webhook-too-large']]);
  });

  it('of a stranger is refused alike, and alarms nobody', async () => {
    const { status, counts } = await receive(aRequest('/integrations/alertmanager', padded(maxGroupBytes + 1)));
    expect([status, counts]).toEqual([413, ['webhook-unauthenticated']]);
  });

  it('fits into what Lambda takes, also as base64', () => {
    const request = aRequest('/integrations/alertmanager', padded(maxGroupBytes), { isBase64Encoded: true });
    expect(Buffer.byteLength(JSON.stringify(request))).toBeLessThan(0.95 * maxRequestBytes);
  });
});

describe('a request that is refused', () => {
  it.each<[number, string, unknown]>([
    [404, 'an unknown path', aRequest('/integrations/unknown', trigger)],
    [404, 'a path below a known one', aRequest('/integrations/alertmanager/..', trigger)],
    [404, 'a path named like a member of every object', aRequest('/integrations/constructor', trigger)],
    [404, 'no request at all', undefined],
    [404, 'an event of another shape', { rawPath: 1, headers: [], requestContext: null }],
    [405, 'a GET', aRequest('/v2/enqueue', '', { method: 'GET' })],
    [405, 'a PUT of who does not PUT', aRequest('/integrations/alertmanager', trigger, { method: 'PUT' })],
    [413, 'a body above 512 KB', aRequest('/v2/enqueue', 'a'.repeat(512 * 1024 + 1))],
    [413, 'a body above 512 KB in bytes', aRequest('/v2/enqueue', 'é'.repeat(300 * 1024))],
    [413, 'a base64 body above 512 KB', aRequest('/v2/enqueue', 'a'.repeat(512 * 1024 + 1), { isBase64Encoded: true })],
    [415, 'a compressed body', aRequest('/v2/enqueue', trigger, { headers: { 'content-encoding': 'gzip' } })],
    [
      415,
      'a file',
      aRequest('/v2/enqueue', trigger, { headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
    ],
    [415, 'XML', aRequest('/v2/enqueue', '<a/>', { headers: { 'content-type': 'application/xml' } })],
    [401, 'no credential', aRequest('/integrations/alertmanager', trigger)],
    [
      401,
      'a wrong credential',
      aRequest('/integrations/alertmanager', trigger, { headers: { authorization: 'Bearer x' } }),
    ],
    [
      401,
      'a credential of another integration',
      aRequest('/integrations/alertmanager', trigger, { headers: { authorization: 'Bearer datadog-header-secret' } }),
    ],
    [401, 'a wrong routing key', aRequest('/v2/enqueue', { ...trigger, routing_key: 'x'.repeat(32) })],
    [
      401,
      'two routing keys that differ',
      aRequest(
        '/v2/enqueue',
        { ...trigger, routing_key: routingKey },
        { headers: { 'x-routing-key': 'x'.repeat(32) } },
      ),
    ],
    [401, 'a body that cannot be read, from a stranger', aRequest('/integrations/alertmanager', '{')],
    [400, 'no routing key', aRequest('/v2/enqueue', trigger)],
    [400, 'a truncated routing key', aRequest('/v2/enqueue', { ...trigger, routing_key: routingKey.slice(1) })],
    [400, 'no JSON and so no routing key', aRequest('/v2/enqueue', '{')],
  ])('answers %d to %s, and puts nothing on the bus', async (expected, _what, event) => {
    const { status, events, marked, counts } = await receive(event);
    expect(status).toBe(expected);
    expect([events, [...marked]]).toEqual([[], []]);
    expect(counts).toHaveLength(1);
  });

  it.each([
    ['/v2/enqueue', 'POST'],
    ['/integrations/grafana', 'POST, PUT'],
  ])('with another method hears what %s allows', async (path, allow) => {
    expect((await receive(aRequest(path, '', { method: 'DELETE' }))).answer.headers).toEqual({ allow });
  });

  it('for its credential learns nothing else', async () => {
    const { answer } = await receive(aRequest('/integrations/alertmanager', trigger));
    expect(answer).toEqual({ statusCode: 401, headers: {}, body: '' });
  });

  it('for its routing key’s form gets PagerDuty’s words', async () => {
    const { answer } = await receive(aRequest('/v2/enqueue', { ...trigger, routing_key: 'short' }));
    expect(JSON.parse(answer.body)).toEqual({
      status: 'invalid event',
      message: 'Event object is invalid',
      errors: ["Length of 'routing_key' is incorrect (should be 32 characters)"],
    });
  });

  it('without a credential of the right form asks for no secret', async () => {
    let reads = 0;
    const read = async () => {
      reads += 1;
      return [];
    };
    await receive(aRequest('/integrations/alertmanager', trigger), anIntake({ secrets: { read } }));
    expect(reads).toBe(0);
  });
});

describe('a request of a known sender that cannot be read', () => {
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`k${index}`, 1])));
  it.each<[string, string, string]>([
    ['is not what its format promises', '{"broken":1}', 'invalid'],
    ['is no JSON', '{"a":', 'not-json'],
    ['is empty', '', 'not-json'],
    ['is nested 10,000 deep', deep, 'too-deep'],
    ['has too many members', wide, 'too-many-keys'],
    ['names a member twice', '{"a":1,"\\u0061":2}', 'duplicate-key'],
    ['has no alerts', '{"alerts":[]}', 'no-alerts'],
    [
      'has more alerts than any sender has',
      JSON.stringify({ alerts: Array.from({ length: 5001 }, () => ({})) }),
      'too-many-alerts',
    ],
    ['breaks its format', '{"throws":1}', 'format-failed'],
  ])('because it %s goes to quarantine and is answered 400', async (_what, body, reason) => {
    for (const id of senders.slice(0, 3)) {
      const { status, events, details, counts } = await receive(aGoodRequest(id, body));
      expect(status).toBe(400);
      expect(events).toMatchObject([{ detailType: 'Alert Quarantined' }]);
      expect(details).toMatchObject([{ integration: id, reason }]);
      expect(counts).toEqual(['webhook-quarantined']);
    }
  });

  it('because it is not UTF-8 goes to quarantine', async () => {
    const event = { ...aGoodRequest('alertmanager', ''), body: Buffer.from([0x22, 0xff, 0x22]).toString('base64') };
    expect((await receive({ ...event, isBase64Encoded: true })).details).toMatchObject([{ reason: 'not-utf8' }]);
  });

  it('because its format is not there goes to quarantine', async () => {
    const { details } = await receive(aGoodRequest('alertmanager', trigger), anIntake({ formats: new Map() }));
    expect(details).toMatchObject([{ reason: 'unknown-format' }]);
  });

  it('of PagerDuty’s clients hears every error in PagerDuty’s body', async () => {
    const { answer } = await receive(aGoodRequest('pagerduty', { broken: 1 }));
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'invalid event', errors: ["'broken' must not be there"] });
  });

  it('is asked to come back when not even quarantine can be reached', async () => {
    const intake = anIntake(failing(new BusRefusedError('down', false)));
    expect((await receive(aGoodRequest('alertmanager', '{'), intake)).status).toBe(503);
  });
});

describe('a request that cannot be taken now', () => {
  it.each([
    ['pagerduty', 429],
    ['alertmanager', 503],
    ['grafana', 503],
    ['datadog', 503],
    ['plain', 503],
  ])('of %s is answered %d when the bus asks for less', async (id, status) => {
    const result = await receive(aGoodRequest(id, trigger), anIntake(failing(new BusRefusedError('slow', true))));
    expect(result.status).toBe(status);
    expect(result.answer.headers).toMatchObject({ 'retry-after': '30' });
    expect(result.counts).toEqual(['webhook-throttled']);
  });

  it.each(senders)('of %s is answered 503 when the bus is down, and its next try counts', async (id) => {
    const intake = anIntake();
    const down = { ...intake, ports: { ...intake.ports, ...failing(new Error('down')) } };
    expect(await receive(aGoodRequest(id, trigger), down)).toMatchObject({
      status: 503,
      counts: ['webhook-unavailable'],
    });
    const again = await receive(aGoodRequest(id, trigger), intake);
    expect([again.status, again.events.length]).toEqual([202, 1]);
  });

  it('is answered 503 when its secret cannot be read', async () => {
    const read = async () => {
      throw new Error('AccessDenied');
    };
    expect((await receive(aGoodRequest('alertmanager', trigger), anIntake({ secrets: { read } }))).status).toBe(503);
  });

  it('is taken nevertheless when only the secret of another integration cannot be read', async () => {
    const read = async (name: string) => {
      if (name === 'other') throw new Error('AccessDenied');
      return secrets[name] ?? [];
    };
    expect((await receive(aGoodRequest('pagerduty', trigger), anIntake({ secrets: { read } }))).status).toBe(202);
  });
});

describe('a request that comes again', () => {
  it('is the same with its signature spelled otherwise: the last letter of base64 has bits to spare', async () => {
    const event = aGoodRequest('plain', trigger);
    const signature = String((event.headers as Record<string, unknown>)['x-signature']);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const other = signature.replace(/(.)=$/, (_, last: string) => `${letters[letters.indexOf(last) + 1]}=`);
    expect(Buffer.from(other, 'base64')).toEqual(Buffer.from(signature, 'base64'));
    const intake = anIntake();
    await receive(event, intake);
    const again = await receive({ ...event, headers: { ...event.headers, 'x-signature': other } }, intake);
    expect([again.status, again.counts]).toEqual([202, ['webhook-replayed']]);
  });

  it('is answered as before and changes nothing, within its window', async () => {
    const event = aGoodRequest('grafana', trigger);
    const intake = anIntake();
    await receive(event, intake);
    const again = await receive(event, intake, new Date(now.getTime() + 299_000));
    expect([again.status, again.counts]).toEqual([202, ['webhook-replayed']]);
    expect(intake.events).toHaveLength(1);
  });

  it.each([301, -301])('%d seconds from when it was signed is refused', async (seconds) => {
    const { status, events } = await receive(
      aGoodRequest('grafana', trigger),
      anIntake(),
      new Date(now.getTime() + seconds * 1000),
    );
    expect([status, events]).toEqual([401, []]);
  });

  it('of a sender that signs no time changes nothing either', async () => {
    const intake = anIntake();
    for (let time = 0; time < 2; time += 1) await receive(aGoodRequest('plain', trigger), intake);
    expect(intake.events).toHaveLength(1);
  });

  it('is taken when nobody can tell, because an alert that is said twice is better than one that is lost', async () => {
    const broken = async () => {
      throw new Error('The table is down');
    };
    const { status, events } = await receive(
      aGoodRequest('grafana', trigger),
      anIntake({ taken: { has: broken, takeOnce: broken } }),
    );
    expect([status, events.length]).toEqual([202, 1]);
  });

  it('with a token or a routing key is left to triage: it could be a new alert', async () => {
    const intake = anIntake();
    for (let time = 0; time < 2; time += 1) await receive(aGoodRequest('pagerduty', trigger), intake);
    expect([intake.events.length, intake.marked.size]).toEqual([2, 0]);
  });
});

describe('a message of SNS', () => {
  const send = async (message: unknown, intake = anIntake()) =>
    receive(
      aRequest('/integrations/topic', message, { headers: { 'content-type': 'text/plain; charset=UTF-8' } }),
      intake,
    );

  it('goes on the bus without what would open its subscription, and once', async () => {
    const intake = anIntake();
    expect((await send(anSnsMessage(now), intake)).status).toBe(202);
    expect(await send(anSnsMessage(now), intake)).toMatchObject({ status: 202, counts: ['webhook-replayed'] });
    const { Type, MessageId, TopicArn, Subject, Message, Timestamp } = anSnsMessage(now);
    expect(intake.events.map(({ detail }) => JSON.parse(detail))).toEqual([
      {
        integration: 'topic',
        received_at: now.toISOString(),
        piece: { Type, MessageId, TopicArn, Subject, Message, Timestamp },
      },
    ]);
  });

  it('may be taken apart by a mapping, once its subscription is confirmed', async () => {
    const intake = anIntake({
      integrations: integrations
        .filter(({ id }) => id === 'topic')
        .map((one) => ({ ...one, format: 'custom', mapping: { dedup_key: 'MessageId', summary: 'Subject' } })),
      formats: new Map(allFormats.map((format) => [format.name, format])),
    });
    expect(await send(aConfirmation(now, { MessageId: 'first' }), intake)).toMatchObject({
      counts: ['webhook-subscribed'],
    });
    const { details } = await send(anSnsMessage(now), intake);
    const { MessageId, Subject } = anSnsMessage(now);
    expect(details).toMatchObject([{ piece: { dedup_key: MessageId, summary: Subject } }]);
  });

  it('of another topic, or changed, is refused without a word', async () => {
    for (const forged of [{ TopicArn: 'arn:aws:sns:eu-central-1:210987654321:alarms' }, { Message: '{}' }]) {
      expect(await send(anSnsMessage(now, {}, forged))).toMatchObject({ status: 401, events: [], asked: [] });
    }
  });

  it('that asks to confirm the subscription of the topic is confirmed', async () => {
    const { status, asked, events, counts } = await send(aConfirmation(now));
    expect([status, events, counts]).toEqual([202, [], ['webhook-subscribed']]);
    expect(asked).toEqual([expect.stringContaining('Action=ConfirmSubscription')]);
  });

  it('that asks to confirm is asked for again when SNS does not confirm', async () => {
    const intake = anIntake({ getFromSns: async () => ({ status: 500, text: '' }) });
    expect((await send(aConfirmation(now), intake)).status).toBe(503);
    expect(intake.marked.size).toBe(0);
  });

  it('that asks for anything else is asked nothing', async () => {
    const SubscribeURL = 'https://169.254.169.254/latest/meta-data/';
    expect(await send(aConfirmation(now, { SubscribeURL }))).toMatchObject({ status: 401, asked: [] });
  });

  it('that ends the subscription is told to people', async () => {
    const { status, details } = await send(aConfirmation(now, { Type: 'UnsubscribeConfirmation' }));
    expect(status).toBe(202);
    expect(details).toMatchObject([{ integration: 'topic', reason: 'unsubscribed' }]);
  });
});

describe('a secret', () => {
  it('is in no event, answer or line, wherever the sender puts it', async () => {
    for (const id of senders) {
      for (const extra of [{}, { broken: 1 }]) {
        const all = [...Object.values(secrets).flat(), 'a-long-password'];
        const body = {
          ...trigger,
          routing_key: routingKey,
          Authorization: all[0],
          said: { routing_key: 'x', all },
          ...extra,
        };
        const { events, answer, lines } = await receive(aGoodRequest(id, body));
        const own = [...(secrets[id] ?? []), ...(id === 'basic' ? ['a-long-password'] : [])];
        expect(events).toHaveLength(1);
        const said = JSON.stringify([events, answer, lines]);
        for (const secret of own) expect(said).not.toContain(secret);
        if (!('broken' in extra)) expect(said).not.toMatch(/routing_key|Authorization/);
      }
    }
  });

  it('is in no line of a request that failed', async () => {
    const { lines } = await receive(aGoodRequest('datadog', trigger), anIntake(failing(new Error('down'))));
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain('datadog-header-secret');
  });
});

describe('hostile bodies', () => {
  it('reach no prototype', async () => {
    const body = '{"__proto__":{"polluted":1},"a":{"constructor":{"prototype":{"polluted":1}},"b":[{"__proto__":1}]}}';
    const { details } = await receive(aGoodRequest('alertmanager', body));
    expect(details).toEqual([
      { integration: 'alertmanager', received_at: now.toISOString(), piece: { a: { b: [{}] } } },
    ]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('are one line each in the log, and only what we call them', async () => {
    const body = { summary: 'x\n{"level":"ERROR"}\u001b[31m', broken: 1 };
    const { lines } = await receive(aGoodRequest('alertmanager', body));
    expect(lines).toEqual([
      { audit: { integration: 'alertmanager', outcome: 'quarantined', reason: 'invalid', status: 400 } },
    ]);
  });

  it('of a stranger cost no write and no event, however many come', async () => {
    const intake = anIntake();
    for (let index = 0; index < 100; index += 1) {
      await receive(aRequest('/integrations/grafana', trigger, { headers: grafanaHeaders('other') }), intake);
    }
    expect([intake.events.length, intake.marked.size, intake.asked.length]).toEqual([0, 0, 0]);
  });

  it.each(['authorization', 'x-grafana-alerting-signature', 'x-grafana-time', 'x-handsoff-token', 'content-type'])(
    'with 100 kB in %s are refused',
    async (name) => {
      for (const value of ['a'.repeat(100_000), `Bearer ${' '.repeat(100_000)}`, `Basic ${'='.repeat(100_000)}`]) {
        for (const id of ['alertmanager', 'grafana', 'datadog', 'basic']) {
          const request = aGoodRequest(id, trigger);
          const { status } = await receive({ ...request, headers: { ...request.headers, [name]: value } });
          expect([202, 401, 415]).toContain(status);
          expect(status === 202).toBe(!Object.keys(request.headers).includes(name));
        }
      }
    },
  );

  it('are answered as what they are, whatever they are', async () => {
    const paths = ['/v2/enqueue', '/v2/change/enqueue', ...integrations.slice(2).map(({ path }) => path)];
    const body = fc.oneof(
      fc.json({ maxDepth: 6 }),
      fc.string({ unit: 'binary' }),
      fc.jsonValue().map((value) => JSON.stringify({ ...trigger, payload: value })),
      fc.array(fc.jsonValue()).map((alerts) => JSON.stringify({ alerts })),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), body, fc.boolean(), async (path, text, isKnown) => {
        const id = path.startsWith('/v2') ? 'pagerduty' : path.slice('/integrations/'.length);
        const event = isKnown ? { ...aGoodRequest(id, text), rawPath: path } : aRequest(path, text);
        const { status, events, counts } = await receive(event);
        expect(status).toBeLessThan(500);
        expect(counts).toHaveLength(1);
        // Nothing that is known is lost: it is on the bus, as an alert or in quarantine.
        expect(events.length > 0).toBe(isKnown && id !== 'topic');
      }),
      { numRuns: 2000 },
    );
  });
});
