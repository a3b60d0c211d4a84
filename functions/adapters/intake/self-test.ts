import { type Fields, read } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { selfTest } from '../../domain/self-test.ts';
import { eventAlert } from './event-alert.ts';
import { readEnvelope } from './event-envelope.ts';

/**
 * What a rule with a schedule makes.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
 */
export const selfTestDetailTypes = ['Scheduled Event'] as const;

/** Reads what our own schedule makes: a trigger that is suppressed, so that it is triaged and remembered as any other. */
export function normaliseSelfTest(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const rule = read(event, 'resources.0', errors);
  if (envelope.source !== 'aws.events') errors.push({ path: 'source', message: 'is not aws.events' });
  if (!rule.endsWith(`:rule/${selfTest.rule}`))
    errors.push({ path: 'resources.0', message: `is not the rule ${selfTest.rule}; no other schedule is an alert` });
  if (errors.length > 0) return { kind: 'poison', errors };
  const parts = {
    format: selfTest.reason,
    action: 'trigger' as const,
    key: [selfTest.reason, rule],
    summary: 'Handsoff tries itself.',
    severity: 'info' as const,
    source: rule,
    details: {},
    resource: { arn: rule, type: 'AWS::Events::Rule', id: selfTest.rule },
    suppressedBy: selfTest.reason,
  };
  return eventAlert(envelope, parts, receivedAt);
}
