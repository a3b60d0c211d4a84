import type { CompiledTarget } from './deliveries.ts';
import {
  InvalidRuleError,
  type EventBusDescription,
  type RuleDescription,
  type TargetDescription,
} from './descriptions.ts';
import { compilePattern, type EventPattern } from '../../event-pattern/pattern.ts';
import { compileSchedule, type NextTime } from './schedule-expression.ts';
import { compileTargetCall } from './target-call.ts';
import { queueUrlOf } from '../sqs/queue-url.ts';

/** One rule, ready to match and to deliver. */
export interface CompiledRule {
  readonly arn: string;
  readonly busName: string;
  readonly enabled: boolean;
  readonly pattern: EventPattern | undefined;
  readonly scheduleFrom: ((startMs: number) => NextTime) | undefined;
  readonly targets: readonly CompiledTarget[];
}

const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];
const MAX_TARGETS = 5;
const MAX_PATTERN_LENGTH = 2048;
const MAX_RETRIES = 185;
const [MIN_AGE_SECONDS, MAX_AGE_SECONDS] = [60, 86_400];

/**
 * Compiles a rule. Throws for what PutRule and PutTargets refuse under the default quotas: at most 5 targets, and patterns
 * of at most 2,048 characters. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export function compileRule(rule: RuleDescription, buses: ReadonlyMap<string, EventBusDescription>): CompiledRule {
  const { name, arn, busName = 'default', state = 'ENABLED', eventPattern, scheduleExpression, targets } = rule;
  refuseInvalidRule(rule, busName, state, buses);
  return {
    arn,
    busName,
    enabled: state !== 'DISABLED',
    pattern: eventPattern === undefined ? undefined : compileRulePattern(eventPattern, name),
    scheduleFrom: scheduleExpression === undefined ? undefined : compileRuleSchedule(scheduleExpression),
    targets: targets.map((target) => compileTarget(target, rule)),
  };
}

function refuseInvalidRule(
  { name, eventPattern, scheduleExpression, targets }: RuleDescription,
  busName: string,
  state: string,
  buses: ReadonlyMap<string, EventBusDescription>,
): void {
  const ids = new Set(targets.map(({ id }) => id));
  const problem =
    (!buses.has(busName) && `Event bus ${busName} does not exist.`) ||
    (!STATES.includes(state) && `Its state ${state} is none of ${STATES.join(', ')}.`) ||
    ((eventPattern ?? scheduleExpression) === undefined &&
      'Parameter(s) EventPattern or ScheduleExpression must be specified.') ||
    (scheduleExpression !== undefined &&
      busName !== 'default' &&
      'ScheduleExpression is supported only on the default event bus.') ||
    (targets.length > MAX_TARGETS && `It has ${targets.length} targets; at most ${MAX_TARGETS} are allowed.`) ||
    (ids.size < targets.length && 'Two of its targets have the same Id.');
  if (problem) throw new InvalidRuleError(`EventBridge refuses the rule ${name}: ${problem}`);
}

function compileRulePattern(eventPattern: unknown, name: string): EventPattern {
  const pattern = compilePattern(eventPattern);
  const text = typeof eventPattern === 'string' ? eventPattern : JSON.stringify(eventPattern);
  if (text.length > MAX_PATTERN_LENGTH) {
    throw new InvalidRuleError(
      `EventBridge refuses the rule ${name}: its pattern has ${text.length} characters; the default quota is ${MAX_PATTERN_LENGTH}.`,
    );
  }
  return pattern;
}

function compileRuleSchedule(expression: string): (startMs: number) => NextTime {
  compileSchedule(expression, 0);
  return (startMs) => compileSchedule(expression, startMs);
}

function compileTarget(target: TargetDescription, rule: RuleDescription): CompiledTarget {
  const { maximumRetryAttempts: retries = MAX_RETRIES, maximumEventAgeSeconds: age = MAX_AGE_SECONDS } = target;
  const problem =
    ((retries < 0 || retries > MAX_RETRIES) && `MaximumRetryAttempts ${retries} is not within 0 to ${MAX_RETRIES}`) ||
    ((age < MIN_AGE_SECONDS || age > MAX_AGE_SECONDS) &&
      `MaximumEventAgeInSeconds ${age} is not within ${MIN_AGE_SECONDS} to ${MAX_AGE_SECONDS}`) ||
    (target.deadLetterArn !== undefined && deadLetterProblem(target.deadLetterArn));
  if (problem)
    throw new InvalidRuleError(`EventBridge refuses target ${target.id} of the rule ${rule.name}: ${problem}.`);
  return { rule, target, makeCall: compileTargetCall(target, rule) };
}

function deadLetterProblem(arn: string): string | false {
  if (queueUrlOf(arn) === undefined) return `its dead-letter queue ${arn} is no SQS queue`;
  return arn.endsWith('.fifo') && `its dead-letter queue ${arn} is not a standard queue`;
}
