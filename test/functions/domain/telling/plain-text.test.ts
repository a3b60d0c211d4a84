import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBytes, cutText, oneLine, plainText } from '../../../../functions/domain/telling/plain-text.ts';

describe('plainText', () => {
  it.each([
    ['zero-width space', 'pay\u200Bpal', 'paypal'],
    ['right-to-left override', 'gpj.\u202Eexe', 'gpj.exe'],
    ['isolates', '\u2066a\u2069', 'a'],
    ['byte order mark', '\uFEFFa', 'a'],
    ['soft hyphen', 'a\u00ADb', 'ab'],
    ['tag characters', 'a\u{E0041}b', 'ab'],
    ['Hangul filler', 'a\u3164b', 'ab'],
    ['a lone surrogate', 'a\uD83Db', 'ab'],
    ['terminal colours', '\u001B[31mred', ' [31mred'],
    ['a null', 'a\u0000b', 'a b'],
    ['line separators', 'a\u2028b\r\nc', 'a\nb\nc'],
  ])('takes out %s', (_what, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it.each(['Ünïcödé', '日本語', '🔥 fire', 'a\nb'])('keeps %j', (text) => {
    expect(plainText(text)).toBe(text);
  });

  it('puts text on one line', () => {
    expect(oneLine('  a\n\n b\tc ')).toBe('a b c');
  });
});

describe('cutText and cutBytes', () => {
  it('leave alone what fits', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutBytes('abc', 3, '…')).toBe('abc');
  });

  it('show that something is missing', () => {
    expect(cutText('abcd', 3)).toBe('ab…');
    expect(cutBytes('abcdefgh', 6, '[cut]')).toBe('a[cut]');
  });

  it('never cut inside a code point, nor leave more than was allowed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 10, max: 50 }), (text, max) => {
        for (const cut of [cutText(text, max), cutBytes(text, max, '…')]) {
          expect(cut).not.toMatch(/\p{Cs}/u);
        }
        expect(cutText(text, max).length).toBeLessThanOrEqual(max);
        expect(Buffer.byteLength(cutBytes(text, max, '…'))).toBeLessThanOrEqual(max);
      }),
    );
  });
});
