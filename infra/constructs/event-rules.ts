import { Duration } from 'aws-cdk-lib';
import {
  EventBus,
  EventField,
  type EventPattern,
  type IEventBusRef,
  Match,
  RuleTargetInput,
  Schedule,
} from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine, SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IDependable } from 'constructs';
import type { LoadedConfig } from '../config/load-config.ts';
import { alarmKinds, awsEventKinds } from '../event-patterns.ts';
import { ownSourcePrefix, quarantinedDetailType, receivedDetailType } from '../../functions/domain/own-events.ts';
import { selfTest } from '../../functions/domain/self-test.ts';
import { releasedEvent } from '../../functions/domain/triage/released-event.ts';
import { machineArn, partnerRule, runbookMachine } from '../names.ts';
import type { HandsoffFunction } from './handsoff-function.ts';
import type { HandsoffMachine } from './handsoff-machine.ts';
import { ownArn } from './own-arn.ts';
import { trustOfThisAccount } from './trust.ts';
import type { UrgencyTopics } from './urgency-topics.ts';
import type { WatchedQueue } from './watched-queue.ts';
import { WatchedRule, type WatchedRuleProps } from './watched-rule.ts';

export interface EventRulesProps {
  /** The `handsoff` bus. */
  readonly bus: EventBus;
  readonly listensTo: LoadedConfig['listensTo'];
  readonly intake: HandsoffMachine;
  /** Nobody started it who would see that it failed: that pages. */
  readonly respond: HandsoffMachine;
  /** Its failure its caller sees, and pages about: here it is only noted. That of runbooks as well. */
  readonly remediate: HandsoffMachine;
  readonly completeWaits: HandsoffFunction;
  readonly reportFailedExecution: HandsoffFunction;
  readonly topics: UrgencyTopics;
  readonly deadLetters: WatchedQueue;
  /** Where what a known sender sends goes that cannot be read. */
  readonly quarantine: WatchedQueue;
  /** What has to be there before the first event may come: much of it is known to the rest by its name alone. */
  readonly after: readonly IDependable[];
}

/** A metric that names no bus is of the default one: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
export type RuleDimensions = { readonly RuleName: string; readonly EventBusName?: string };

const ofSenders: EventPattern = { source: Match.prefix(ownSourcePrefix) };
/** How a command or an automation of SSM can end. */
const ended = ['Success', 'Failed', 'TimedOut', 'Cancelled'];

/** Everything that comes in by EventBridge, and where it goes: alerts to intake, ends to whoever waits, failures to people. */
export class EventRules extends Construct {
  /** Every rule, as the metrics of EventBridge tell them apart. */
  readonly rules: RuleDimensions[] = [];
  readonly #props: EventRulesProps;
  /** What the rules start intake with. It is made when all else is there, and no rule before it. */
  readonly #startIntake: Role;

  constructor(scope: Construct, id: string, props: EventRulesProps) {
    super(scope, id);
    this.#props = props;
    // The ARN of a rule on another bus than the default one names the bus first; ours is called handsoff.
    const onPartnerBuses = props.listensTo.partner_buses.map((bus) => `rule/${bus}/handsoff-partner-*`);
    const rules = ['rule/handsoff*', ...onPartnerBuses];
    props.deadLetters.takeFrom(...rules);
    this.#startIntake = new Role(this, 'StartIntake', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
    trustOfThisAccount(this.#startIntake, 'events', ...rules);
    this.#startIntake.node.addDependency(...props.after);
    this.#takeAlertsOfThisAccount();
    this.#takeAlertsOfPartners();
    this.#takeAlertsOfSenders();
    this.#keepWhatNobodyCanRead();
    this.#takeWhatHandsoffSendsItself();
    this.#endWaits();
    this.#tellOfFailures();
  }

  #rule(name: string, props: Omit<WatchedRuleProps, 'name' | 'deadLetters'>): void {
    const { node } = new WatchedRule(this, name, { name, deadLetters: this.#props.deadLetters, ...props });
    node.addDependency(this.#startIntake);
    const { bus } = props;
    this.rules.push({ RuleName: `handsoff-${name}`, ...(bus && { EventBusName: bus.eventBusRef.eventBusName }) });
  }

  #toIntake(name: string, description: string, on: EventPattern | Schedule, from?: IEventBusRef): void {
    const { intake } = this.#props;
    this.#rule(name, {
      description,
      on,
      ...(from && { bus: from }),
      targets: [(delivery) => new SfnStateMachine(intake.machine, { ...delivery, role: this.#startIntake })],
    });
  }

  #takeAlertsOfThisAccount(): void {
    const { bus, listensTo } = this.#props;
    for (const { name, pattern } of alarmKinds) {
      const ofCloudWatch = { source: ['aws.cloudwatch'], ...pattern };
      this.#toIntake(name, 'CloudWatch alarms of this account and Region.', ofCloudWatch);
      this.#toIntake(`sent-${name}`, 'The same events, sent to the handsoff bus by yourself.', pattern, bus);
    }
    for (const { name, pattern } of awsEventKinds.filter((kind) => listensTo.aws_events.includes(kind.name)))
      this.#toIntake(`aws-${name}`, `Events of AWS in this account and Region: ${name}.`, pattern);
  }

  #takeAlertsOfPartners(): void {
    for (const bus of this.#props.listensTo.partner_buses) {
      const name = partnerRule(bus);
      const partner = EventBus.fromEventBusName(this, `${name}-bus`, bus);
      this.#toIntake(name, `Events of the partner event bus ${bus}.`, { source: [bus] }, partner);
    }
  }

  #takeAlertsOfSenders(): void {
    const received: EventPattern = { ...ofSenders, detailType: [receivedDetailType] };
    this.#toIntake('received-alerts', 'Alerts that tools sent over HTTP.', received, this.#props.bus);
  }

  #keepWhatNobodyCanRead(): void {
    const { bus, quarantine } = this.#props;
    const name = 'quarantined-alerts';
    quarantine.takeFrom(`rule/${bus.eventBusName}/handsoff-${name}`);
    this.#rule(name, {
      description: 'What a known sender sent and nobody could read: kept for a person, with the reason.',
      bus,
      on: { ...ofSenders, detailType: [quarantinedDetailType] },
      targets: [(delivery) => new SqsQueue(quarantine.ofRules, delivery)],
    });
  }

  #takeWhatHandsoffSendsItself(): void {
    const released: EventPattern = { source: [releasedEvent.source], detailType: [releasedEvent.detailType] };
    this.#toIntake('released-alerts', 'Alerts that were held and are decided about now.', released, this.#props.bus);
    const every = Schedule.rate(Duration.minutes(selfTest.everyMinutes));
    this.#toIntake(
      selfTest.reason,
      'Handsoff tries itself: goes the way of every alert and is shown to nobody.',
      every,
    );
  }

  #endWaits(): void {
    const { completeWaits } = this.#props;
    const onEnd = (name: string, description: string, on: EventPattern) =>
      this.#rule(name, {
        description,
        on: { source: ['aws.ssm'], ...on },
        targets: [(delivery) => new LambdaFunction(completeWaits.lambda, delivery)],
      });
    onEnd('automation-ends', 'An SSM automation has ended: ends the wait of the remediation that started it.', {
      detailType: ['EC2 Automation Execution Status-change Notification'],
      detail: { Status: ended },
    });
    onEnd(
      'command-ends',
      'A diagnostic command has ended on its instance: ends the wait of the runbook that sent it.',
      {
        detailType: ['EC2 Command Invocation Status-change Notification'],
        detail: { 'document-name': Match.prefix('handsoff-'), status: ended },
      },
    );
  }

  #tellOfFailures(): void {
    const { respond, remediate, topics, reportFailedExecution } = this.#props;
    const onFailure = (name: string, machines: readonly (string | { readonly prefix: string })[], tell: ITopic) =>
      this.#rule(name, {
        description: 'An execution of Handsoff itself ended badly: told to people directly.',
        on: {
          source: ['aws.states'],
          detailType: ['Step Functions Execution Status Change'],
          detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [...machines] },
        },
        targets: [
          // Lets EventBridge publish, on no condition: one in the policy of a topic is never met. AWS says so:
          // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
          (delivery) => new SnsTopic(tell, { ...delivery, message: failedMessage() }),
          (delivery) => new LambdaFunction(reportFailedExecution.lambda, delivery),
        ],
      });
    // Every runbook by its prefix: a pattern has 2,048 characters, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    const runbooks = { prefix: machineArn(ownArn(this), runbookMachine('')) };
    onFailure('failed-responses', [respond.machine.stateMachineArn], topics.high);
    onFailure('failed-executions', [remediate.machine.stateMachineArn, runbooks], topics.low);
  }
}

function failedMessage(): RuleTargetInput {
  const at = (path: string) => EventField.fromPath(`$.detail.${path}`);
  return RuleTargetInput.fromText(
    `Handsoff: the execution ${at('name')} ended ${at('status')} (${at('executionArn')}). Its incident may need you: look at it by hand.`,
  );
}
