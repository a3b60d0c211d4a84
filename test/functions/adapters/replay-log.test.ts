import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReplayLog } from '../../../functions/adapters/replay-log.ts';
import { aTable, type Table, tableName } from './a-table.ts';

const now = new Date('2026-11-02T03:00:00.000Z');
let table: Table;
beforeEach(async () => {
  table = await aTable();
});
afterEach(async () => table.close());

describe('ReplayLog', () => {
  it('takes a signature once, even when it comes twice at the same moment', async () => {
    const log = new ReplayLog(table.client, tableName);
    const taken = await Promise.all([log.takeOnce('v0=1', now), log.takeOnce('v0=1', now)]);
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await log.takeOnce('v0=1', now)).toBe(false);
  });

  it('takes other signatures', async () => {
    const log = new ReplayLog(table.client, tableName);
    expect(await log.takeOnce('v0=1', now)).toBe(true);
    expect(await log.takeOnce('v0=2', now)).toBe(true);
  });

  it('keeps no signature in the table, only its hash and when it may go', async () => {
    await new ReplayLog(table.client, tableName).takeOnce('v0=1', now);
    const image = JSON.stringify(table.records[0]?.dynamodb.NewImage);
    expect(image).not.toContain('v0=1');
    expect(image).toContain(`"expires_at_epoch":{"N":"${now.getTime() / 1000 + 3600}"}`);
  });

  it('knows what was taken a moment ago and nothing else, and writes nothing for the question', async () => {
    const log = new ReplayLog(table.client, tableName);
    expect(await log.has('hmac:1')).toBe(false);
    expect(table.operations).toEqual(['GetItem']);
    await log.takeOnce('hmac:1', now);
    const send = vi.spyOn(table.client, 'send');
    expect([await log.has('hmac:1'), await log.has('hmac:2')]).toEqual([true, false]);
    for (const [{ input }] of send.mock.calls) expect(input).toMatchObject({ ConsistentRead: true });
  });

  it('throws when the table cannot be asked', async () => {
    await expect(new ReplayLog(table.client, 'no-such-table').has('hmac:1')).rejects.toThrow();
  });
});
