import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Delivery, DeliveryLog } from '../../../functions/adapters/delivery-log.ts';
import { deliverOnce } from '../../../functions/tell-people/deliver-once.ts';
import { aTable, type Table, tableName } from '../adapters/a-table.ts';

const at = (seconds: number) => new Date(Date.parse('2026-11-02T03:00:00.000Z') + seconds * 1000);
const delivery: Delivery = { incidentId: 'inc-1', channel: 'sns', entryId: 'triggered' };

let table: Table;
let log: DeliveryLog;
beforeEach(async () => {
  table = await aTable();
  log = new DeliveryLog(table.client, tableName);
});
afterEach(async () => table.close());

describe('deliverOnce', () => {
  it('sends at once again what could not be sent', async () => {
    const fail = deliverOnce(log, delivery, at(0), () => Promise.reject(new Error('SNS is down')));
    await expect(fail).rejects.toThrow('SNS is down');
    expect(await log.claim(delivery, at(1))).toBe('claimed');
  });

  it('keeps the claim on what was sent and could not be marked, so that nobody is told twice at once', async () => {
    const forgetful = {
      claim: log.claim.bind(log),
      release: log.release.bind(log),
      markSent: () => Promise.reject(new Error('the table is down')),
    };
    const fail = deliverOnce(forgetful, delivery, at(0), (sent) => {
      sent();
      return Promise.resolve('m-1');
    });
    await expect(fail).rejects.toThrow('the table is down');
    expect(await log.claim(delivery, at(59))).toBe('held');
    expect(await log.claim(delivery, at(60))).toBe('claimed');
  });

  it('does not send what was sent before', async () => {
    const sends: string[] = [];
    const send = () => Promise.resolve(`m-${sends.push('x')}`);
    expect(await deliverOnce(log, delivery, at(0), send)).toBe(true);
    expect(await deliverOnce(log, delivery, at(1), send)).toBe(false);
    expect(sends).toHaveLength(1);
  });
});
