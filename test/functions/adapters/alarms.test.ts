import { describe, expect, it } from 'vitest';
import { Alarms } from '../../../functions/adapters/alarms.ts';
import { awsAnswers, type SentCall } from './aws-answers.ts';

const arn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web: errors';

function alarms(answer: object, sent: SentCall[] = []): Alarms {
  return new Alarms(awsAnswers({ DescribeAlarmsCommand: answer }, sent));
}

describe('Alarms', () => {
  it('asks by the name that the ARN ends with, of both kinds of alarms', async () => {
    const sent: SentCall[] = [];
    const answer = { MetricAlarms: [{ AlarmArn: arn, StateValue: 'ALARM' }] };
    expect(await alarms(answer, sent).stateOf(arn)).toBe('ALARM');
    expect(sent[0]?.input).toEqual({ AlarmNames: ['web: errors'], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
  });

  it('knows composite alarms', async () => {
    expect(await alarms({ CompositeAlarms: [{ AlarmArn: arn, StateValue: 'OK' }] }).stateOf(arn)).toBe('OK');
  });

  it.each([
    ['there is none of that name', { MetricAlarms: [], CompositeAlarms: [] }],
    [
      'there is one of that name in this Region alone',
      { MetricAlarms: [{ AlarmArn: `${arn}2`, StateValue: 'ALARM' }] },
    ],
    ['CloudWatch does not answer', new Error('ThrottlingException')],
  ])('knows nothing where %s', async (_what, answer) => {
    expect(await alarms(answer).stateOf(arn)).toBeUndefined();
  });

  it('asks nobody about what is no alarm', async () => {
    expect(await alarms({}).stateOf('arn:aws:ec2:eu-central-1:123456789012:instance/i-1')).toBeUndefined();
  });
});
