import { compileCronField, cronValue, type CronRange } from './cron-field.ts';

/** One day of the calendar, UTC. */
export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** How many days the month has. */
  readonly lastDay: number;
}

/** Says whether a schedule fires on a day. */
export type MatchDay = (day: CalendarDay) => boolean;

const DAYS_OF_MONTH: CronRange = { least: 1, most: 31 };
const DAYS_OF_WEEK: CronRange = { least: 1, most: 7, names: 'SUN MON TUE WED THU FRI SAT'.split(' ') };
const SATURDAY = 7;
const SUNDAY = 1;

/** Compiles the day-of-month field: lists of values, ranges and steps, `L` (the last day), `15W` and `LW` (weekdays). */
export function compileDayOfMonth(field: string): MatchDay | undefined {
  if (field === 'L') return ({ day, lastDay }) => day === lastDay;
  if (field === 'LW') return (date) => date.day === nearestWeekday(date, date.lastDay);
  const nearest = /^(\d{1,2})W$/.exec(field)?.[1];
  if (nearest !== undefined) {
    const wanted = cronValue(nearest, DAYS_OF_MONTH);
    return wanted === undefined ? undefined : (date) => date.day === nearestWeekday(date, wanted);
  }
  const days = compileCronField(field, DAYS_OF_MONTH);
  return days && (({ day }) => days.includes(day));
}

/** Compiles the day-of-week field: lists of values, ranges and steps, `6L` (the last Friday), `3#2` (the second Tuesday). */
export function compileDayOfWeek(field: string): MatchDay | undefined {
  if (field === 'L') return (date) => weekdayOf(date) === SATURDAY;
  const [, name = '', suffix, nth] = /^(\w+?)(L|#([1-5]))$/.exec(field) ?? [];
  if (suffix !== undefined) {
    const wanted = cronValue(name, DAYS_OF_WEEK);
    if (wanted === undefined) return undefined;
    return (date) => weekdayOf(date) === wanted && (nth === undefined ? isLast(date) : nthOf(date) === Number(nth));
  }
  const days = compileCronField(field, DAYS_OF_WEEK);
  return days && ((date) => days.includes(weekdayOf(date)));
}

function weekdayOf({ year, month, day }: CalendarDay): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function isLast({ day, lastDay }: CalendarDay): boolean {
  return day + 7 > lastDay;
}

function nthOf({ day }: CalendarDay): number {
  return Math.ceil(day / 7);
}

function nearestWeekday(date: CalendarDay, wanted: number): number | undefined {
  if (wanted > date.lastDay) return undefined;
  const weekday = weekdayOf({ ...date, day: wanted });
  if (weekday === SATURDAY) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === SUNDAY) return wanted === date.lastDay ? wanted - 2 : wanted + 1;
  return wanted;
}
