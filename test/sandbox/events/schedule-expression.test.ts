import { describe, expect, it } from 'vitest';
import { InvalidRuleError } from '../../../sandbox/events/descriptions.ts';
import { compileSchedule } from '../../../sandbox/events/schedule-expression.ts';

const START = Date.parse('2026-01-01T00:00:30Z');

function firesOf(expression: string, count: number, from = START): readonly string[] {
  const next = compileSchedule(expression, from);
  const fires: string[] = [];
  for (let at = next(from); at !== undefined && fires.length < count; at = next(at)) {
    fires.push(new Date(at).toISOString().slice(0, 16));
  }
  return fires;
}

describe('rate', () => {
  it.each([
    ['rate(1 minute)', ['2026-01-01T00:01', '2026-01-01T00:02']],
    ['rate(5 minutes)', ['2026-01-01T00:05', '2026-01-01T00:10']],
    ['rate(1 hour)', ['2026-01-01T01:00', '2026-01-01T02:00']],
    ['rate(7 days)', ['2026-01-08T00:00', '2026-01-15T00:00']],
  ])('%s first fires one period after it started', (expression, expected) => {
    expect(firesOf(expression, 2)).toEqual(expected);
  });

  it.each(
    [
      'rate(10 seconds)|rate(10 years)|rate(1 minutes)|rate(1 hours)|rate(10 minute)|rate(10 day)|rate()|rate(10)',
      'rate(10 minutess)|rate(foo minutes)|rate(0 minutes)|rate(-10 minutes)|rate(10 MINUTES)|rate( 10 minutes )',
      ' rate(10 minutes)|rate(1.5 hours)|every(5 minutes)|',
    ]
      .join('|')
      .split('|'),
  )('refuses "%s"', (expression) => {
    expect(() => compileSchedule(expression, START)).toThrow(InvalidRuleError);
  });
});

describe('cron', () => {
  it.each([
    ['cron(0 10 * * ? *)', ['2026-01-01T10:00', '2026-01-02T10:00']],
    ['cron(15 12 * * ? *)', ['2026-01-01T12:15', '2026-01-02T12:15']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-01-01T18:00', '2026-01-02T18:00', '2026-01-05T18:00']],
    ['cron(0 8 1 * ? *)', ['2026-01-01T08:00', '2026-02-01T08:00']],
    ['cron(0/15 * * * ? *)', ['2026-01-01T00:15', '2026-01-01T00:30']],
    ['cron(0/5 8-17 ? * MON-FRI *)', ['2026-01-01T08:00', '2026-01-01T08:05']],
    ['cron(0/30 20-23 ? * MON-FRI *)', ['2026-01-01T20:00', '2026-01-01T20:30']],
    ['cron(5,35 14 * * ? *)', ['2026-01-01T14:05', '2026-01-01T14:35']],
    ['cron(0 2 ? * SAT#3 *)', ['2026-01-17T02:00', '2026-02-21T02:00']],
    ['cron(15 10 ? * 6L *)', ['2026-01-30T10:15', '2026-02-27T10:15']],
    ['cron(0 0 L * ? *)', ['2026-01-31T00:00', '2026-02-28T00:00']],
    ['cron(0 0 LW * ? *)', ['2026-01-30T00:00', '2026-02-27T00:00']],
    ['cron(0 0 31 * ? *)', ['2026-01-31T00:00', '2026-03-31T00:00']],
    ['cron(0 0 15W FEB,MAR ? *)', ['2026-02-16T00:00', '2026-03-16T00:00']],
    ['cron(0 0 1W AUG ? *)', ['2026-08-03T00:00', '2027-08-02T00:00']],
    ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['cron(0 9 ? * 2 2027)', ['2027-01-04T09:00', '2027-01-11T09:00']],
  ])('%s fires in UTC', (expression, expected) => {
    expect(firesOf(expression, expected.length)).toEqual(expected);
  });

  it('fires no more when its years are over', () => {
    expect(firesOf('cron(0/5 5 ? JAN 1-5 2022)', 1)).toEqual([]);
  });

  it.each([
    'cron(0 1 * * * *)',
    'cron(0 1 ? * ? *)',
    'cron(0 dummy ? * MON-FRI *)',
    'cron(7 20 * * NOT *)',
    'cron(71 8 1 * ? *)',
    'cron(INVALID)',
    'cron(0 24 * * ? *)',
    'cron(0 0 32 * ? *)',
    'cron(0 0 ? * 8 *)',
    'cron(0 0 ? * 2#6 *)',
    'cron(0 0 * 13 ? *)',
    'cron(0 0 * * ? 1969)',
    'cron(5-1 0 * * ? *)',
    'cron(0/0 0 * * ? *)',
    'cron(0 0 * * ?)',
  ])('refuses %s', (expression) => {
    expect(() => compileSchedule(expression, START)).toThrow(
      `Parameter ScheduleExpression is not valid: ${expression}.`,
    );
  });
});
