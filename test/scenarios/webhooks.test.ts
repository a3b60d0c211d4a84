import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { integrationKeyOf } from '../../rehearsal/local-stack.ts';
import { Stage } from '../support/stage.ts';

const rehearsal = 'ec2-status-check-failed/rehearsals/restart-recovers';
const routing_key = integrationKeyOf('pagerduty');
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

function isIntake({ machineArn }: { readonly machineArn: string }): boolean {
  return machineArn.endsWith('handsoff-intake');
}

function pagerDutyEvent(event_action: string, fields: object = {}) {
  const payload = { summary: 'checkout answers 500', source: 'web-1', severity: 'critical' };
  return { routing_key, event_action, dedup_key: 'checkout-500', payload, ...fields };
}

describe('an alert sent over HTTP', () => {
  it('of a PagerDuty client opens an incident, is acknowledged and is resolved by its sender', async () => {
    await stage.scene(rehearsal);
    const answer = await stage.stack.post('/v2/enqueue', pagerDutyEvent('trigger'));
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.body)).toEqual({
      status: 'success',
      message: 'Event processed',
      dedup_key: 'checkout-500',
    });
    const opened = await stage.goOn(1);
    expect(opened.incident).toMatchObject({ status: 'triggered', mode: 'observe', runbook: 'default' });
    expect(opened.incident.alert.origin).toMatchObject({ format: 'pagerduty', sent_by: 'pagerduty' });
    await stage.stack.post('/v2/enqueue', pagerDutyEvent('acknowledge'));
    const acknowledged = await stage.goOn(1);
    expect(acknowledged.incident).toMatchObject({ status: 'acknowledged', acknowledged_by: 'pagerduty' });
    await stage.stack.post('/v2/enqueue', pagerDutyEvent('resolve'));
    expect((await stage.goOn()).incident.status).toBe('resolved');
  });

  it('calls people when it gets worse, and from then on as often as if it had just been opened', async () => {
    await stage.scene(rehearsal);
    const disk = {
      dedup_key: 'disk-full',
      payload: { summary: 'the disk is full', source: 'db-1', severity: 'warning' },
    };
    await stage.stack.post('/v2/enqueue', pagerDutyEvent('trigger', disk));
    await stage.goOn(8);
    const worse = { ...disk, payload: { ...disk.payload, severity: 'critical' } };
    await stage.stack.post('/v2/enqueue', pagerDutyEvent('trigger', worse));
    const called = await stage.goOn(9);
    expect(called.incident.priority).toBe('P1');
    expect(called.kinds).toEqual(['triggered', 'diagnosed', 'needs-human', 'worsened']);
    const pressed = await stage.goOn(2);
    expect(pressed.timeline.at(-1)?.text).toBe('Nobody has acknowledged: call 1 of 3.');
    await stage.stack.click('acknowledge', pressed.incident.id, 'U0HANDSOFF1');
    expect((await stage.goOn(60)).kinds.slice(-2)).toEqual(['escalated', 'acknowledged']);
    await stage.stack.post('/v2/enqueue', pagerDutyEvent('resolve', disk));
    await stage.goOn();
  });

  it('has as many calls again when it gets worse after the last of them', async () => {
    await stage.scene(rehearsal);
    const fields = (severity: string) => ({
      dedup_key: 'queue-long',
      payload: { summary: 'the queue grows', source: 'q-1', severity },
    });
    await stage.stack.post('/v2/enqueue', pagerDutyEvent('trigger', fields('warning')));
    await stage.goOn(45);
    await stage.stack.post('/v2/enqueue', pagerDutyEvent('trigger', fields('critical')));
    const { timeline } = await stage.goOn(60);
    const calls = timeline.flatMap(({ kind, text }) => (kind === 'escalated' ? [text.replace(/.*: /, '')] : []));
    expect(calls.map((call) => call.replaceAll(/\D+/g, ' ').trim())).toEqual([
      '1 3',
      '2 3',
      '3 3',
      '4 6',
      '5 6',
      '6 6',
    ]);
    await stage.stack.post('/v2/enqueue', pagerDutyEvent('resolve', fields('critical')));
    await stage.goOn();
  });

  it('never repairs anything, even when it looks like an alarm that a runbook acts on', async () => {
    await stage.scene(rehearsal);
    const payload = {
      summary: 'StatusCheckFailed',
      source: 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0a1b2c3d4e5f60718',
      severity: 'critical',
      class: 'StatusCheckFailed',
      custom_details: { metric: 'StatusCheckFailed', namespace: 'AWS/EC2' },
    };
    await stage.stack.post('/v2/enqueue', pagerDutyEvent('trigger', { dedup_key: 'fake', payload }));
    const outcome = await stage.goOn(60);
    expect(outcome.incident.mode).toBe('observe');
    expect(outcome.asked).not.toContain('ec2:StopInstances');
  });

  it('is CloudWatch’s own alarm put on the bus by somebody else: it reaches the runbook that would act, and that only proposes', async () => {
    await stage.scene(rehearsal);
    const event = { ...stage.event('ec2-status-check-alarm'), source: 'handsoff.somebody' };
    stage.stack.sandbox.deliver(event, 'handsoff');
    const outcome = await stage.goOn(60);
    expect(outcome.incident).toMatchObject({
      runbook: 'ec2-status-check-failed',
      mode: 'observe',
      alert: { origin: { format: 'cloudwatch', sent_by: 'handsoff.somebody' } },
    });
    expect(outcome.kinds).toContain('proposed');
    expect(outcome.asked).not.toContain('ec2:StopInstances');
  });

  it('that says an older time than the resolve before it opens an incident all the same', async () => {
    await stage.scene(rehearsal);
    const dedup_key = 'comes-back';
    const timestamp = new Date(stage.stack.sandbox.clock.now() - 3_600_000).toISOString();
    const old = { summary: 'down', source: 'web-1', severity: 'error', timestamp };
    for (const action of ['trigger', 'resolve', 'trigger']) {
      await stage.stack.post('/v2/enqueue', pagerDutyEvent(action, { dedup_key, payload: old }));
      await stage.goOn(10);
    }
    const mine = (await stage.stack.incidents()).filter(({ alert }) => alert.payload.timestamp === timestamp);
    expect(mine.map(({ status }) => status)).toEqual(['resolved', 'triggered']);
  });

  it('of a change is shown with the next incident', async () => {
    await stage.scene(rehearsal);
    const payload = { summary: 'Deployed checkout 42', source: 'ci' };
    await stage.stack.post('/v2/change/enqueue', { routing_key, payload });
    await stage.goOn(1);
    const { timeline } = await stage.play('ec2-status-check-alarm', () => stage.isTelling('DIAGNOSED'));
    const findings = timeline.find(({ kind }) => kind === 'diagnosed')?.findings;
    const announced = findings?.find(({ diagnostic }) => diagnostic === 'announced-changes');
    expect(announced?.summary).toContain('Deployed checkout 42 (ci, ');
  });

  it('with the key of nobody gets 401 and nothing else happens', async () => {
    await stage.scene(rehearsal);
    const before = (await stage.stack.incidents()).length;
    const event = pagerDutyEvent('trigger', { routing_key: 'x'.repeat(32), dedup_key: 'stranger' });
    expect(await stage.stack.post('/v2/enqueue', event)).toEqual({ status: 401, body: '' });
    await stage.run();
    expect(await stage.stack.incidents()).toHaveLength(before);
  });

  it('a second time, captured and sent again, changes nothing', async () => {
    await stage.scene(rehearsal);
    const labels = { alertname: 'HighLatency', instance: 'web-7' };
    const alert = { status: 'firing', labels, annotations: {}, startsAt: '2026-11-02T03:00:00Z', fingerprint: 'f00d' };
    const before = stage.stack.sandbox.machines.executions().length;
    for (let times = 0; times < 3; times++)
      expect((await stage.stack.postSigned('grafana', { status: 'firing', alerts: [alert] })).status).toBe(202);
    const { incident } = await stage.goOn(1);
    expect(incident.alert.origin).toMatchObject({ format: 'grafana', sent_by: 'grafana' });
    const intakes = stage.stack.sandbox.machines.executions().slice(before).filter(isIntake);
    expect(intakes).toHaveLength(1);
  });

  it('that cannot be read is kept for a person with the reason', async () => {
    await stage.scene(rehearsal);
    const authorization = `Bearer ${integrationKeyOf('alertmanager')}`;
    const { status } = await stage.stack.post('/integrations/alertmanager', '{"version":"4"}', { authorization });
    expect(status).toBe(400);
    await stage.run();
    const [kept] = stage.stack.sandbox.queues
      .messages('arn:aws:sqs:eu-central-1:123456789012:handsoff-quarantine')
      .slice(-1);
    expect(kept?.body).toContain('is not a list');
  });
});
