import { describe, expect, it } from 'vitest';
import { isReadableType, readBody } from '../../../functions/receive-webhook/read-body.ts';
import { readRequest } from '../../../functions/receive-webhook/read-request.ts';
import type { Sender } from '../../../functions/receive-webhook/senders.ts';

const request = (headers: Record<string, string>) => readRequest({ headers });
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const read = (text: string, headers: Record<string, string> = {}, mayAlsoSend?: Sender['mayAlsoSend']) =>
  readBody(request(headers), Buffer.from(text), mayAlsoSend);

describe('isReadableType', () => {
  it.each([
    {},
    { 'content-type': 'application/json' },
    { 'content-type': 'Application/JSON; charset=utf-8' },
    { 'content-type': 'text/plain; charset=UTF-8' },
    { 'content-type': 'application/cloudevents+json' },
    { 'content-type': 'application/vnd.github.v3+json;x=1' },
    form,
    { 'content-encoding': 'identity' },
  ])('reads %j', (headers) => {
    expect(isReadableType(request(headers))).toBe(true);
  });

  it.each([
    { 'content-type': 'application/octet-stream' },
    { 'content-type': 'application/jsonx' },
    { 'content-type': 'multipart/form-data; boundary=application/json' },
    { 'content-type': 'text/html' },
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'identity, gzip' },
    { 'content-encoding': 'br' },
  ])('does not read %j', (headers) => {
    expect(isReadableType(request(headers))).toBe(false);
  });
});

describe('readBody', () => {
  it('reads JSON whatever it is called', () => {
    for (const mayAlsoSend of [undefined, 'forms', 'cloud-events'] as const)
      expect(read(' {"a":1}', form, mayAlsoSend)).toEqual({ ok: true, value: { a: 1 } });
  });

  it('reads a form as its fields, or the payload in it', () => {
    expect(read('a=1&b=x%20y', form, 'forms')).toEqual({ ok: true, value: { a: '1', b: 'x y' } });
    expect(read('payload=%7B%22a%22%3A1%7D', form, 'forms')).toEqual({ ok: true, value: { a: 1 } });
  });

  it('holds a form to the limits of JSON', () => {
    expect(read('__proto__=1&constructor=2&a=3', form, 'forms')).toEqual({ ok: true, value: { a: '3' } });
    expect(read('a=1&a=2', form, 'forms')).toEqual({ ok: false, reason: 'duplicate-key' });
    const wide = Array.from({ length: 1001 }, (_, index) => `k${index}=`).join('&');
    expect(read(wide, form, 'forms')).toEqual({ ok: false, reason: 'too-many-keys' });
    expect(read(`payload=${'['.repeat(40)}`, form, 'forms')).toEqual({ ok: false, reason: 'too-deep' });
  });

  it('reads no form of who sends none', () => {
    expect(read('a=1', form)).toEqual({ ok: false, reason: 'not-json' });
  });

  it('reads a CloudEvent whose attributes are headers', () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-type': 'disk.full',
      'ce-source': '/a%20b',
      'ce-subject': '%',
    };
    const attributes = { specversion: '1.0', id: '1', type: 'disk.full', source: '/a b', subject: '%' };
    expect(read('{"a":1}', headers, 'cloud-events')).toEqual({ ok: true, value: { ...attributes, data: { a: 1 } } });
    expect(read('', headers, 'cloud-events')).toEqual({ ok: true, value: attributes });
    expect(read('{', headers, 'cloud-events')).toEqual({ ok: false, reason: 'not-json' });
    expect(read('{"a":1}', headers)).toEqual({ ok: true, value: { a: 1 } });
  });

  it('reads no attribute of a CloudEvent that is too long to be one', () => {
    const headers = { 'ce-specversion': '1.0', 'ce-id': 'x'.repeat(2049) };
    expect(read('', headers, 'cloud-events')).toEqual({ ok: true, value: { specversion: '1.0' } });
  });
});
