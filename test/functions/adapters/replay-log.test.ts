import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
});
