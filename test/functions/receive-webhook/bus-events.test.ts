import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertQuarantined, alertReceived, maxPieceBytes } from '../../../functions/receive-webhook/bus-events.ts';

const intake = { integration: 'tool', format: 'generic', secrets: ['user:correct-horse'], receivedAt: new Date(0) };
const received = (piece: Record<string, unknown>) => {
  const event = alertReceived(intake, piece);
  return { ...event, detail: JSON.parse(event.detail) };
};
const quarantined = (...args: [body: string, errors?: { path: string; message: string }[]]) =>
  JSON.parse(alertQuarantined(intake, 'invalid', ...args).detail);

describe('alertReceived', () => {
  it('carries the integration and the piece', () => {
    expect(received({ a: [1, null, true, { b: 'c' }] })).toEqual({
      source: 'handsoff.generic',
      detailType: 'Alert Received',
      detail: {
        integration: 'tool',
        received_at: '1970-01-01T00:00:00.000Z',
        piece: { a: [1, null, true, { b: 'c' }] },
      },
    });
  });

  it('carries no routing key, no authorization and no secret, at any depth', () => {
    const piece = {
      routing_key: 'x',
      Authorization: 'x',
      a: [{ routing_key: 'x', 'X-Routing-Key': 'x', text: 'user:correct-horse, correct-horse' }],
      'correct-horse': 1,
    };
    expect(received(piece).detail.piece).toEqual({ a: [{ text: '[redacted], [redacted]' }], '[redacted]': 1 });
  });

  it('carries numbers that the bus does not take as text', () => {
    expect(received({ a: 2 ** 63, b: -1e300, c: 2 ** 53, d: 0.5 }).detail.piece).toEqual({
      a: '9223372036854776000',
      b: '-1e+300',
      c: 2 ** 53,
      d: 0.5,
    });
  });

  it('carries no half character', () => {
    expect(received({ a: 'x\ud800y', b: '😀' }).detail.piece).toEqual({ a: 'x\uFFFDy', b: '😀' });
  });

  it('cuts custom details that are too big, says so, and leaves the rest', () => {
    const custom_details = { log: 'é'.repeat(150_000) };
    const { piece } = received({ dedup_key: 'k', payload: { summary: 's', custom_details } }).detail;
    expect(piece).toMatchObject({ dedup_key: 'k', payload: { summary: 's' } });
    expect(piece.payload.custom_details.handsoff_cut).toBe(
      'The custom details had 300010 bytes; these are their first 16384.',
    );
    expect(Buffer.byteLength(piece.payload.custom_details.begins)).toBeLessThanOrEqual(16_384);
    expect(piece.payload.custom_details.begins).toMatch(/^\{"log":"é+…$/);
  });

  it('cuts long texts and lists where there are no custom details', () => {
    const { piece } = received({
      labels: { a: 'x'.repeat(300_000) },
      tags: Array.from({ length: 5000 }, () => 't'),
    }).detail;
    expect(piece.labels.a).toMatch(/^x{8000,}…$/);
    expect(piece.tags).toHaveLength(200);
  });

  it('leaves what fits as it is', () => {
    const piece = { labels: { a: 'x'.repeat(100_000) }, payload: { custom_details: { b: 'y'.repeat(50_000) } } };
    expect(received(piece).detail.piece).toEqual(piece);
  });

  it('puts aside what cannot be made to fit', () => {
    const piece = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, 'x'.repeat(1000)]));
    const { detailType, detail } = received(piece);
    expect(detailType).toBe('Alert Quarantined');
    expect(detail.reason).toBe('piece-too-large');
  });

  it('is never larger than the bus and what is behind it take', () => {
    const text = fc
      .string({ maxLength: 40, unit: 'binary' })
      .chain((part) => fc.integer({ min: 0, max: 20_000 }).map((times) => part.repeat(times)));
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(text, fc.array(text, { maxLength: 3 })), { maxKeys: 5 }),
        (piece) => {
          expect(Buffer.byteLength(alertReceived(intake, piece).detail)).toBeLessThanOrEqual(maxPieceBytes + 1024);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('alertQuarantined', () => {
  it('carries the reason, the errors and the body', () => {
    const errors = [{ path: 'payload.summary', message: 'is missing' }];
    expect(quarantined('{"a":1}', errors)).toEqual({ integration: 'tool', reason: 'invalid', errors, body: '{"a":1}' });
  });

  it('keeps 32 KiB of the body and hides the secret in it', () => {
    const { body } = quarantined(`user:correct-horse ${'é'.repeat(300_000)}`);
    expect(body).toMatch(/^\[redacted\] é+… \[cut by Handsoff\]$/);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(32 * 1024);
  });

  it('keeps twenty errors, each cut', () => {
    const errors = Array.from({ length: 1000 }, () => ({ path: 'p'.repeat(1000), message: 'm'.repeat(1000) }));
    const kept = quarantined('', errors).errors;
    expect(kept).toHaveLength(20);
    expect([kept[0].path.length, kept[0].message.length]).toEqual([200, 500]);
  });
});
