import { acknowledge, change, resolve, trigger } from '@pagerduty/pdjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { integrationKeyOf } from '../../rehearsal/local-stack.ts';
import { Stage } from '../support/stage.ts';
import { openTlsDoor, type TlsDoor } from '../support/tls-door.ts';

const routing_key = integrationKeyOf('pagerduty');
const payload = { summary: 'checkout answers 500', source: 'web-1', severity: 'critical' } as const;
let stage: Stage;
let door: TlsDoor;

beforeAll(async () => {
  stage = await Stage.open();
  door = await openTlsDoor(stage.stack.sandbox.apiUrls[0] ?? '');
});
afterAll(async () => {
  await door.close();
  await stage.close();
});

/** What the client is given, with our place instead of PagerDuty's. */
function parameters(data: object): Parameters<typeof trigger>[0] {
  return { data: { routing_key, ...data }, server: door.server, agent: door.agent } as never;
}

describe("PagerDuty's own client", () => {
  it('triggers, acknowledges and resolves as it does at PagerDuty', async () => {
    await stage.scene('ec2-status-check-failed/rehearsals/restart-recovers');
    const answer = await trigger(parameters({ dedup_key: 'checkout-500', payload }));
    expect(answer.status).toBe(202);
    expect(answer.data).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'checkout-500' });
    expect((await stage.goOn(1)).incident).toMatchObject({ status: 'triggered', priority: 'P1' });
    expect((await acknowledge(parameters({ dedup_key: 'checkout-500' }))).status).toBe(202);
    expect((await stage.goOn(1)).incident).toMatchObject({ status: 'acknowledged', acknowledged_by: 'pagerduty' });
    expect((await resolve(parameters({ dedup_key: 'checkout-500' }))).status).toBe(202);
    expect((await stage.goOn()).incident.status).toBe('resolved');
  });

  it('is given a key for an alert that has none', async () => {
    const { data } = await trigger(parameters({ payload }));
    expect(data).toMatchObject({ dedup_key: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    await stage.goOn();
  });

  it('announces a change, which tells nobody', async () => {
    const before = (await stage.stack.incidents()).length;
    const answer = await change(parameters({ payload: { summary: 'Deployed checkout 42', source: 'ci' } }));
    expect(answer.status).toBe(202);
    await stage.run();
    expect(await stage.stack.incidents()).toHaveLength(before);
    expect(await stage.stack.itemsBelow('CHANGES#')).toMatchObject([{ summary: 'Deployed checkout 42' }]);
  });

  it('hears what is wrong with an event', async () => {
    const answer = await trigger(parameters({ payload: { ...payload, severity: 'fatal' } }));
    expect(answer.status).toBe(400);
    expect(answer.data).toMatchObject({ status: 'invalid event', errors: [expect.stringContaining('severity')] });
  });
});
