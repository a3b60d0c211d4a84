import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { HandsoffFunction } from './handsoff-function.ts';
import type { HandsoffMachine } from './handsoff-machine.ts';

export interface WatchdogsProps {
  /** Functions whose failure no state machine sees; the others' is caught and told by theirs. */
  readonly functions: readonly HandsoffFunction[];
  /** EXPRESS: its failed executions emit no event, only metrics. */
  readonly intake: HandsoffMachine;
  /** Functions that read the table's stream. */
  readonly readers: readonly HandsoffFunction[];
  readonly tell: ITopic;
}

/** Alarms on Handsoff itself. They go to people over SNS directly, never through what they watch. */
export class Watchdogs extends Construct {
  readonly #tell: ITopic;

  constructor(scope: Construct, id: string, { functions, intake, readers, tell }: WatchdogsProps) {
    super(scope, id);
    this.#tell = tell;
    const period = Duration.minutes(1);
    for (const { lambda, node } of functions) {
      this.#watch(
        `${node.id}-errors`,
        lambda.metricErrors({ period }),
        0,
        `The function ${node.id} failed. Its log says why; what it worked on is retried or told.`,
      );
    }
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
    for (const [name, meaning] of [
      ['tell-slack-refused', 'Slack refuses what Handsoff says: the channel, the token or its rights are wrong.'],
      ['tell-slack-late', 'Slack could not be told in time; people were told by SNS alone.'],
    ] as const) {
      const dimensionsMap = { service: 'handsoff' };
      const metric = new Metric({
        namespace: 'Handsoff',
        metricName: name,
        dimensionsMap,
        period,
        statistic: Stats.SUM,
      });
      this.#watch(name, metric, 0, meaning);
    }
    for (const { lambda, node } of readers) {
      const age = new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'IteratorAge',
        dimensionsMap: { FunctionName: lambda.functionName },
        period,
        statistic: Stats.MAXIMUM,
      });
      this.#watch(`${node.id}-behind`, age, 60_000, `${node.id} is more than a minute behind the incident table.`);
    }
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
    alarm.addAlarmAction(new SnsAction(this.#tell));
  }
}
