import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseCloudWatchSns } from '../../../../functions/adapters/intake/cloudwatch-sns.ts';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import type { Alert } from '../../../../functions/domain/alert.ts';
import { loadEvent } from '../../../support/load-fixture.ts';

const receivedAt = new Date('2026-11-02T03:00:06.000Z');

function alertOf(fixture: string): Alert {
  const normalised = normaliseEvent(loadEvent(`cloudwatch/${fixture}`), receivedAt);
  if (normalised.kind !== 'alert') throw new Error(`${fixture} is ${JSON.stringify(normalised)}`);
  return normalised.alert;
}

interface Wish {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly accountId?: string;
}

/** The resource of an alarm on one metric, or on an expression over several. */
function resourceOf(...wishes: readonly Wish[]) {
  const isMath = wishes.length > 1;
  const metrics = wishes.map(({ dimensions, name = 'CPUUtilization', accountId }, index) => ({
    id: `m${index}`,
    metricStat: { metric: { namespace: 'AWS/Any', name, dimensions }, period: 60, stat: 'Sum' },
    returnData: !isMath,
    ...(accountId && { accountId }),
  }));
  const expression = { id: 'e1', expression: 'MAX(METRICS())', label: 'highest', returnData: true };
  const event = loadEvent('cloudwatch/ec2-status-check-alarm');
  const detail = {
    ...(event['detail'] as object),
    configuration: { metrics: isMath ? [expression, ...metrics] : metrics },
  };
  const normalised = normaliseEvent({ ...event, detail }, receivedAt);
  if (normalised.kind !== 'alert') throw new Error(JSON.stringify(normalised));
  return normalised.alert.resource;
}

const [one, another] = [{ InstanceId: 'i-0a1b2c3d4e5f60718' }, { InstanceId: 'i-0ffffffffffffffff' }];
const itself = {
  type: 'AWS::CloudWatch::Alarm',
  id: 'checkout-1 status check',
  arn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-1 status check',
};

describe('the resource of a CloudWatch alarm', () => {
  it.each([
    ['one metric', [{ dimensions: one }], one.InstanceId],
    ['a metric of its own account', [{ dimensions: one, accountId: '123456789012' }], one.InstanceId],
    [
      'a rate of one function',
      [
        { name: 'Errors', dimensions: { FunctionName: 'checkout', Resource: 'checkout:live' } },
        { name: 'Invocations', dimensions: { FunctionName: 'checkout' } },
      ],
      'checkout',
    ],
  ])('is what %s names', (_what, wishes, id) => {
    expect(resourceOf(...wishes).id).toBe(id);
  });

  it.each([
    ['metrics of two instances', [{ dimensions: one }, { dimensions: another }]],
    ['a metric that names nothing beside one that does', [{ dimensions: one }, { dimensions: { Shop: 'berlin' } }]],
    ['a metric of another account', [{ dimensions: one, accountId: '999999999999' }]],
    ['one instance in two accounts', [{ dimensions: one }, { dimensions: one, accountId: '999999999999' }]],
  ])('is the alarm itself for %s', (_what, wishes) => {
    expect(resourceOf(...wishes)).toEqual(itself);
  });

  it('is the alarm itself for a contributor of another account', () => {
    const event = loadEvent('cloudwatch/contributor-alarm');
    const alarmContributor = { id: 'c', attributes: { ...one, 'AWS.AccountId': '999999999999' } };
    const detail = { ...(event['detail'] as object), alarmContributor };
    expect(normaliseEvent({ ...event, detail }, receivedAt)).toMatchObject({
      alert: { resource: { type: 'AWS::CloudWatch::Alarm', id: 'fleet cpu' } },
    });
  });

  it('is the alarm itself where its metrics of several resources come by SNS', () => {
    const message = loadEvent('cloudwatch/sns-alarm');
    const metricOf = (value: string) => ({
      MetricStat: {
        Metric: { MetricName: 'CPUUtilization', Dimensions: [{ name: 'InstanceId', value }] },
        Period: 60,
        Stat: 'Maximum',
      },
      ReturnData: false,
    });
    const expression = { Id: 'e1', Expression: 'MAX(METRICS())', ReturnData: true };
    const alarm = (...metrics: object[]) => ({ ...message, Trigger: { Metrics: [expression, ...metrics] } });
    expect(
      normaliseCloudWatchSns(alarm(metricOf('i-0a1b2c3d4e5f60718'), metricOf('i-0ffffffffffffffff')), receivedAt),
    ).toMatchObject({ alert: { resource: itself } });
    expect(normaliseCloudWatchSns(alarm(metricOf('i-0a1b2c3d4e5f60718')), receivedAt)).toMatchObject({
      alert: { resource: { id: 'i-0a1b2c3d4e5f60718' } },
    });
  });
});

describe('normaliseEvent of CloudWatch', () => {
  it('reads an ALARM as a trigger that names the instance', () => {
    expect(alertOf('ec2-status-check-alarm')).toMatchObject({
      event_action: 'trigger',
      payload: {
        source: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-1 status check',
        severity: 'critical',
        timestamp: '2026-11-02T03:00:04.215Z',
        component: 'AWS/EC2',
        class: 'StatusCheckFailed',
        group: 'checkout-1 status check',
      },
      origin: { format: 'cloudwatch', transitioned_at: '2026-11-02T03:00:04.215Z', account: '123456789012' },
      resource: {
        type: 'AWS::EC2::Instance',
        id: 'i-0a1b2c3d4e5f60718',
        arn: 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0a1b2c3d4e5f60718',
      },
    });
  });

  it('gives ALARM and OK of one alarm the same versioned dedup_key', () => {
    const keys = ['ec2-status-check-alarm', 'ec2-status-check-ok', 'alarm-deleted'].map(
      (name) => alertOf(name).dedup_key,
    );
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^v1:[0-9a-f]{64}$/);
  });

  it.each([
    ['muted-alarm', 'mute'],
    ['suppressed-alarm', 'suppressor'],
  ])('marks %s as suppressed by %s, because the event comes all the same', (fixture, by) => {
    expect(alertOf(fixture).suppressed_by).toBe(by);
  });

  it('says when a mute is over, where that can be read', () => {
    expect(alertOf('muted-alarm').suppressed_until).toBe('2026-11-02T04:00:00.000Z');
    for (const muteDetail of [{}, { muteWindowEnd: 'soon' }]) {
      const event = loadEvent('cloudwatch/muted-alarm');
      const detail = { ...(event['detail'] as object), muteDetail };
      const normalised = normaliseEvent({ ...event, detail }, receivedAt);
      expect(normalised).toMatchObject({ alert: { suppressed_by: 'mute' } });
      expect(normalised).not.toHaveProperty('alert.suppressed_until');
    }
  });

  it('takes a deleted alarm as a resolve, ordered by the time of the deletion', () => {
    expect(alertOf('alarm-deleted')).toMatchObject({
      event_action: 'resolve',
      origin: { transitioned_at: '2026-11-02T03:02:00.000Z' },
      payload: { custom_details: { operation: 'delete' } },
    });
  });

  it('keys a contributor by itself and lets it share the incident of its alarm', () => {
    const contributor = alertOf('contributor-alarm');
    const parent = alertOf('contributor-parent-alarm');
    expect(contributor.dedup_key).not.toBe(parent.dedup_key);
    expect(contributor.incident_key).toBe(parent.incident_key);
    expect(contributor.resource.id).toBe('i-0a1b2c3d4e5f60718');
  });

  it.each([
    ['ec2-status-check-alarm', { stat: 'Maximum', period: 60 }],
    ['target-group-alarm', { stat: 'Sum', period: 60 }],
    ['certificate-alarm', { stat: 'Minimum', period: 86_400 }],
  ])('keeps how %s reads its metric', (fixture, read) => {
    expect(alertOf(fixture).payload.custom_details).toMatchObject(read);
  });

  it('tells a metric that an expression is made of from one that is compared with the threshold', () => {
    const event = loadEvent('cloudwatch/ec2-status-check-alarm');
    const detail = {
      ...(event['detail'] as object),
      configuration: {
        metrics: [{ id: 'm1', metricStat: { metric: { name: 'Errors' } }, returnData: false }],
      },
    };
    expect(normaliseEvent({ ...event, detail }, receivedAt)).toMatchObject({
      alert: { payload: { custom_details: { is_input: true } } },
    });
  });

  it.each([
    ['a statistic', { Statistic: 'SAMPLE_COUNT' }, 'SampleCount'],
    ['a percentile', { Statistic: undefined, ExtendedStatistic: 'p99' }, 'p99'],
  ])('keeps %s of an alarm that comes by SNS as other APIs spell it', (_what, statistic, stat) => {
    const message = loadEvent('cloudwatch/sns-alarm');
    const trigger = { ...(message['Trigger'] as object), ...statistic };
    expect(normaliseCloudWatchSns({ ...message, Trigger: trigger }, receivedAt)).toMatchObject({
      alert: { payload: { custom_details: { stat, period: 60 } } },
    });
  });

  it.each([
    ['insufficient-data', 'insufficient-data'],
    ['alarm-updated', 'configuration-update'],
    ['target-tracking-alarm', 'scaling-alarm'],
  ])('knows %s as noise', (fixture, reason) => {
    expect(normaliseEvent(loadEvent(`cloudwatch/${fixture}`), receivedAt)).toEqual({ kind: 'noise', reason });
  });

  it.each(['TargetTracking-checkout', 'not TargetTracking-web-AlarmHigh-fc0e4183-23ac-497e-9992-691c9980c38e'])(
    'hears %s, which target tracking would not call its alarm',
    (alarmName) => {
      const event = loadEvent('cloudwatch/target-tracking-alarm');
      const detail = { ...(event['detail'] as object), alarmName };
      expect(normaliseEvent({ ...event, detail }, receivedAt)).toMatchObject({ kind: 'alert' });
    },
  );

  it('knows the alarms of target tracking for an Auto Scaling group by their names, in whatever state', () => {
    const event = loadEvent('cloudwatch/ec2-status-check-ok');
    const alarmName = 'TargetTracking-web-AlarmHigh-fc0e4183-23ac-497e-9992-691c9980c38e';
    const detail = { ...(event['detail'] as object), alarmName };
    expect(normaliseEvent({ ...event, detail }, receivedAt)).toEqual({ kind: 'noise', reason: 'scaling-alarm' });
  });

  it('reads an alarm whose state has no time, by that of its event', () => {
    const event = loadEvent('cloudwatch/ec2-status-check-alarm');
    const detail = { ...(event['detail'] as object), state: { value: 'ALARM' } };
    expect(normaliseEvent({ ...event, detail }, receivedAt)).toMatchObject({
      alert: { event_action: 'trigger', origin: { transitioned_at: new Date(String(event['time'])).toISOString() } },
    });
  });

  it('names every bad field of an event at once', () => {
    const event = {
      'detail-type': 'CloudWatch Alarm State Change',
      id: 1,
      detail: { state: { value: 'ALARM', timestamp: 'soon' } },
    };
    const normalised = normaliseEvent(event, receivedAt);
    const paths = normalised.kind === 'poison' ? normalised.errors.map((error) => error.path) : [];
    expect(paths.toSorted()).toEqual(['account', 'detail.alarmName', 'id', 'region', 'resources.0', 'source', 'time']);
  });

  it('keeps what somebody puts on the bus apart from what AWS says of the same alarm', () => {
    const event = structuredClone(loadEvent('cloudwatch/ec2-status-check-alarm'));
    const own = normaliseEvent(event, receivedAt);
    const sent = normaliseEvent({ ...event, source: 'my.app' }, receivedAt);
    if (own.kind !== 'alert' || sent.kind !== 'alert') throw new Error('Both are alerts.');
    expect(sent.alert.dedup_key).not.toBe(own.alert.dedup_key);
    expect(sent.alert.incident_key).not.toBe(own.alert.incident_key);
    expect([own.alert.origin.sent_by, sent.alert.origin.sent_by]).toEqual([undefined, 'my.app']);
  });

  it('takes no time from the future, which would make every later alert late', () => {
    const event = structuredClone(loadEvent('cloudwatch/ec2-status-check-ok'));
    Reflect.set(
      Reflect.get(Reflect.get(event, 'detail') as object, 'state') as object,
      'timestamp',
      '2099-01-01T00:00:00Z',
    );
    const normalised = normaliseEvent(event, receivedAt);
    expect(normalised).toMatchObject({ alert: { origin: { transitioned_at: receivedAt.toISOString() } } });
  });

  it('refuses an alarm of another account than the event comes from', () => {
    const event = { ...loadEvent('cloudwatch/ec2-status-check-alarm'), account: '999999999999' };
    expect(normaliseEvent(event, receivedAt)).toMatchObject({ kind: 'poison', errors: [{ path: 'resources.0' }] });
  });

  it('never throws, whatever JSON comes', () => {
    const types = fc.constantFrom('CloudWatch Alarm State Change', 'CloudWatch Alarm Configuration Change', 'Other');
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), types, (value, detail, type) => {
        expect(['alert', 'noise', 'poison']).toContain(normaliseEvent(value, receivedAt).kind);
        expect(['noise', 'poison']).toContain(normaliseEvent({ 'detail-type': type, detail }, receivedAt).kind);
      }),
    );
  });

  it('reads no inherited member as a field', () => {
    const event = JSON.parse('{"detail-type":"CloudWatch Alarm State Change","__proto__":{"id":"x"}}');
    expect(normaliseEvent(event, receivedAt).kind).toBe('poison');
  });

  it('cuts a summary at 1,024 characters without breaking one', () => {
    const event = structuredClone(loadEvent('cloudwatch/ec2-status-check-alarm'));
    Reflect.set(Reflect.get(Reflect.get(event, 'detail') as object, 'state') as object, 'reason', '😀'.repeat(3000));
    const normalised = normaliseEvent(event, receivedAt);
    const summary = normalised.kind === 'alert' ? normalised.alert.payload.summary : '';
    expect(summary).toMatch(/😀…$/u);
    expect(summary.length).toBeGreaterThanOrEqual(1023);
    expect(summary.length).toBeLessThanOrEqual(1024);
    expect(summary).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });
});

describe('an alarm that invokes the function', () => {
  it('is another transition at another time, also where its state has no time', () => {
    const event = loadEvent('cloudwatch/lambda-alarm');
    const idAt = (time: string) => {
      const alarmData = { ...(event['alarmData'] as object), state: { value: 'ALARM' } };
      const normalised = normaliseEvent({ ...event, time, alarmData }, receivedAt);
      return normalised.kind === 'alert' ? normalised.alert.origin.event_id : normalised;
    };
    expect(idAt('2026-11-02T03:00:05.000+0000')).not.toEqual(idAt('2026-11-02T02:00:05.000+0000'));
  });
});
