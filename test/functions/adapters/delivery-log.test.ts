import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Delivery, DeliveryLog } from '../../../functions/adapters/delivery-log.ts';
import { aTable, type Table, tableName } from './a-table.ts';

const at = (seconds: number) => new Date(Date.parse('2026-11-02T03:00:00.000Z') + seconds * 1000);
const delivery: Delivery = { incidentId: 'inc-1', channel: 'sns', entryId: 'triggered' };

let table: Table;
let log: DeliveryLog;
beforeEach(async () => {
  table = await aTable();
  log = new DeliveryLog(table.client, tableName);
});
afterEach(async () => table.close());

describe('DeliveryLog', () => {
  it('gives a delivery to one sender only', async () => {
    const claims = await Promise.all([
      log.claim(delivery, at(0)),
      log.claim(delivery, at(0)),
      log.claim(delivery, at(0)),
    ]);
    expect(claims.sort()).toEqual(['claimed', 'held', 'held']);
  });

  it.each([
    [59.999, 'held'],
    [60, 'claimed'],
  ])('after %d s, a delivery whose sender died is %s', async (seconds, claim) => {
    await log.claim(delivery, at(0));
    expect(await log.claim(delivery, at(seconds))).toBe(claim);
  });

  it('gives a delivery back at once when it is released', async () => {
    await log.claim(delivery, at(0));
    await log.release(delivery);
    expect(await log.claim(delivery, at(1))).toBe('claimed');
  });

  it('never gives out what was sent, however late', async () => {
    await log.claim(delivery, at(0));
    await log.markSent(delivery, 'message-1', at(1));
    await log.release(delivery);
    expect(await log.claim(delivery, at(86_400))).toBe('sent');
  });

  it('keeps channels, lines and incidents apart', async () => {
    await log.claim(delivery, at(0));
    const others: Delivery[] = [
      { ...delivery, channel: 'slack' },
      { ...delivery, entryId: 'resolved' },
      { ...delivery, incidentId: 'inc-2' },
    ];
    for (const other of others) expect(await log.claim(other, at(0))).toBe('claimed');
  });

  it('lists what was sent on a channel, and not what is only claimed or the message itself', async () => {
    for (const entryId of ['triggered', 'escalated#1']) {
      await log.claim({ ...delivery, channel: 'slack', entryId }, at(0));
      await log.markSent({ ...delivery, channel: 'slack', entryId }, '1.2', at(0));
    }
    await log.claim({ ...delivery, channel: 'slack', entryId: 'resolved' }, at(0));
    await log.saveSlackRoot('inc-1', { channel: 'C1', ts: '1.1', version: 1 }, at(0));
    expect((await log.toldInChat('inc-1')).sent).toEqual(new Set(['triggered', 'escalated#1']));
  });

  it('remembers the message of an incident, and never goes back to an older version of it', async () => {
    expect((await log.toldInChat('inc-1')).root).toBeUndefined();
    await log.saveSlackRoot('inc-1', { channel: 'C1', ts: '1.1', version: 3 }, at(0));
    await log.saveSlackRoot('inc-1', { channel: 'C1', ts: '1.1', version: 2 }, at(0));
    expect((await log.toldInChat('inc-1')).root).toEqual({ channel: 'C1', ts: '1.1', version: 3 });
  });

  it('needs three actions on the table and no more', async () => {
    await log.claim(delivery, at(0));
    await log.markSent(delivery, 'message-1', at(0));
    await log.claim(delivery, at(0));
    await log.toldInChat('inc-1');
    expect(new Set(table.operations)).toEqual(new Set(['PutItem', 'UpdateItem', 'Query']));
  });
});
