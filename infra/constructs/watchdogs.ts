import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { selfTest, selfTestSeenBy } from '../../functions/domain/self-test.ts';
import type { RuleDimensions } from './event-rules.ts';
import type { HandsoffFunction } from './handsoff-function.ts';
import type { HandsoffMachine } from './handsoff-machine.ts';
import type { UrgencyTopics } from './urgency-topics.ts';

export interface WatchdogsProps {
  /** Functions whose failure no state machine sees, and no sender; the others' is caught and told by theirs. */
  readonly functions: readonly HandsoffFunction[];
  /** EXPRESS: its failed executions emit no event, only metrics. */
  readonly intake: HandsoffMachine;
  /** Every rule: what it can neither deliver nor keep is lost. */
  readonly rules: readonly RuleDimensions[];
  /** Functions that read the table's stream. */
  readonly readers: readonly HandsoffFunction[];
  /** Where alerts wait that are decided about later. */
  readonly held: IQueue;
  /** The way in from outside. */
  readonly api: HttpApi;
  /** Where people hear: all of these alarms on the one of high urgency, and some on both. */
  readonly topics: Pick<UrgencyTopics, 'high' | 'low'>;
}

/** CloudWatch takes no more in an alarm on an expression: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html */
const maxMetrics = 10;

/** How often most of what is watched is looked at. */
const period = Duration.minutes(1);

/** Alarms that say that people may not hear what comes with high urgency: they go to the other topic as well. */
const alsoLow: readonly string[] = ['high-urgency-undelivered', 'self-test-missing', 'tell-people-stopped'];

/** Alarms on Handsoff itself. They go to people over SNS directly, never through what they watch. */
export class Watchdogs extends Construct {
  readonly #topics: WatchdogsProps['topics'];

  constructor(scope: Construct, id: string, props: WatchdogsProps) {
    super(scope, id);
    this.#topics = props.topics;
    this.#watchFunctions(props);
    this.#watchApi(props);
    this.#watchIntake(props);
    this.#watchRules(props);
    this.#watchReaders(props);
    this.#watchHeld(props);
    this.#watchChannels(props);
    this.#expectSelfTest();
  }

  #watchFunctions({ functions }: WatchdogsProps): void {
    for (const { lambda, node } of functions) {
      this.#watch(
        `${node.id}-errors`,
        lambda.metricErrors({ period }),
        0,
        `The function ${node.id} failed. Its log says why; what it worked on is retried or told.`,
      );
    }
  }

  #watchApi({ api }: WatchdogsProps): void {
    // Errors, throttles and time-outs of its functions, and what they answer when they cannot reach AWS, are all in it.
    this.#watch(
      'api-failing',
      api.metricServerError({ period }),
      0,
      'Senders of alerts, or a click in chat, were answered with a 5xx: most senders send again, a click did nothing. The access log /aws/vendedlogs/apigateway/handsoff says which; then look at the logs of receive-webhook or receive-interaction, and at the concurrency of the account.',
    );
    // A fifth of what the API takes: at that rate the bill grows by some 15 dollars a day.
    this.#watch(
      'api-flooded',
      api.metricCount({ period: Duration.minutes(5), statistic: Stats.SUM }),
      30_000,
      'More than 30,000 requests in five minutes. Above five times as many senders are turned away. The access log /aws/vendedlogs/apigateway/handsoff says from where they come.',
    );
    this.#watch(
      'webhook-too-large',
      counted('webhook-too-large', period),
      0,
      'A known sender sent a body that is too large, and drops its alerts: the log of receive-webhook names the integration. Look at what it fires by hand, and let it send less at a time.',
    );
  }

  #watchIntake({ intake }: WatchdogsProps): void {
    for (const [name, metric] of [
      ['failed', intake.machine.metricFailed({ period })],
      ['timed-out', intake.machine.metricTimedOut({ period })],
      ['throttled', intake.machine.metricThrottled({ period })],
    ] as const) {
      this.#watch(
        `intake-${name}`,
        metric,
        0,
        `An event was not processed: intake ${name}. Look at its log group and at your alarms.`,
      );
    }
  }

  #watchReaders({ readers }: WatchdogsProps): void {
    for (const { lambda, node } of readers) {
      const age = new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'IteratorAge',
        dimensionsMap: { FunctionName: lambda.functionName },
        period,
        statistic: Stats.MAXIMUM,
      });
      this.#watch(`${node.id}-behind`, age, 60_000, `${node.id} is more than a minute behind the incident table.`);
      // A function that is not let run reports no age.
      this.#watch(
        `${node.id}-throttled`,
        lambda.metricThrottles({ period }),
        0,
        `Lambda does not let ${node.id} run: the concurrency of the account is used up, or that of the function is 0. Until it runs, people are told late or not at all.`,
      );
    }
  }

  #watchHeld({ held }: WatchdogsProps): void {
    // Whatever waits is sent again after a quarter of an hour (ADR 4): what is older than two of them, nobody takes out.
    this.#watch(
      'held-alerts-late',
      held.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: Stats.MAXIMUM }),
      1800,
      'Alerts that wait are not sent back: nothing that is held is decided about, and no incident is resolved. Look at the function release-alert and at what starts it.',
    );
  }

  #watchChannels({ topics }: WatchdogsProps): void {
    for (const [name, meaning] of [
      ['tell-slack-refused', 'Slack refuses what Handsoff says: the channel, the token or its rights are wrong.'],
      [
        'tell-slack-shortened',
        'Slack refused the form of a message, which stands there in short: the log of tell-people says why.',
      ],
      ['tell-slack-late', 'Slack could not be told in time; people were told by SNS alone.'],
    ] as const) {
      this.#watch(name, counted(name, period), 0, meaning);
    }
    for (const urgency of ['high', 'low'] as const) {
      // https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
      this.#watch(
        `${urgency}-urgency-undelivered`,
        topics[urgency].metricNumberOfNotificationsFailed({ period, statistic: Stats.SUM }),
        0,
        `SNS could not deliver to a subscriber of the topic handsoff-${urgency}-urgency. Look at its subscriptions; a mail that nobody gets is not counted here.`,
      );
    }
  }

  #expectSelfTest(): void {
    this.#expect(
      'self-test-missing',
      selfTest.reason,
      'No alert comes through: the one that Handsoff sends itself has not been triaged for half an hour. Look at your alarms by hand, then at the rule handsoff-self-test, at intake and at triage-alert.',
    );
    this.#expect(
      'tell-people-stopped',
      selfTestSeenBy('tell-people'),
      'Nobody is told of any incident: the alert that Handsoff sends itself has not come to tell-people for half an hour. Look at what is open by hand, then at the event source mapping of handsoff-tell-people. Where handsoff-self-test-missing fires as well, begin there.',
    );
    this.#expect(
      'complete-waits-stopped',
      selfTestSeenBy('complete-waits'),
      'No wait is ended: answers and recoveries are not heard, because the alert that Handsoff sends itself has not come to complete-waits for half an hour. Look at the event source mapping of handsoff-complete-waits. Where handsoff-self-test-missing fires as well, begin there.',
    );
  }

  /**
   * What does not run says nothing: here silence is the alarm. Two intervals of it, as a run may fall just outside of one.
   */
  #expect(name: string, metricName: string, meaning: string): void {
    const alarm = new Alarm(this, name, {
      alarmName: `handsoff-${name}`,
      alarmDescription: `${meaning} Expected for a quarter of an hour after the deployment that brings this alarm.`,
      metric: counted(metricName, Duration.minutes(selfTest.everyMinutes)),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.#tell(name, alarm);
  }

  /** The last net: what a rule can neither deliver nor put among the dead letters, nobody ever sees. */
  #watchRules({ rules }: WatchdogsProps): void {
    for (let first = 0; first < rules.length; first += maxMetrics) {
      const lost = rules.slice(first, first + maxMetrics).map(
        (dimensionsMap) =>
          new Metric({
            namespace: 'AWS/Events',
            metricName: 'InvocationsFailedToBeSentToDlq',
            dimensionsMap: { ...dimensionsMap },
            period,
            statistic: Stats.SUM,
          }),
      );
      const usingMetrics = Object.fromEntries(lost.map((metric, index) => [`rule${index}`, metric]));
      const expression = `SUM([${Object.keys(usingMetrics).join(', ')}])`;
      this.#watch(
        `events-lost-${first / maxMetrics + 1}`,
        new MathExpression({ expression, usingMetrics, label: 'Events lost', period }),
        0,
        'A rule could neither deliver an event nor put it among the dead letters: it is lost. Look at your alarms by hand, then at the queue handsoff-dead-letters, its policy, and the metric InvocationsFailedToBeSentToDlq of the rules called handsoff-*.',
      );
    }
  }

  #tell(name: string, alarm: Alarm): void {
    const { high, low } = this.#topics;
    for (const topic of alsoLow.includes(name) ? [high, low] : [high]) alarm.addAlarmAction(new SnsAction(topic));
  }

  #watch(name: string, metric: IMetric, threshold: number, meaning: string): void {
    const alarm = new Alarm(this, name, {
      alarmName: `handsoff-${name}`,
      alarmDescription: meaning,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.#tell(name, alarm);
  }
}

/** A metric that functions of ours count, by their tools: functions/middleware/observed.ts */
function counted(metricName: string, every: Duration): Metric {
  const dimensionsMap = { service: 'handsoff' };
  return new Metric({ namespace: 'Handsoff', metricName, dimensionsMap, period: every, statistic: Stats.SUM });
}
