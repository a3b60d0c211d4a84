import { z } from 'zod';
import { weekdays } from '../../functions/domain/hours.ts';
import { whyNowhere } from './alert-fields.ts';
import { duration, id, matchingPattern, named, reportTwice, shortDuration } from './values.ts';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day such as "08:30"; put it in quotes');

const timezone = z.string().superRefine((name, context) => {
  try {
    void new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    context.addIssue({ code: 'custom', message: 'is no time zone; write one such as Europe/Berlin or UTC' });
  }
});

const time = z.iso.datetime({ offset: true, error: 'is not a time such as "2026-12-01T20:00:00Z"; put it in quotes' });

/** Hours of every week. */
export const weeklyHours = z.strictObject({
  days: z.array(z.enum(weekdays)).min(1, 'needs at least one day'),
  from: clock,
  to: clock,
  timezone,
});

/** A path to what an alert has: where it has nothing, all alerts would be of one group. */
const alertPath = z
  .string()
  .regex(/^\w[\w-]*(\.\w[\w-]*)*$/, 'is not a path into the alert such as payload.group')
  .superRefine((path, context) => {
    const message = whyNowhere(path);
    if (message) context.addIssue({ code: 'custom', message });
  });

/** `triage.yaml` */
export const triageFile = z
  .strictObject({
    settle: shortDuration,
    flap: z.strictObject({ triggers: z.int().min(2).max(20), within: duration, settle: shortDuration }),
    storm: z.strictObject({ new_per_minute: z.int().min(1).max(1000) }),
    pause: named(z.strictObject({ id, match: matchingPattern, for: shortDuration })).default([]),
    groups: named(z.strictObject({ id, match: matchingPattern, by: z.array(alertPath), window: duration })).default([]),
  })
  .superRefine(({ settle, flap }, context) => {
    if (flap.settle >= settle) return;
    context.addIssue({ code: 'custom', path: ['flap', 'settle'], message: 'must not be shorter than settle' });
  });

/** A time in which some alerts are treated otherwise: once, or every week. */
const alertWindow = z
  .strictObject({
    id,
    match: matchingPattern,
    once: z.strictObject({ from: time, to: time }).optional(),
    weekly: weeklyHours.optional(),
  })
  .superRefine(({ once, weekly }, context) => {
    if ((once === undefined) === (weekly === undefined))
      context.addIssue({ code: 'custom', message: 'needs either once or weekly, and not both' });
    if (once && Date.parse(once.from) >= Date.parse(once.to))
      context.addIssue({ code: 'custom', path: ['once', 'to'], message: 'must be after from' });
  });

/** `maintenance.yaml` */
export const maintenanceFile = z.strictObject({ windows: named(alertWindow) });

/** A document of Systems Manager, by its name or, where another account shares it, by its ARN. */
const calendar = z
  .string()
  .regex(
    /^([A-Za-z0-9_.-]{3,128}|arn:[a-z-]+:ssm:[a-z0-9-]+:\d{12}:document\/[A-Za-z0-9_.-]{3,128})$/,
    'is neither the name nor the ARN of a change calendar of AWS Systems Manager',
  );

/**
 * `change-calendar.yaml`. SSM runs 100 automations at once, or up to 500 where the account lets it adapt:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/adaptive-concurrency.html
 */
export const changeCalendarFile = z.strictObject({
  freezes: named(alertWindow).default([]),
  calendars: z.array(calendar).max(10, 'may be 10 at the most').superRefine(reportTwice).default([]),
  automations_in_flight: z.int().min(1).max(500).default(80),
});
