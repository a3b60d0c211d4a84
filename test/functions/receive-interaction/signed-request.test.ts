import { describe, expect, it } from 'vitest';
import { isSignedWith, readSignedRequest } from '../../../functions/receive-interaction/signed-request.ts';
import { aPayload, aRequest, formOf, signatureOf, signingSecret } from './a-click.ts';

const now = new Date('2026-11-02T03:00:00.500Z');
const body = formOf(aPayload('acknowledge', 'inc-1'));
const timestamp = String(Math.floor(now.getTime() / 1000));
const good = signatureOf(body, timestamp);

/** Whether a request is taken as authentic. */
function passes(event: unknown, secret = signingSecret, at = now): boolean {
  const request = readSignedRequest(event);
  return request !== undefined && isSignedWith(secret, request, at);
}
const withHeaders = (headers: Record<string, unknown>) => aRequest(body, now, { headers });
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('a signed request', () => {
  it('knows the example of Slack’s own documentation', () => {
    const example =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    expect(passes({ headers, body: example }, '8f742231b10e8888abcd99yyyzzz85a5', new Date(1_531_420_618_000))).toBe(
      true,
    );
  });

  it.each([false, true])('passes when it is what Slack signed (base64: %s)', (isBase64Encoded) => {
    expect(passes(aRequest(body, now, { isBase64Encoded }))).toBe(true);
  });

  it('passes whatever the case of its header names', () => {
    expect(passes({ body, headers: { 'X-Slack-Signature': good, 'X-Slack-Request-Timestamp': timestamp } })).toBe(true);
  });

  it.each([
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])('%d seconds after it was made, passing is %s', (seconds, expected) => {
    expect(passes(aRequest(body, now), signingSecret, at(seconds))).toBe(expected);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no signature', { 'x-slack-signature': undefined }],
    ['an empty signature', { 'x-slack-signature': '' }],
    ['a truncated signature', { 'x-slack-signature': good.slice(0, -1) }],
    ['a longer signature', { 'x-slack-signature': `${good}0` }],
    ['an upper-case signature', { 'x-slack-signature': `v0=${good.slice(3).toUpperCase()}` }],
    ['a signature of another version', { 'x-slack-signature': good.replace('v0=', 'v1=') }],
    ['a signature without its version', { 'x-slack-signature': good.slice(3) }],
    ['two signatures, joined', { 'x-slack-signature': `${good},${good}` }],
    ['two signatures, under two spellings', { 'X-Slack-Signature': good }],
    ['a list of signatures', { 'x-slack-signature': [good] }],
    ['a line break after the signature', { 'x-slack-signature': `${good}\n` }],
    ['another secret', { 'x-slack-signature': signatureOf(body, timestamp, 'another') }],
    ['no timestamp', { 'x-slack-request-timestamp': undefined }],
    ['a timestamp in milliseconds', { 'x-slack-request-timestamp': `${timestamp}000` }],
    ['a timestamp with a sign', { 'x-slack-request-timestamp': `+${timestamp}` }],
    ['another timestamp than was signed', { 'x-slack-request-timestamp': String(Number(timestamp) - 1) }],
    ['two timestamps, joined', { 'x-slack-request-timestamp': `${timestamp},${timestamp}` }],
    ['a timestamp that is no number', { 'x-slack-request-timestamp': 'NaN' }],
  ])('does not pass with %s', (_what, headers) => {
    expect(passes(withHeaders(headers))).toBe(false);
  });

  it('does not pass with another body, even one that means the same', () => {
    const event = aRequest(body, now);
    expect(passes({ ...event, body: `${body}&` })).toBe(false);
    expect(passes({ ...event, body: formOf(aPayload('resolve', 'inc-1')) })).toBe(false);
  });

  it('does not pass above 256 KiB, signed or not', () => {
    expect(passes(aRequest('a'.repeat(256 * 1024), now))).toBe(true);
    expect(passes(aRequest('a'.repeat(256 * 1024 + 1), now))).toBe(false);
    expect(passes(aRequest('a'.repeat(256 * 1024 + 1), now, { isBase64Encoded: true }))).toBe(false);
    expect(passes(aRequest('é'.repeat(200 * 1024), now))).toBe(false);
  });

  it('does not pass while no secret is stored, even when signed with nothing', () => {
    const signature = signatureOf(body, timestamp, '');
    expect(passes(withHeaders({ 'x-slack-signature': signature }), '')).toBe(false);
  });

  it.each([undefined, null, 'text', {}, { body: 1 }, { body, headers: null }, { body, headers: [] }])(
    'does not pass for %j',
    (event) => {
      expect(passes(event)).toBe(false);
    },
  );
});
