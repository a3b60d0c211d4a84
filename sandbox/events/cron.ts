import { compileDayOfMonth, compileDayOfWeek, type MatchDay } from './cron-day.ts';
import { compileCronField, MONTH_NAMES } from './cron-field.ts';
import type { NextTime } from './schedule-expression.ts';

interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  readonly matchesDay: MatchDay;
}

const DAY_MS = 86_400_000;

/**
 * Compiles the six fields of a cron expression: minutes, hours, day of month, month, day of week, year (1970 to 2199).
 * One of the two day fields must be `?`. Gives undefined for what EventBridge refuses.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function compileCron(fields: string): NextTime | undefined {
  const cron = readCron(fields.split(' '));
  return cron && ((afterMs) => findNext(cron, afterMs));
}

function readCron(fields: readonly string[]): Cron | undefined {
  const [minuteField = '', hourField = '', dayOfMonth = '', monthField = '', dayOfWeek = '', yearField = ''] = fields;
  const minutes = compileCronField(minuteField, { least: 0, most: 59 });
  const hours = compileCronField(hourField, { least: 0, most: 23 });
  const months = compileCronField(monthField, { least: 1, most: 12, names: MONTH_NAMES });
  const years = compileCronField(yearField, { least: 1970, most: 2199 });
  const matchesDay = compileDay(dayOfMonth, dayOfWeek);
  if (fields.length !== 6 || !minutes || !hours || !months || !years || !matchesDay) return undefined;
  return { minutes, hours, months, years, matchesDay };
}

function compileDay(dayOfMonth: string, dayOfWeek: string): MatchDay | undefined {
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;
  return dayOfMonth === '?' ? compileDayOfWeek(dayOfWeek) : compileDayOfMonth(dayOfMonth);
}

function findNext(cron: Cron, afterMs: number): number | undefined {
  const afterYear = new Date(afterMs).getUTCFullYear();
  for (const year of cron.years.filter((candidate) => candidate >= afterYear)) {
    for (const month of cron.months) {
      if (Date.UTC(year, month, 1) <= afterMs) continue;
      const found = findInMonth(cron, year, month, afterMs);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function findInMonth(cron: Cron, year: number, month: number, afterMs: number): number | undefined {
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  for (let day = 1; day <= lastDay; day++) {
    const startMs = Date.UTC(year, month - 1, day);
    if (startMs + DAY_MS <= afterMs || !cron.matchesDay({ year, month, day, lastDay })) continue;
    const times = cron.hours.flatMap((hour) => cron.minutes.map((minute) => startMs + (hour * 60 + minute) * 60_000));
    const found = times.find((time) => time > afterMs);
    if (found !== undefined) return found;
  }
  return undefined;
}
