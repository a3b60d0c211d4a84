import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BreakerStore } from '../../../functions/adapters/breaker-store.ts';
import { DynamoDbTable } from '../../../functions/adapters/dynamodb-table.ts';
import type { BreakerEffect } from '../../../functions/domain/breaker.ts';
import { aTable, type Table, tableName } from './a-table.ts';

const at = '2026-11-02T03:00:00.000Z';
let table: Table;
let rows: DynamoDbTable;
let store: BreakerStore;

beforeEach(async () => {
  table = await aTable();
  rows = new DynamoDbTable(table.client, tableName);
  store = new BreakerStore(rows);
});
afterEach(async () => table.close());

async function count(effect: BreakerEffect, incident = 'inc-1'): Promise<readonly number[]> {
  const { writes } = await store.count({ runbook: 'restart', effect, revision: 'r1', failure: { incident, at } });
  return writes.length > 0 ? rows.write(writes) : [];
}

describe('BreakerStore', () => {
  it('remembers failures in a row, and forgets them at a recovery', async () => {
    await count('fails');
    await count('fails', 'inc-2');
    expect(await store.read('restart')).toEqual({
      revision: 'r1',
      failures: [
        { incident: 'inc-1', at },
        { incident: 'inc-2', at },
      ],
    });
    await count('closes');
    expect((await store.read('restart'))?.failures).toEqual([]);
  });

  it('writes nothing for a recovery after none, and for what was refused', async () => {
    const failure = { incident: 'inc-1', at };
    for (const effect of ['closes', 'none'] as const)
      expect((await store.count({ runbook: 'restart', effect, revision: 'r1', failure })).writes).toEqual([]);
  });

  it('lets one of two that end at once write, and the other see that it did not', async () => {
    for (const round of ['first', 'second']) {
      const failure = { incident: round, at };
      const [one, other] = await Promise.all(
        [1, 2].map(() => store.count({ runbook: 'restart', effect: 'fails', revision: 'r1', failure })),
      );
      expect(await rows.write(one?.writes ?? [])).toEqual([]);
      expect(await rows.write(other?.writes ?? [])).toEqual([0]);
    }
    expect((await store.read('restart'))?.failures).toHaveLength(2);
  });

  it('is closed when somebody deletes the item', async () => {
    await count('fails');
    await rows.write([{ delete: { pk: 'BREAKER#restart', sk: 'BREAKER' } }]);
    expect((await store.read('restart'))?.failures).toEqual([]);
  });

  it('knows nothing of an item that it has not written, and leaves it as it is', async () => {
    await rows.write([{ put: { pk: 'BREAKER#restart', sk: 'BREAKER', failures: 'many' } }]);
    expect(await store.read('restart')).toBeUndefined();
    await count('fails');
    expect(await store.read('restart')).toBeUndefined();
  });
});
