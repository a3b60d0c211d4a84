import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitDetails, maxDetailsBytes } from '../../../../functions/adapters/intake/fit-details.ts';

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const nested = (levels: number): unknown => (levels === 0 ? 'end' : { a: nested(levels - 1) });

function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf));
}

describe('fitDetails', () => {
  it('leaves alone what fits', () => {
    const details = { a: [1, null, { b: 'c' }], d: nested(7) };
    expect(fitDetails(details)).toEqual(details);
  });

  it('makes text of what lies deeper than DynamoDB could store', () => {
    const fitted = fitDetails({ a: nested(31), b: 'kept' });
    expect(levelsOf(fitted)).toBe(8);
    expect(JSON.stringify(fitted)).toContain('end');
    expect(fitted).toMatchObject({ b: 'kept' });
  });

  it('cuts what is too large, and says so', () => {
    const fitted = fitDetails({ log: 'é'.repeat(9000), list: Array.from({ length: 500 }, (_, index) => ({ index })) });
    expect(bytesOf(fitted)).toBeLessThanOrEqual(maxDetailsBytes);
    expect(JSON.stringify(fitted)).toContain('…');
  });

  it('always fits, whatever comes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 12 })), (details) => {
        const fitted = fitDetails(details);
        expect(bytesOf(fitted)).toBeLessThanOrEqual(maxDetailsBytes);
        expect(levelsOf(fitted)).toBeLessThanOrEqual(8);
      }),
    );
  });
});
