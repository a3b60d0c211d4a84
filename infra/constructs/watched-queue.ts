import { Duration, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

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

  constructor(scope: Construct, id: string, { name, meaning, tell }: WatchedQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      queueName: `handsoff-${name}`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The longest SQS keeps a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
      retentionPeriod: Duration.days(14),
    });
    // What comes in, not what is there: an alarm on the level would be silent about the second message.
    const alarm = new Alarm(this, 'Alarm', {
      alarmName: `handsoff-${name}-received`,
      alarmDescription: meaning,
      metric: this.queue.metricNumberOfMessagesSent({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(tell));
    const reason = 'It is itself where what failed ends; people look at it, nothing consumes it.';
    Validations.of(this.queue).acknowledge({ id: 'AwsSolutions-SQS3', reason });
    Validations.of(this.queue).acknowledge({ id: 'Serverless-SQSRedrivePolicy', reason });
  }
}
