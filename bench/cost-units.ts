import { sizeOfItem } from '../sandbox/dynamodb/engine.ts';
import type { Item } from '../sandbox/dynamodb/dynamodb.ts';

/** One call to DynamoDB as the router saw it. */
export interface TableCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Request units that DynamoDB bills. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

/**
 * The request units of one call: a write is billed by started KB and doubly within a transaction, a consistent read by
 * started 4 KB, in a batch each item by itself; a condition that does not hold is billed all the same. Reads are sized by
 * `items`, the table as it was left, where items are no smaller than they were. Throws for an operation that it does not
 * know.
 * https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
export function unitsOf({ operation, input }: TableCall, items: readonly Item[]): Units {
  switch (operation) {
    case 'GetItem':
      return reading(items.filter((item) => hasKey(item, input['Key'])));
    case 'BatchGetItem':
      return sumOf(keysIn(input['RequestItems']).map((key) => reading(items.filter((item) => hasKey(item, key)))));
    case 'Query':
      return reading(queried(input, items));
    case 'PutItem':
      return { read: 0, write: writeUnits(input['Item']) };
    case 'UpdateItem':
    case 'DeleteItem':
      return { read: 0, write: writeUnits(items.find((item) => hasKey(item, input['Key']))) };
    case 'TransactWriteItems':
      return { read: 0, write: transactionUnits(input['TransactItems']) };
    default:
      throw new Error(`There is no rule for what dynamodb:${operation} is billed; give it one in cost-units.ts.`);
  }
}

function reading(items: readonly Item[]): Units {
  const bytes = items.reduce((sum, item) => sum + sizeOfItem(item), 0);
  return { read: Math.max(1, Math.ceil(bytes / 4096)), write: 0 };
}

function sumOf(units: readonly Units[]): Units {
  return units.reduce((sum, { read, write }) => ({ read: sum.read + read, write: sum.write + write }), {
    read: 0,
    write: 0,
  });
}

/** The keys that one request reads, of all its tables. */
function keysIn(requests: unknown): readonly unknown[] {
  const tables = typeof requests === 'object' && requests !== null ? Object.values(requests) : [];
  return tables.flatMap(({ Keys: keys }: { Keys?: readonly unknown[] }) => keys ?? []);
}

function writeUnits(item: unknown): number {
  return isItem(item) ? Math.max(1, Math.ceil(sizeOfItem(item) / 1024)) : 1;
}

function transactionUnits(members: unknown): number {
  const writes = Array.isArray(members) ? members : [];
  return writes.reduce((sum: number, { Put }: { Put?: { Item?: unknown } }) => sum + 2 * writeUnits(Put?.Item), 0);
}

/** What a query of the incident table finds: a partition, and the start of a sort key. */
function queried({ ExpressionAttributeValues: values, Limit: limit }: TableCall['input'], items: readonly Item[]) {
  if (!isItem(values)) return [];
  const [pk, prefix] = [textOf(values[':pk']), textOf(values[':prefix'])];
  const found = items.filter((item) => textOf(item['pk']) === pk && textOf(item['sk']).startsWith(prefix));
  return typeof limit === 'number' ? found.slice(0, limit) : found;
}

function hasKey(item: Item, key: unknown): boolean {
  return isItem(key) && textOf(item['pk']) === textOf(key['pk']) && textOf(item['sk']) === textOf(key['sk']);
}

function textOf(value: unknown): string {
  return isItem(value) && typeof value['S'] === 'string' ? value['S'] : '';
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
