import { describe, expect, it } from 'vitest';
import { maxRequestBytes as limit, readRequest } from '../../../functions/receive-webhook/read-request.ts';
import { aRequest } from './a-webhook.ts';

describe('readRequest', () => {
  it('reads method, path, headers and the bytes of the body', () => {
    const request = readRequest(aRequest('/v2/enqueue', 'é', { method: 'put', headers: { 'X-Routing-Key': 'k' } }));
    expect(request).toMatchObject({ method: 'PUT', path: '/v2/enqueue', body: Buffer.from('é') });
    expect([request.header('x-routing-key'), request.header('constructor')]).toEqual(['k', undefined]);
  });

  it.each([
    [limit, false, limit],
    [limit + 1, false, 'too-large'],
    [limit, true, limit],
    [limit + 1, true, 'too-large'],
    [2 * limit, true, 'too-large'],
  ])('of %d bytes (base64: %s) reads %s', (bytes, isBase64Encoded, expected) => {
    const { body } = readRequest(aRequest('/', 'a'.repeat(bytes), { isBase64Encoded }));
    expect(body === 'too-large' ? body : body.length).toBe(expected);
  });

  it('counts bytes, not characters', () => {
    expect(readRequest(aRequest('/', 'é'.repeat(limit / 2 + 1))).body).toBe('too-large');
  });

  it.each([undefined, null, 'text', [], {}, { headers: 'a', requestContext: { http: 1 }, body: 1, rawPath: {} }])(
    'reads nothing from %j',
    (event) => {
      const request = readRequest(event);
      expect(request).toMatchObject({ method: '', path: '', body: Buffer.alloc(0) });
      expect(request.header('authorization')).toBeUndefined();
    },
  );

  it('reads no header that comes under two spellings', () => {
    const event = { headers: { 'X-Signature': 'a', 'x-signature': 'b', other: ['c'] } };
    expect([readRequest(event).header('x-signature'), readRequest(event).header('other')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
