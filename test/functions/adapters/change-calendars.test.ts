import { describe, expect, it } from 'vitest';
import { ChangeCalendars } from '../../../functions/adapters/change-calendars.ts';
import { awsAnswers, type SentCall } from './aws-answers.ts';

function calendars(answer: object, sent: SentCall[] = []): ChangeCalendars {
  return new ChangeCalendars(awsAnswers({ GetCalendarStateCommand: answer }, sent));
}

describe('ChangeCalendars', () => {
  it('asks of all at once, which are open only together', async () => {
    const sent: SentCall[] = [];
    const read = calendars({ State: 'OPEN', NextTransitionTime: '2026-12-24T00:00:00Z' }, sent).read(['a', 'b']);
    expect(await read).toEqual({ state: 'open' });
    expect(sent.map(({ input }) => input)).toEqual([{ CalendarNames: ['a', 'b'] }]);
  });

  it('says until when they are closed', async () => {
    const until = '2026-12-27T00:00:00Z';
    expect(await calendars({ State: 'CLOSED', NextTransitionTime: until }).read(['a'])).toEqual({
      state: 'closed',
      until,
    });
  });

  it.each([
    ['there is no such document', new Error('InvalidDocument')],
    ['the answer is none that is known', { State: 'HALF' }],
    ['the answer is empty', {}],
  ])('knows nothing where %s', async (_what, answer) => {
    expect(await calendars(answer).read(['a'])).toBeUndefined();
  });

  it('asks nobody where no calendar is listed', async () => {
    const sent: SentCall[] = [];
    expect(await calendars({}, sent).read([])).toEqual({ state: 'open' });
    expect(sent).toEqual([]);
  });
});
