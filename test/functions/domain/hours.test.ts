import { describe, expect, it } from 'vitest';
import { nextStartOfHours, type WeeklyHours } from '../../../functions/domain/hours.ts';

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
