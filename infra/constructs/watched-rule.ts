import { Duration } from 'aws-cdk-lib';
import { type EventPattern, type IEventBusRef, type IRuleTarget, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import type { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { WatchedQueue } from './watched-queue.ts';

export interface WatchedRuleProps {
  /** End of the rule's name: `handsoff-<name>`. */
  readonly name: string;
  readonly description: string;
  readonly bus?: IEventBusRef;
  /** What it takes, or when it makes an event of its own. */
  readonly on: EventPattern | Schedule;
  /** Where events go that could not be delivered. */
  readonly deadLetters: WatchedQueue;
  /** Make the targets with the delivery settings that every target has. */
  readonly targets: readonly ((delivery: TargetBaseProps) => IRuleTarget)[];
}

/**
 * A rule whose target cannot lose an event unseen. EventBridge tries for an hour, because an alarm older than that is
 * no longer worth acting on; after that the event is in a watched queue. 185 attempts are EventBridge's own maximum:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export class WatchedRule extends Construct {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, props: WatchedRuleProps) {
    super(scope, id);
    this.rule = new Rule(this, 'Rule', {
      ruleName: `handsoff-${props.name}`,
      description: props.description,
      ...(props.on instanceof Schedule ? { schedule: props.on } : { eventPattern: props.on }),
      ...(props.bus && { eventBus: props.bus }),
    });
    const delivery = { deadLetterQueue: props.deadLetters.ofRules, maxEventAge: Duration.hours(1), retryAttempts: 185 };
    for (const target of props.targets) this.rule.addTarget(target(delivery));
  }
}
