import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TakenRequests } from '../../../functions/receive-webhook/taken-requests.ts';
import { aTable, type Table, tableName } from '../adapters/a-table.ts';
import { now } from './a-webhook.ts';

let table: Table;
beforeEach(async () => {
  table = await aTable();
});
afterEach(async () => table.close());

describe('TakenRequests', () => {
  it('knows a request once it was marked, and no other', async () => {
    const taken = new TakenRequests(table.client, tableName);
    expect(await taken.has('hmac:1')).toBe(false);
    await taken.mark('hmac:1', now);
    expect(await taken.has('hmac:1')).toBe(true);
    expect(await taken.has('hmac:2')).toBe(false);
  });

  it('writes nothing for a question', async () => {
    await new TakenRequests(table.client, tableName).has('hmac:1');
    expect(table.operations).toEqual(['GetItem']);
  });

  it('sees what was marked a moment ago', async () => {
    const send = vi.spyOn(table.client, 'send');
    await new TakenRequests(table.client, tableName).has('hmac:1');
    expect(send.mock.calls.map(([{ input }]) => input)).toEqual([expect.objectContaining({ ConsistentRead: true })]);
  });

  it('marks a request twice without a failure', async () => {
    const taken = new TakenRequests(table.client, tableName);
    await taken.mark('hmac:1', now);
    await taken.mark('hmac:1', now);
    expect(table.records).toHaveLength(1);
  });

  it('throws when the table cannot be asked', async () => {
    await expect(new TakenRequests(table.client, 'no-such-table').has('hmac:1')).rejects.toThrow();
  });
});
