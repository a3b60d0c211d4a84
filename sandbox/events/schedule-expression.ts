import { compileCron } from './cron.ts';
import { InvalidRuleError } from './descriptions.ts';

/** The next time strictly after `afterMs` at which a schedule fires; all times in epoch milliseconds, UTC. */
export type NextTime = (afterMs: number) => number | undefined;

const RATE = /^rate\(([1-9]\d*) (minutes?|hours?|days?)\)$/;
const CRON = /^cron\(([^()]*)\)$/;
const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Compiles `rate(5 minutes)` or `cron(0 8 ? * MON-FRI *)`. A rate counts from `startMs` and first fires one period later.
 * Throws `InvalidRuleError`. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function compileSchedule(expression: string, startMs: number): NextTime {
  const fields = CRON.exec(expression)?.[1];
  const next = fields === undefined ? compileRate(expression, startMs) : compileCron(fields);
  if (!next) throw new InvalidRuleError(`Parameter ScheduleExpression is not valid: ${expression}.`);
  return next;
}

function compileRate(expression: string, startMs: number): NextTime | undefined {
  const [, digits = '', unit = ''] = RATE.exec(expression) ?? [];
  const unitMs = UNIT_MS[unit.replace(/s$/, '')];
  if (unitMs === undefined || (digits === '1') === unit.endsWith('s')) return undefined;
  const periodMs = Number(digits) * unitMs;
  return (afterMs) => startMs + (Math.floor((afterMs - startMs) / periodMs) + 1) * periodMs;
}
