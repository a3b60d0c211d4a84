import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoDbTable } from '../../../functions/adapters/dynamodb-table.ts';
import { type Table, aTable, tableName } from './a-table.ts';

let service: Table;
let table: DynamoDbTable;
beforeAll(async () => {
  service = await aTable();
  table = new DynamoDbTable(service.client, tableName);
});
afterAll(() => service.close());

const key = { pk: 'ALERT#1', sk: 'ALERT' };
const safe = Number.MAX_SAFE_INTEGER;

describe('DynamoDbTable', () => {
  it.each([
    ['a time in nanoseconds', 1793590000000000000, '1793590000000000000'],
    ['the first integer that may have lost digits', safe + 1, '9007199254740992'],
    ['a negative one', -safe - 1, '-9007199254740992'],
    ['a number that is large and no integer', 1.2e300, '1.2e+300'],
    ['a number closer to zero than DynamoDB stores', 1e-200, '1e-200'],
  ])('keeps %s as text, wherever it stands', async (_what, number, text) => {
    await table.write([{ put: { ...key, alert: { details: { list: [{ number }] } }, number } }]);
    expect(await table.get(key)).toEqual({ ...key, alert: { details: { list: [{ number: text }] } }, number: text });
  });

  it.each([0, -0.5, 1e-130, safe, -safe])('keeps %d as the number that it is', async (number) => {
    await table.write([{ put: { ...key, number } }]);
    expect(await table.get(key)).toEqual({ ...key, number });
  });

  it('leaves out what is not there', async () => {
    await table.write([{ put: { ...key, details: { there: null, not: undefined } } }]);
    expect(await table.get(key)).toEqual({ ...key, details: { there: null } });
  });
});
