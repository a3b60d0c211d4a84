import { type AwsCall, type AwsService, type RequiredGrant, UnsupportedInSandboxError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { ChangeStream, type StreamListener } from './change-stream.ts';
import { Engine, type Item } from './engine.ts';
import { type Members, readList, readMembers } from '../members.ts';
import { listRequiredGrants } from './required-grants.ts';
import { toCreateTable, type TableDescription } from './table-description.ts';
import { Tables } from './tables.ts';
import { TimeToLive } from './time-to-live.ts';
import { Transactions } from './transactions.ts';
import { refuseArns, Writes } from './writes.ts';

export { ConditionalCheckFailedError } from './conditional-check-failed-error.ts';
export { type CancellationReason, TransactionCanceledError } from './transaction-canceled-error.ts';
export type { StreamListener, StreamRecord } from './change-stream.ts';
export type { TableDescription } from './table-description.ts';
export type { Item } from './engine.ts';

/** What DynamoDB stands in. */
export interface DynamoDbOptions {
  readonly clock: VirtualClock;
  readonly account: string;
  readonly region: string;
  readonly tables: readonly TableDescription[];
}

/** What the world answers of a table of its own. */
const ofTheWorld = new Set(['DescribeTable', 'UpdateTable', 'DescribeContinuousBackups']);
/** What a program may ask of a table's items and would otherwise be answered by a world that has none of them. */
const UNSUPPORTED = new Set([
  'BatchExecuteStatement',
  'CreateTable',
  'DeleteTable',
  'ExecuteStatement',
  'ExecuteTransaction',
  'UpdateTable',
]);

/** DynamoDB: dynalite in memory, with transactions, streams and time to live before it. One request at a time. */
export class DynamoDb implements AwsService {
  readonly name = 'dynamodb';
  readonly #options: DynamoDbOptions;
  readonly #engine = new Engine();
  readonly #tables: Tables;
  readonly #stream: ChangeStream;
  readonly #writes: Writes;
  readonly #transactions: Transactions;
  readonly #timeToLive: TimeToLive;
  readonly #operations: Readonly<Record<string, (input: Members) => Promise<Members> | Members>>;
  readonly #createdAt: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DynamoDbOptions) {
    const { clock, region, tables } = options;
    this.#options = options;
    this.#createdAt = clock.now() / 1000;
    this.#tables = new Tables(tables);
    this.#stream = new ChangeStream(clock, region);
    this.#writes = new Writes(this.#engine, this.#tables, this.#stream);
    const parts = { engine: this.#engine, tables: this.#tables, stream: this.#stream, clock };
    this.#transactions = new Transactions(parts);
    this.#timeToLive = new TimeToLive(tables);
    this.#operations = this.#listOperations();
  }

  /** Creates the tables. Throws the `AwsError` that CreateTable would give. */
  async start(): Promise<void> {
    for (const table of this.#options.tables) {
      await this.#engine.run('CreateTable', toCreateTable(table));
      while (!(await this.#isActive(table))) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Frees the memory; no call may follow. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#engine.close());
  }

  grantsFor(operation: string, input: AwsCall['input']): readonly RequiredGrant[] {
    if (UNSUPPORTED.has(operation)) throw new UnsupportedInSandboxError(`dynamodb:${operation}`);
    return listRequiredGrants(operation, input, (nameOrArn) => this.#arnOf(nameOrArn));
  }

  /** A table that no template creates is one of the world's: it can be described and changed there, not read. */
  handles(operation: string, { TableName: name }: AwsCall['input'] = {}): boolean {
    if (ofTheWorld.has(operation) && typeof name === 'string' && !this.#tables.find(name)) return false;
    return UNSUPPORTED.has(operation) || Object.hasOwn(this.#operations, operation);
  }

  answer({ operation, input }: AwsCall): Promise<Record<string, unknown>> {
    return this.#inTurn(async () => {
      const run = this.#operations[operation];
      if (!run) throw new UnsupportedInSandboxError(`dynamodb:${operation}`);
      return { ...(await run(this.#tables.nameTable(input))) };
    });
  }

  /** Calls `listener` with every record of a table's stream, in the order of the writes, before the write is answered. */
  onStreamRecord(tableArn: string, listener: StreamListener): void {
    const table = this.#tables.find(tableArn);
    if (!table?.streamArn) throw new TypeError(`${tableArn} is no table with a stream; give it a streamArn.`);
    this.#stream.listen(table.arn, listener);
  }

  /** Every item of a table, by name or ARN. Throws ResourceNotFoundException. */
  items(tableName: string): Promise<readonly Item[]> {
    const { name } = this.#tables.get(tableName);
    return this.#inTurn(() => this.#scanAll(name));
  }

  /** Deletes every item of every table, which no stream tells of. */
  clear(): Promise<void> {
    return this.#inTurn(() => this.#engine.clear());
  }

  /** Puts items into a table, which no stream tells of: what an earlier story had come to. */
  async restore(tableName: string, items: readonly Item[]): Promise<void> {
    const { name } = this.#tables.get(tableName);
    for (const item of items) await this.#inTurn(() => this.#engine.run('PutItem', { TableName: name, Item: item }));
  }

  #listOperations(): Readonly<Record<string, (input: Members) => Promise<Members> | Members>> {
    const engine = this.#engine;
    return {
      GetItem: (input) => engine.run('GetItem', input),
      Query: (input) => engine.run('Query', input),
      Scan: (input) => engine.run('Scan', input),
      ListTables: (input) => engine.run('ListTables', input),
      BatchGetItem: (input) => {
        refuseArns(readMembers(input['RequestItems']));
        return engine.run('BatchGetItem', input);
      },
      PutItem: (input) => this.#writes.writeOne('PutItem', input),
      UpdateItem: (input) => this.#writes.writeOne('UpdateItem', input),
      DeleteItem: (input) => this.#writes.writeOne('DeleteItem', input),
      BatchWriteItem: (input) => this.#writes.writeBatch(input),
      TransactWriteItems: (input) => this.#transactions.write(input),
      TransactGetItems: (input) => this.#transactions.get(input),
      DescribeTable: (input) => this.#describeTable(input),
      DescribeTimeToLive: (input) => this.#timeToLive.describe(this.#tables.get(input['TableName'])),
      UpdateTimeToLive: (input) =>
        this.#timeToLive.update(this.#tables.get(input['TableName']), input['TimeToLiveSpecification']),
    };
  }

  /** Requests do not overlap, so that a transaction is atomic to every reader and records keep the order of writes. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #isActive({ name }: TableDescription): Promise<boolean> {
    const { Table } = await this.#engine.run('DescribeTable', { TableName: name });
    return readMembers(Table)['TableStatus'] === 'ACTIVE';
  }

  async #describeTable(input: Members): Promise<Members> {
    const table = this.#tables.get(input['TableName']);
    const { Table } = await this.#engine.run('DescribeTable', input);
    const described = readMembers(Table);
    return {
      Table: {
        ...described,
        TableArn: table.arn,
        CreationDateTime: this.#createdAt,
        ...nameIndexes(table.arn, 'GlobalSecondaryIndexes', described),
        ...nameIndexes(table.arn, 'LocalSecondaryIndexes', described),
        ...describeStream(table),
      },
    };
  }

  async #scanAll(TableName: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    let page: Members = {};
    do {
      const start = page['LastEvaluatedKey'] ? { ExclusiveStartKey: page['LastEvaluatedKey'] } : {};
      page = await this.#engine.run('Scan', { TableName, ...start });
      items.push(...readList(page['Items']));
    } while (page['LastEvaluatedKey']);
    return items;
  }

  #arnOf(nameOrArn: string): string {
    const { account, region } = this.#options;
    const known = this.#tables.find(nameOrArn)?.arn;
    if (known) return known;
    return nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:dynamodb:${region}:${account}:table/${nameOrArn}`;
  }
}

function nameIndexes(tableArn: string, member: string, described: Members): Members {
  if (!described[member]) return {};
  const indexes = readList(described[member]);
  return {
    [member]: indexes.map((index) => ({ ...index, IndexArn: `${tableArn}/index/${String(index['IndexName'])}` })),
  };
}

function describeStream({ streamArn, streamViewType = 'NEW_AND_OLD_IMAGES' }: TableDescription): Members {
  if (!streamArn) return {};
  return {
    LatestStreamArn: streamArn,
    LatestStreamLabel: streamArn.split('/stream/')[1] ?? '',
    StreamSpecification: { StreamEnabled: true, StreamViewType: streamViewType },
  };
}
