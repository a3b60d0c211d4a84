import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';

/** CloudWatch's alarms as they stand now, which an event of a minute ago does not say, nor one that somebody made up. */
export class Alarms {
  readonly #client: CloudWatchClient;

  constructor(client: CloudWatchClient) {
    this.#client = client;
  }

  /**
   * The state of an alarm by its ARN: `OK`, `ALARM` or `INSUFFICIENT_DATA`. Undefined where CloudWatch does not say, also
   * where it knows no such alarm in this account and Region.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
   */
  async stateOf(arn: string): Promise<string | undefined> {
    const [, name] = /:alarm:(.+)$/.exec(arn) ?? [];
    if (!name) return undefined;
    try {
      const answer = await this.#client.send(
        new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
      );
      const alarms = [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])];
      return alarms.find(({ AlarmArn }) => AlarmArn === arn)?.StateValue;
    } catch {
      return undefined;
    }
  }
}
