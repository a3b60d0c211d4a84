import { describe, expect, it } from 'vitest';
import { endOfHours, nextStartOfHours, type WeeklyHours } from '../../../functions/domain/hours.ts';

const office: WeeklyHours = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '08:00',
  to: '18:00',
  timezone: 'Europe/Berlin',
};

describe('nextStartOfHours', () => {
  it.each([
    ['in the night before', '2026-11-02T01:30:20.000Z', '2026-11-02T07:00:00.000Z'],
    ['in the evening', '2026-11-02T17:00:00.000Z', '2026-11-03T07:00:00.000Z'],
    ['on a Friday evening', '2026-11-06T20:00:00.000Z', '2026-11-09T07:00:00.000Z'],
    ['where the clocks are set back before it', '2026-10-24T10:00:00.000Z', '2026-10-26T07:00:00.000Z'],
    ['where the clocks are set forward before it', '2026-03-28T10:00:00.000Z', '2026-03-30T06:00:00.000Z'],
  ])('is the next beginning %s', (_when, now, start) => {
    expect(nextStartOfHours(office, new Date(now)).toISOString()).toBe(start);
  });

  it('is a week away where the only day has just ended', () => {
    const sundays = { ...office, days: ['sun'], from: '22:00', to: '23:00', timezone: 'UTC' } as const;
    const now = new Date('2026-11-01T23:00:00.000Z');
    expect(nextStartOfHours(sundays, now).toISOString()).toBe('2026-11-08T22:00:00.000Z');
  });
});

/** Each of them on a night, or around one, when the clocks of its place are set. */
const nights: readonly (readonly [place: string, day: string])[] = [
  ['Europe/Berlin', '2026-03-28'],
  ['Europe/Berlin', '2026-10-24'],
  ['America/New_York', '2026-03-07'],
  ['America/New_York', '2026-10-31'],
  // At midnight, by which the day begins an hour late.
  ['Africa/Cairo', '2026-04-23'],
  ['America/Santiago', '2026-09-05'],
  // By half an hour.
  ['Australia/Lord_Howe', '2026-10-03'],
];

describe('hours of a night when the clocks are set', () => {
  it.each(nights)('begin and end when the clocks of %s say so, in the night of %s', (timezone, day) => {
    for (const [from, to] of [
      ['00:00', '06:00'],
      ['02:30', '05:00'],
      ['22:00', '04:00'],
      ['01:15', '02:45'],
    ] as const) {
      const hours: WeeklyHours = { days: ['fri', 'sat', 'sun'], from, to, timezone };
      for (let hour = 0; hour < 48; hour += 3) {
        const now = new Date(Date.parse(`${day}T00:07:00.000Z`) + hour * 3_600_000);
        const end = endOfHours(hours, now);
        const change = end ?? nextStartOfHours(hours, now);
        expect([from, to, now, change]).toEqual([from, to, now, changeSeenByWaiting(hours, now)]);
      }
    }
  });

  it('end at the time of day that they say', () => {
    const night: WeeklyHours = { ...office, days: ['sun'], from: '01:00', to: '04:00' };
    expect(endOfHours(night, new Date('2026-03-29T00:30:00.000Z'))).toEqual(new Date('2026-03-29T02:00:00.000Z'));
    expect(endOfHours(night, new Date('2026-10-24T23:30:00.000Z'))).toEqual(new Date('2026-10-25T03:00:00.000Z'));
  });
});

/** Whoever looks every quarter of an hour sees it: no hours above begin or end at another time. */
function changeSeenByWaiting(hours: WeeklyHours, now: Date): Date {
  const isOn = endOfHours(hours, now) !== undefined;
  const quarter = 900_000;
  for (let time = Math.ceil(now.getTime() / quarter) * quarter; ; time += quarter)
    if ((endOfHours(hours, new Date(time)) !== undefined) !== isOn) return new Date(time);
}
