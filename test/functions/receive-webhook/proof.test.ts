import crypto, { createHmac } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { IntegrationAuth } from '../../../functions/domain/integrations.ts';
import { isProven, readProof } from '../../../functions/receive-webhook/proof.ts';
import { readRequest } from '../../../functions/receive-webhook/read-request.ts';
import { aRequest, grafanaHeaders, now } from './a-webhook.ts';

type Auth = Exclude<IntegrationAuth, { kind: 'sns-signature' }>;

const body = '{"a": 1}';
const timed: Auth = {
  kind: 'hmac',
  header: 'x-grafana-alerting-signature',
  timestamp_header: 'x-grafana-time',
  encoding: 'hex',
};
const untimed: Auth = { kind: 'hmac', header: 'x-signature', encoding: 'hex', prefix: 'sha256=' };
const good = grafanaHeaders(body);
const digest = good['x-grafana-alerting-signature'];
const time = good['x-grafana-time'];
const hmac = (text: string, secret = 'grafana-hmac-secret') => createHmac('sha256', secret).update(text).digest();

/** Whether a request of these headers is proven by one of the secrets. */
function passes(
  auth: Auth,
  headers: Record<string, unknown>,
  secrets: readonly string[],
  sent = body,
  at = now,
): boolean {
  const request = readRequest(aRequest('/', sent, { headers }));
  const proof = readProof(auth, request, Buffer.from(sent), () => JSON.parse(sent), at);
  return proof !== undefined && isProven(proof, secrets);
}
const withTime = (headers: Record<string, unknown>, sent = body, at = now) =>
  passes(timed, { ...good, ...headers }, ['grafana-hmac-secret'], sent, at);

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

describe('a signature over time and body', () => {
  it('passes with the secret that made it, whichever of several it is', () => {
    expect(passes(timed, good, ['another-secret', 'grafana-hmac-secret'])).toBe(true);
    expect(passes(timed, good, ['grafana-hmac-secret', 'another-secret'])).toBe(true);
    expect(passes(timed, good, ['another-secret'])).toBe(false);
    expect(passes(timed, good, [])).toBe(false);
  });

  it.each([
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])('%d seconds after it was made passes: %s', (seconds, expected) => {
    expect(withTime({}, body, new Date(now.getTime() + seconds * 1000))).toBe(expected);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no signature', { 'x-grafana-alerting-signature': undefined }],
    ['an empty one', { 'x-grafana-alerting-signature': '' }],
    ['a truncated one', { 'x-grafana-alerting-signature': digest.slice(0, -1) }],
    ['a longer one', { 'x-grafana-alerting-signature': `${digest}0` }],
    ['an upper-case one', { 'x-grafana-alerting-signature': digest.toUpperCase() }],
    ['one with a line break', { 'x-grafana-alerting-signature': `${digest}\n` }],
    ['a doubled one', { 'x-grafana-alerting-signature': `${digest},${digest}` }],
    ['one under two spellings', { 'X-Grafana-Alerting-Signature': digest }],
    ['a list', { 'x-grafana-alerting-signature': [digest] }],
    ['one over the body alone', { 'x-grafana-alerting-signature': hmac(body).toString('hex') }],
    ['one of another secret', { 'x-grafana-alerting-signature': hmac(`${time}:${body}`, 'x').toString('hex') }],
    ['one in base64', { 'x-grafana-alerting-signature': hmac(`${time}:${body}`).toString('base64') }],
    ['no time', { 'x-grafana-time': undefined }],
    ['another time', { 'x-grafana-time': String(Number(time) + 1) }],
    ['a time in milliseconds', { 'x-grafana-time': `${time}000` }],
    ['a doubled time', { 'x-grafana-time': `${time},${time}` }],
    ['a time that is no number', { 'x-grafana-time': 'NaN' }],
  ])('does not pass with %s', (_what, headers) => {
    expect(withTime(headers)).toBe(false);
  });

  it('does not pass with a time in another spelling, even when that was signed', () => {
    for (const spelled of [`${time}.0`, `+${time}`, ` ${time}`, `0x${Number(time).toString(16)}`]) {
      const signature = hmac(`${spelled}:${body}`).toString('hex');
      expect(withTime({ 'x-grafana-alerting-signature': signature, 'x-grafana-time': spelled })).toBe(false);
    }
  });

  it.each(['{"a":1}', '{"a": 1} ', '{"a": 2}', ''])('does not pass for the body %j, which was not signed', (sent) => {
    expect(withTime({}, sent === '' ? ' ' : sent)).toBe(false);
  });
});

describe('a signature over the body', () => {
  const signature = `sha256=${hmac(body).toString('hex')}`;
  it('passes with its prefix and no other', () => {
    expect(passes(untimed, { 'x-signature': signature }, ['grafana-hmac-secret'])).toBe(true);
    for (const wrong of [signature.slice(7), signature.replace('sha256', 'sha1'), `sha1=,${signature}`])
      expect(passes(untimed, { 'x-signature': wrong }, ['grafana-hmac-secret'])).toBe(false);
  });

  it('passes in base64 where that is how the sender writes it', () => {
    const auth: Auth = { kind: 'hmac', header: 'x-signature', encoding: 'base64' };
    const encoded = hmac(body).toString('base64');
    expect(passes(auth, { 'x-signature': encoded }, ['grafana-hmac-secret'])).toBe(true);
    expect(passes(auth, { 'x-signature': encoded.slice(0, -1) }, ['grafana-hmac-secret'])).toBe(false);
    expect(passes(auth, { 'x-signature': hmac(body).toString('hex') }, ['grafana-hmac-secret'])).toBe(false);
  });
});

describe('a secret that is shown', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  it.each<[boolean, Auth, Record<string, unknown>]>([
    [true, { kind: 'bearer' }, { authorization: 'Bearer user:pass'.replace(':', '.') }],
    [true, { kind: 'bearer' }, { authorization: 'bearer user.pass' }],
    [false, { kind: 'bearer' }, { authorization: 'Bearer user.pas' }],
    [false, { kind: 'bearer' }, { authorization: 'Bearer user.pass,Bearer x' }],
    [false, { kind: 'bearer' }, { authorization: 'Bearer' }],
    [false, { kind: 'bearer' }, { authorization: 'user.pass' }],
    [true, { kind: 'bearer', header: 'x-token' }, { 'x-token': 'user.pass' }],
    [false, { kind: 'bearer', header: 'x-token' }, { authorization: 'Bearer user.pass' }],
    [false, { kind: 'bearer', header: 'x-token' }, { 'x-token': 'user.pass,user.pass' }],
    [true, { kind: 'basic' }, { authorization: basic('handsoff:user.pass') }],
    [true, { kind: 'basic' }, { authorization: basic('robin:own-pass') }],
    [false, { kind: 'basic' }, { authorization: basic('handsoff:own-pass') }],
    [false, { kind: 'basic' }, { authorization: basic('robin:user.pass') }],
    [false, { kind: 'basic' }, { authorization: basic('user.pass') }],
    [false, { kind: 'basic' }, { authorization: basic('handsoff:user.pass ') }],
    [false, { kind: 'basic' }, { authorization: 'Basic user.pass' }],
    [false, { kind: 'basic' }, { authorization: 'Basic ' }],
    [true, { kind: 'routing-key' }, { 'x-routing-key': 'user.pass' }],
    [false, { kind: 'routing-key' }, { 'x-routing-key': 'user.pass,user.pass' }],
    [false, { kind: 'routing-key' }, {}],
  ])('passes (%s) as %j in %j', (expected, auth, headers) => {
    expect(passes(auth, headers, ['robin:own-pass', 'user.pass'])).toBe(expected);
  });

  it('is no routing key when header and body show two', () => {
    const headers = { 'x-routing-key': 'user.pass' };
    const shown = (routing_key: string) =>
      passes({ kind: 'routing-key' }, headers, ['user.pass'], JSON.stringify({ routing_key }));
    expect([shown('user.pass'), shown('other.key')]).toEqual([true, false]);
  });

  it.each([null, 1, {}, ['user.pass'], ''])('is no routing key when it is %j', (routing_key) => {
    expect(passes({ kind: 'routing-key' }, {}, ['user.pass'], JSON.stringify({ routing_key }))).toBe(false);
  });
});

describe('the comparison', () => {
  it('takes the same time for every secret: all are compared by digests of one length, whatever fits', () => {
    const compare = vi.spyOn(crypto, 'timingSafeEqual');
    syncBuiltinESMExports();
    const headers = { authorization: 'Bearer first' };
    expect(passes({ kind: 'bearer' }, headers, ['first', 'a-much-longer-second', 'x'])).toBe(true);
    expect(compare.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual([
      [32, 32],
      [32, 32],
      [32, 32],
    ]);
  });

  it('of signatures is the same one', () => {
    const compare = vi.spyOn(crypto, 'timingSafeEqual');
    syncBuiltinESMExports();
    expect(passes(timed, good, ['wrong-secret', 'grafana-hmac-secret'])).toBe(true);
    expect(compare).toHaveBeenCalledTimes(2);
  });
});
