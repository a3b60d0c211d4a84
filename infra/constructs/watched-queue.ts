import { Duration, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ownArn } from './own-arn.ts';

export interface WatchedQueueProps {
  /** End of the queue's name: `handsoff-<name>`. */
  readonly name: string;
  /** What a message in it means, and what to do: the alarm's description. */
  readonly meaning: string;
  /** Who is told when something comes into it. */
  readonly tell: ITopic;
}

/** A queue that should stay empty: encrypted, TLS only, kept for 14 days, with an alarm that tells people directly. */
export class WatchedQueue extends Construct {
  readonly queue: Queue;
  /**
   * The same for rules to send to. CDK takes it for somebody else's and grants nothing of it: it would add a statement for
   * each rule, and more of the queue than EventBridge needs.
   */
  readonly ofRules: IQueue;

  constructor(scope: Construct, id: string, { name, meaning, tell }: WatchedQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      queueName: `handsoff-${name}`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The longest SQS keeps a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
      retentionPeriod: Duration.days(14),
    });
    this.ofRules = Queue.fromQueueArn(this, 'OfRules', this.queue.queueArn);
    const alarm = new Alarm(this, 'Alarm', {
      alarmName: `handsoff-${name}-received`,
      alarmDescription: meaning,
      metric: this.#received(),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Metrics of a queue that wakes up are up to 15 minutes late: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
      evaluationPeriods: 15,
      datapointsToAlarm: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(tell));
    const reason = 'It is itself where what failed ends; people look at it, nothing consumes it.';
    Validations.of(this.queue).acknowledge({ id: 'AwsSolutions-SQS3', reason });
    Validations.of(this.queue).acknowledge({ id: 'Serverless-SQSRedrivePolicy', reason });
  }

  /**
   * Lets rules of this account and Region send to it, such as `rule/handsoff*`. All of them in one statement, because SQS
   * takes 20: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
   */
  takeFrom(...rules: readonly string[]): void {
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        principals: [new ServicePrincipal('events.amazonaws.com')],
        resources: [this.queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': rules.map((rule) => ownArn(this)('events', rule)) } },
      }),
    );
  }

  /**
   * 1 for a minute in which something came in. What comes in, not what is there: an alarm on the level would be silent
   * about the next message while the first still lies there.
   *
   * What a redrive policy moves is not in `NumberOfMessagesSent`, so the growth of the queue counts as well; in flight is
   * what somebody looks at, which has not left. What is sent counts by itself, in case another message is deleted in the
   * same minute. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   *
   * A queue in which nothing happened for six hours has no metrics; filled with 0, its first message is growth. As the
   * minutes that are still to be reported are filled too, the alarm looks at several:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
   */
  #received(): MathExpression {
    const period = Duration.minutes(1);
    return new MathExpression({
      expression: '(FILL(sent, 0) > 0) OR (DIFF(FILL(visible, 0) + FILL(flight, 0)) > 0)',
      usingMetrics: {
        sent: this.queue.metricNumberOfMessagesSent({ period, statistic: 'Sum' }),
        visible: this.queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
        flight: this.queue.metricApproximateNumberOfMessagesNotVisible({ period, statistic: 'Maximum' }),
      },
      label: 'Messages received',
      period,
    });
  }
}
