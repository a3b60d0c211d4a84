import { describe, expect, it } from 'vitest';
import { type CalendarState, whyFrozen, windowOver } from '../../../functions/domain/change-calendar.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-12-24T18:00:00.000Z');
const christmas = {
  id: 'christmas',
  match: { event_action: ['trigger'] },
  once: { from: '2026-12-24T00:00:00Z', to: '2026-12-27T00:00:00Z' },
};
const holidays = {
  id: 'holidays',
  match: { event_action: ['trigger'] },
  once: { from: '2026-12-20T00:00:00Z', to: '2027-01-04T06:00:00Z' },
};
const evenings = {
  id: 'evenings',
  match: { resource: { type: ['AWS::EC2::Instance'] } },
  weekly: { days: ['thu'], from: '18:00', to: '20:00', timezone: 'Europe/Berlin' },
} as const;

describe('windowOver', () => {
  it('names the window that lasts longest', () => {
    expect(windowOver(anAlert(), [christmas, holidays], now)).toEqual({
      id: 'holidays',
      until: new Date('2027-01-04T06:00:00Z'),
    });
  });

  it('knows hours of every week by the clocks of a place', () => {
    expect(windowOver(anAlert(), [evenings], now)?.until).toEqual(new Date('2026-12-24T19:00:00Z'));
    expect(windowOver(anAlert(), [evenings], new Date('2026-12-24T19:00:00Z'))).toBeUndefined();
  });

  it('is about no other alert than its pattern matches', () => {
    const others = { ...christmas, match: { origin: { region: ['us-east-1'] } } };
    expect(windowOver(anAlert(), [others], now)).toBeUndefined();
  });
});

describe('whyFrozen', () => {
  it.each<[string, readonly string[], CalendarState | undefined, string | undefined]>([
    ['no calendar', [], { state: 'open' }, undefined],
    ['an open one', ['a'], { state: 'open' }, undefined],
    ['a closed one', ['a', 'b'], { state: 'closed' }, 'The change calendar a, b is closed.'],
    ['one that cannot be read', ['a'], undefined, 'Whether the change calendar a is open could not be read.'],
  ])('of %s', (_what, calendars, state, why) => {
    expect(whyFrozen(anAlert(), { freezes: [], calendars }, state, now)).toBe(why);
  });

  it('names a freeze of our own before any calendar', () => {
    const rules = { freezes: [christmas], calendars: ['a'] };
    expect(whyFrozen(anAlert(), rules, { state: 'open' }, now)).toBe(
      'The change freeze christmas lasts until 2026-12-27 00:00 UTC.',
    );
  });
});
