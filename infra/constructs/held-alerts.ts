import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HandsoffFunction } from './handsoff-function.ts';
import type { WatchedQueue } from './watched-queue.ts';

export interface HeldAlertsProps {
  readonly deadLetters: WatchedQueue;
}

/** Where alerts wait that are decided about later, and what sends them back when their time is over. */
export class HeldAlerts extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { deadLetters }: HeldAlertsProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      queueName: 'handsoff-held-alerts',
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Six times the function's own timeout: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeout: Duration.seconds(180),
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: 5 },
    });
  }

  /** Lets a function send back what has waited long enough. */
  releaseBy({ lambda }: HandsoffFunction): void {
    // CDK's own event source grants more of the queue than Lambda needs.
    const mapping = lambda.addEventSourceMapping('HeldAlerts', {
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason:
        'A mapping of a queue has no destination of its own: the queue keeps what fails and gives it to its dead letters.',
    });
  }
}
