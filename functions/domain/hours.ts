/** Days as `config/*.yaml` spells them, in the order of `Intl`. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** Hours of every week, by the clocks of a place. */
export interface WeeklyHours {
  readonly days: readonly Weekday[];
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`; one that is not after `from` is on the next day. */
  readonly to: string;
  /** Name in the IANA time zone database, such as `Europe/Berlin`. */
  readonly timezone: string;
}

/** A time in which some alerts are expected and call nobody. */
export interface MaintenanceWindow {
  readonly id: string;
  /** An EventBridge pattern over the alert. */
  readonly match: unknown;
  /** Once: both ISO 8601. */
  readonly once?: { readonly from: string; readonly to: string };
  readonly weekly?: WeeklyHours;
}

const minutesOfDay = 1440;

/** Until when these hours last, if they are going on at `now`. */
export function endOfHours(hours: WeeklyHours, now: Date): Date | undefined {
  const left = minutesLeftOf(hours, now);
  return left === undefined ? undefined : changeAfter(hours, now, left);
}

/** When these hours begin next, where they are not going on at `now`. */
export function nextStartOfHours(hours: WeeklyHours, now: Date): Date {
  const { weekday, minute } = localTimeOf(now, hours.timezone);
  const from = minuteOf(hours.from);
  const starts = hours.days.map((day) => {
    const daysAhead = (weekdays.indexOf(day) - weekday + 7) % 7;
    const ahead = daysAhead * minutesOfDay + from - minute;
    return ahead > 0 ? ahead : ahead + 7 * minutesOfDay;
  });
  return changeAfter(hours, now, Math.min(...starts));
}

/** Minutes on the clocks until these hours end; undefined where they are not going on. */
function minutesLeftOf(hours: WeeklyHours, now: Date): number | undefined {
  const { weekday, minute } = localTimeOf(now, hours.timezone);
  const from = minuteOf(hours.from);
  const length = (minuteOf(hours.to) - from + minutesOfDay) % minutesOfDay || minutesOfDay;
  for (const daysAgo of [0, 1]) {
    const day = weekdays[(weekday - daysAgo + 7) % 7];
    const sinceStart = minute + daysAgo * minutesOfDay - from;
    if (day && hours.days.includes(day) && sinceStart >= 0 && sinceStart < length) return length - sinceStart;
  }
  return undefined;
}

/** The most by which clocks are set forward or back, in minutes. */
const maxShift = 120;

/**
 * When these hours begin or end that do so `minutes` on the clocks from `now`. Where the clocks are set before that, or in
 * that very hour, it is looked for minute by minute.
 */
function changeAfter(hours: WeeklyHours, now: Date, minutes: number): Date {
  const expected = minutesAfter(now, minutes);
  const minuteAt = (time: Date) => localTimeOf(time, hours.timezone).minute;
  if (minuteAt(expected) === (minuteAt(now) + minutes) % minutesOfDay) return expected;
  const isOn = minutesLeftOf(hours, now) !== undefined;
  for (let after = Math.max(1, minutes - maxShift); after <= minutes + maxShift; after++) {
    const time = minutesAfter(now, after);
    if ((minutesLeftOf(hours, time) !== undefined) !== isOn) return time;
  }
  return expected;
}

/** Until when a maintenance window lasts, if it is going on at `now`. */
export function endOfMaintenance({ once, weekly }: MaintenanceWindow, now: Date): Date | undefined {
  if (once && now >= new Date(once.from) && now < new Date(once.to)) return new Date(once.to);
  return weekly && endOfHours(weekly, now);
}

/** From the minute that it is. */
function minutesAfter(now: Date, minutes: number): Date {
  return new Date((Math.floor(now.getTime() / 60_000) + minutes) * 60_000);
}

function minuteOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTimeOf(now: Date, timeZone: string): { weekday: number; minute: number } {
  const options = { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', options);
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const weekday = weekdays.findIndex((day) => day === parts.get('weekday')?.toLowerCase());
  return { weekday, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}
