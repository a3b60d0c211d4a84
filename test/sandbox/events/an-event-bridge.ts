import type { AwsCall } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import type { RuleDescription, TargetDescription } from '../../../sandbox/events/descriptions.ts';
import { EventBridge, type EventBridgeOptions } from '../../../sandbox/events/event-bridge.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const START = Date.parse('2026-01-02T03:04:05.000Z');
export const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:triage`;
export const QUEUE_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:alerts`;
export const DEAD_LETTER_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`;
export const HANDSOFF_BUS = { name: 'handsoff', arn: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/handsoff` };
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/events`;

/** A call that a target got, and the virtual time it came at in milliseconds since the start. */
export interface TargetCall extends AwsCall {
  readonly afterMs: number;
}

/** An EventBridge whose calls are recorded; `answer` may throw for a call to make it fail. */
export function anEventBridge(
  options: Partial<EventBridgeOptions> = {},
  answer: (call: TargetCall) => void = () => {},
): { readonly bridge: EventBridge; readonly clock: VirtualClock; readonly calls: TargetCall[] } {
  const clock = new VirtualClock(START);
  const calls: TargetCall[] = [];
  const bridge: EventBridge = new EventBridge({
    clock,
    account: ACCOUNT,
    region: REGION,
    buses: [HANDSOFF_BUS],
    rules: [],
    call: async (call) => {
      const made = { ...call, afterMs: clock.now() - START };
      calls.push(made);
      answer(made);
      return call.service === 'eventbridge' ? bridge.answer(call) : {};
    },
    ...options,
  });
  return { bridge, clock, calls };
}

/** A rule on the default bus that matches every event of `source` app and calls a function. */
export function aRule(rule: Partial<RuleDescription> = {}): RuleDescription {
  const name = rule.name ?? 'alerts';
  const path = rule.busName === undefined ? name : `${rule.busName}/${name}`;
  return {
    name,
    arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/${path}`,
    ...(rule.scheduleExpression === undefined ? { eventPattern: { source: ['app'] } } : {}),
    targets: [aTarget()],
    ...rule,
  };
}

/** A function as target. */
export function aTarget(target: Partial<TargetDescription> = {}): TargetDescription {
  return { id: 't1', arn: FUNCTION_ARN, ...target };
}

/** The call that puts one event on a bus, as a function's role makes it. */
export function putEvents(...entries: readonly Readonly<Record<string, unknown>>[]): AwsCall {
  const Entries = entries.map((entry) => ({ Source: 'app', DetailType: 'Thing', Detail: '{"a":1}', ...entry }));
  const principal = { kind: 'role' as const, arn: `arn:aws:iam::${ACCOUNT}:role/webhook` };
  return { service: 'eventbridge', operation: 'PutEvents', input: { Entries }, principal };
}
