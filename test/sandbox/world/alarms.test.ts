import { describe, expect, it } from 'vitest';
import { Alarms } from '../../../sandbox/world/alarms.ts';

const arn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web: errors';

function event(value: string, at = '2026-11-02T03:00:00.000+0000', detail: object = {}) {
  const state = { value, timestamp: at };
  return { source: 'aws.cloudwatch', resources: [arn], detail: { alarmName: 'web: errors', state, ...detail } };
}

function describeAlarms(alarms: Alarms, ...names: string[]) {
  return alarms.answer({ service: 'cloudwatch', operation: 'DescribeAlarms', input: { AlarmNames: names } });
}

describe('Alarms', () => {
  it('answers as the last event said, whichever came last', () => {
    const alarms = new Alarms();
    alarms.observe(event('OK', '2026-11-02T03:05:00.000+0000'));
    alarms.observe(event('ALARM'));
    expect(describeAlarms(alarms, 'web: errors')).toEqual({
      MetricAlarms: [{ AlarmName: 'web: errors', AlarmArn: arn, StateValue: 'OK' }],
      CompositeAlarms: [],
    });
  });

  it('tells composite alarms from others', () => {
    const alarms = new Alarms();
    alarms.observe(event('ALARM', undefined, { configuration: { alarmRule: 'ALARM(a)' } }));
    expect(describeAlarms(alarms, 'web: errors')).toMatchObject({
      MetricAlarms: [],
      CompositeAlarms: [{ StateValue: 'ALARM' }],
    });
  });

  it('answers nothing of an alarm that it never heard of or that was deleted, and to no other call', () => {
    const alarms = new Alarms();
    alarms.observe({ ...event('ALARM'), source: 'my.alarms' });
    expect(describeAlarms(alarms, 'web: errors')).toBeUndefined();
    alarms.observe(event('ALARM'));
    expect(describeAlarms(alarms, 'web: errors', 'other')).toBeUndefined();
    expect(alarms.answer({ service: 'cloudwatch', operation: 'DescribeAlarms', input: {} })).toBeUndefined();
    alarms.observe(event('ALARM', undefined, { operation: 'delete' }));
    expect(describeAlarms(alarms, 'web: errors')).toBeUndefined();
  });

  it('lets no alarm recover that never fired', () => {
    const alarms = new Alarms();
    expect(alarms.mayHappen(event('ALARM'))).toBe(true);
    expect(alarms.mayHappen(event('OK'))).toBe(false);
    expect(alarms.mayHappen({ ...event('OK'), source: 'my.alarms' })).toBe(true);
    alarms.observe(event('ALARM'));
    expect(alarms.mayHappen(event('OK'))).toBe(true);
  });
});
