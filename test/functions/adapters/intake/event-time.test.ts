import { describe, expect, it } from 'vitest';
import { isTime, readTime, transitionTime } from '../../../../functions/adapters/intake/event-time.ts';

describe('readTime', () => {
  it.each<[string, unknown, string]>([
    ['RFC 3339', '2026-11-02T03:00:04.215Z', '2026-11-02T03:00:04.215Z'],
    ['nanoseconds', '2026-11-02T03:00:04.215999999Z', '2026-11-02T03:00:04.215Z'],
    ['small letters and a blank', '2026-11-02 03:00:04z', '2026-11-02T03:00:04.000Z'],
    ['an offset', '2026-11-02T08:30:04+05:30', '2026-11-02T03:00:04.000Z'],
    ['an offset without a colon, as CloudWatch has it', '2026-11-02T03:00:04.215+0000', '2026-11-02T03:00:04.215Z'],
    ['an offset of hours alone, as PostgreSQL has it', '2026-11-02 05:00:04.215+02', '2026-11-02T03:00:04.215Z'],
    ['a leap second', '2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000Z'],
    ['RFC 1123, as AWS Health has it', 'Fri, 27 Jan 2023 06:02:51 GMT', '2023-01-27T06:02:51.000Z'],
    ['seconds', 1793588404, '2026-11-02T03:00:04.000Z'],
    ['seconds with a fraction, as text', '1793588404.215', '2026-11-02T03:00:04.215Z'],
    ['milliseconds', 1793588404215, '2026-11-02T03:00:04.215Z'],
    ['microseconds', 1793588404215000, '2026-11-02T03:00:04.215Z'],
    ['nanoseconds since 1970, as text', '1793588404215000000', '2026-11-02T03:00:04.215Z'],
  ])('reads %s', (_what, written, expected) => {
    expect(readTime(written)?.toISOString()).toBe(expected);
  });

  it.each<[string, unknown]>([
    ['without an offset', '2026-11-02T03:00:04'],
    ['of words', 'yesterday'],
    ['of no day', '2026-02-30T25:00:00Z'],
    ['too large for any unit', 1e20],
    ['that is endless', Number.POSITIVE_INFINITY],
    ['in a list', [1793588404]],
    ['that is not there', undefined],
  ])('reads nothing of a time %s', (_what, written) => {
    expect([readTime(written), isTime(written)]).toEqual([undefined, false]);
  });

  it.each<[string, unknown]>([
    ['Go’s zero time', '0001-01-01T00:00:00Z'],
    ['0 seconds', 0],
    ['the clock of a device that was never set', '1970-01-01T00:07:31Z'],
    ['a year whose text sorts before all others', '9999-12-31T23:00:00-02:00'],
  ])('takes %s for a time that is not told', (_what, written) => {
    expect([readTime(written), isTime(written)]).toEqual([undefined, true]);
  });
});

describe('transitionTime', () => {
  const receivedAt = new Date('2026-11-02T03:00:06.000Z');

  it('is the sender’s, and never later than when it came', () => {
    expect(transitionTime(new Date('2026-11-02T03:00:04.215Z'), receivedAt)).toBe('2026-11-02T03:00:04.215Z');
    for (const sent of [undefined, new Date('2026-11-02T03:00:06.001Z'), new Date('9999-01-01T00:00:00Z')])
      expect(transitionTime(sent, receivedAt)).toBe('2026-11-02T03:00:06.000Z');
  });

  it('may be as far ahead as is said', () => {
    const sent = new Date('2026-11-02T03:00:07.000Z');
    expect(transitionTime(sent, receivedAt, 1000)).toBe(sent.toISOString());
    expect(transitionTime(sent, receivedAt, 999)).toBe(receivedAt.toISOString());
  });
});
