import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Where people are told: `high` wakes somebody, `low` informs. Both take messages over TLS alone. */
export class UrgencyTopics extends Construct {
  readonly high: Topic;
  readonly low: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.high = new Topic(this, 'High', {
      topicName: 'handsoff-high-urgency',
      displayName: 'Handsoff',
      enforceSSL: true,
    });
    this.low = new Topic(this, 'Low', { topicName: 'handsoff-low-urgency', displayName: 'Handsoff', enforceSSL: true });
    // Alarms and failed executions reach people without passing through Handsoff itself.
    for (const topic of [this.high, this.low])
      topic.addToResourcePolicy(
        new PolicyStatement({
          sid: 'AlarmsOfThisAccount',
          actions: ['sns:Publish'],
          principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
          resources: [topic.topicArn],
          conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
        }),
      );
  }
}
