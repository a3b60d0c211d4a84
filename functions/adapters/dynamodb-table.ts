import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { isRecord } from '../domain/fields.ts';

/** The key of every item in the incident table. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** An item as JSON. */
export type Item = Record<string, unknown>;

/** One write of a transaction: a whole item, or a deletion, with the condition it rests on. */
export interface Write {
  readonly put?: ItemKey & Readonly<Record<string, unknown>>;
  readonly delete?: ItemKey;
  /** Attribute names are written `#name`, values `:name`. */
  readonly condition?: string;
  readonly values?: Item;
}

/** Puts an item where it still stands as it was read: with the version after that, or where there was none. */
export function versionedPut(read: Item | undefined, put: NonNullable<Write['put']>): Write {
  if (!read) return { put: { ...put, version: 1 }, condition: 'attribute_not_exists(#pk)' };
  const { version } = read;
  return {
    put: { ...put, version: Number(version ?? 0) + 1 },
    condition: '#version = :version',
    values: { ':version': version },
  };
}

/** The incident table as the adapters use it: consistent reads, and writes that are all or nothing. */
export type IncidentTable = Pick<
  DynamoDbTable,
  'get' | 'getAll' | 'query' | 'queryBetween' | 'hasAny' | 'increment' | 'write'
>;

/** The incident table in DynamoDB. */
export class DynamoDbTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** The newest version of one item. */
  async get(key: ItemKey): Promise<Item | undefined> {
    const { Item: item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#name, Key: marshall({ ...key }), ConsistentRead: true }),
    );
    return item && unmarshall(item);
  }

  /**
   * The newest version of each of some items, in one request: at most 100 keys, DynamoDB's own limit for one. Throws when
   * it answers only some of them, as it may when it is throttled: whoever asks tries again.
   */
  async getAll(keys: readonly ItemKey[]): Promise<(Item | undefined)[]> {
    const texts = keys.map(textOf);
    const wanted = [...new Map(keys.map(({ pk, sk }, index) => [texts[index], marshall({ pk, sk })])).values()];
    if (wanted.length === 0) return [];
    const { Responses: found = {}, UnprocessedKeys: left = {} } = await this.#client.send(
      new BatchGetItemCommand({ RequestItems: { [this.#name]: { Keys: wanted, ConsistentRead: true } } }),
    );
    if (Object.keys(left).length > 0)
      throw new Error('The incident table answered only some of what was asked: it is throttled. Try again.');
    const items = (found[this.#name] ?? []).map((item) => unmarshall(item));
    const byKey = new Map(items.map((item) => [textOf({ pk: String(item['pk']), sk: String(item['sk']) }), item]));
    return texts.map((text) => byKey.get(text));
  }

  /** Every item of a partition whose sort key starts with `prefix`, in the order of their sort keys. */
  async query(pk: string, prefix: string): Promise<Item[]> {
    return this.#query('begins_with(sk, :prefix)', { ':pk': pk, ':prefix': prefix });
  }

  /** Every item of a partition whose sort key lies from `from` to `to`, in the order of their sort keys. */
  async queryBetween(pk: string, from: string, to: string): Promise<Item[]> {
    return this.#query('sk BETWEEN :from AND :to', { ':pk': pk, ':from': from, ':to': to });
  }

  async #query(condition: string, values: Item): Promise<Item[]> {
    const items: Item[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#name,
          KeyConditionExpression: `pk = :pk AND ${condition}`,
          ExpressionAttributeValues: marshall(values),
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: marshall(start) }),
        }),
      );
      items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
      start = page.LastEvaluatedKey && unmarshall(page.LastEvaluatedKey);
    } while (start);
    return items;
  }

  /** Whether a partition has an item whose sort key starts with `prefix`. Reads one item at the most. */
  async hasAny(pk: string, prefix: string): Promise<boolean> {
    const { Items: items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#name,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: marshall({ ':pk': pk, ':prefix': prefix }),
        ConsistentRead: true,
        Limit: 1,
      }),
    );
    return items.length > 0;
  }

  /** Adds one to a number, which begins at zero, and answers the sum. */
  async increment(key: ItemKey, attribute: string, expiresAtEpoch: number): Promise<number> {
    const { Attributes: attributes } = await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#name,
        Key: marshall({ ...key }),
        UpdateExpression: 'ADD #count :one SET expires_at_epoch = :expires',
        ExpressionAttributeNames: { '#count': attribute },
        ExpressionAttributeValues: marshall({ ':one': 1, ':expires': expiresAtEpoch }),
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(attributes && unmarshall(attributes)[attribute]);
  }

  /**
   * Writes all or nothing. Answers the positions of the writes whose condition did not hold, none when it was written.
   * A conflict with another transaction counts as every condition failing: the caller reads again and decides again.
   */
  async write(writes: readonly Write[]): Promise<readonly number[]> {
    const items = writes.map((write) => this.#itemOf(write));
    const [only] = items;
    if (only && items.length === 1) return this.#writeOne(only);
    try {
      await this.#client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      return [];
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      return failedPositions(error, writes.length);
    }
  }

  /** A transaction of one costs twice as much as the write alone. */
  async #writeOne({ Put, Delete }: TransactWriteItem): Promise<readonly number[]> {
    try {
      if (Put) await this.#client.send(new PutItemCommand(Put));
      if (Delete) await this.#client.send(new DeleteItemCommand(Delete));
      return [];
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return [0];
      throw error;
    }
  }

  #itemOf(write: Write): TransactWriteItem {
    const common = {
      TableName: this.#name,
      ...(write.condition && { ConditionExpression: write.condition }),
      ...namesIn(write.condition ?? ''),
      ...(write.values && { ExpressionAttributeValues: attributesOf(write.values) }),
    };
    if (write.delete) return { Delete: { ...common, Key: marshall({ ...write.delete }) } };
    return { Put: { ...common, Item: attributesOf({ ...write.put }) } };
  }
}

/** The least that DynamoDB stores above zero: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const leastNumber = 1e-130;

function attributesOf(item: Item) {
  return marshall(storable(item), { removeUndefinedValues: true });
}

/**
 * A value as it comes back from the table. What others sent may hold any number: one that DynamoDB or its client would refuse
 * is kept as its text, because an alert that cannot be written is an alert that nobody hears of.
 */
export function storable<Value>(value: Value): Value {
  return withoutOddNumbers(value) as Value;
}

function withoutOddNumbers(value: unknown): unknown {
  if (typeof value === 'number') return isStorable(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(withoutOddNumbers);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutOddNumbers(member)]));
}

/** The client reads and writes no number that may have lost digits. */
function isStorable(number: number): boolean {
  const size = Math.abs(number);
  return size === 0 || (size >= leastNumber && size <= Number.MAX_SAFE_INTEGER);
}

function textOf({ pk, sk }: ItemKey): string {
  return JSON.stringify([pk, sk]);
}

function namesIn(condition: string): { ExpressionAttributeNames?: Record<string, string> } {
  const names = [...condition.matchAll(/#(\w+)/g)].map(([name, attribute]) => [name, attribute]);
  return names.length > 0 ? { ExpressionAttributeNames: Object.fromEntries(names) } : {};
}

function failedPositions(error: TransactionCanceledException, count: number): readonly number[] {
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
  const other = codes.find((code) => !['None', 'ConditionalCheckFailed', 'TransactionConflict'].includes(code));
  if (other) throw new Error(`The incident table refused a transaction: ${codes.join(', ')}.`, { cause: error });
  if (codes.includes('TransactionConflict') || codes.length === 0)
    return Array.from({ length: count }, (_, index) => index);
  return codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
}
