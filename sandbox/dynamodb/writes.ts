import { AwsError, UnsupportedInSandboxError } from '../aws.ts';
import type { Change, ChangeStream } from './change-stream.ts';
import { ConditionalCheckFailedError } from './conditional-check-failed-error.ts';
import type { Engine, Item } from './engine.ts';
import { type Members, readList, readMembers } from '../members.ts';
import { pickKey, type TableDescription } from './table-description.ts';
import type { Tables } from './tables.ts';

/** The operations that write one item. */
export type SingleWrite = 'PutItem' | 'UpdateItem' | 'DeleteItem';

type WrittenItem = Pick<Change, 'table' | 'key'>;

/** Writes outside a transaction: passed on to dynalite, with what it lacks and the stream's records around it. */
export class Writes {
  readonly #engine: Engine;
  readonly #tables: Tables;
  readonly #stream: ChangeStream;

  constructor(engine: Engine, tables: Tables, stream: ChangeStream) {
    this.#engine = engine;
    this.#tables = tables;
    this.#stream = stream;
  }

  /** Writes one item. Throws `ConditionalCheckFailedError`, with the item when the input asks for it. */
  async writeOne(operation: SingleWrite, input: Members): Promise<Members> {
    refuseReturnValues(input['ReturnValuesOnConditionCheckFailure']);
    const request = this.#engine.parse(operation, input);
    const table = this.#tables.get(input['TableName']);
    const key = operation === 'PutItem' ? pickKey(table, readMembers(input['Item'])) : readMembers(input['Key']);
    if (!table.streamArn && input['ReturnValuesOnConditionCheckFailure'] !== 'ALL_OLD')
      return this.#carryOut(operation, request, undefined);
    const identity = await this.#engine.identify(table.name, key);
    const before = await this.#engine.peek(table.name, identity);
    const returned = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' ? before : undefined;
    const output = await this.#carryOut(operation, request, returned);
    this.#stream.publish({ table, key, before, after: await this.#engine.peek(table.name, identity) });
    return output;
  }

  /** Writes and deletes several items, without conditions. Names of tables are taken, ARNs are not. */
  async writeBatch(input: Members): Promise<Members> {
    const batch = readMembers(input['RequestItems']);
    refuseArns(batch);
    const request = this.#engine.parse('BatchWriteItem', input);
    const written = Object.entries(batch).flatMap(([name, requests]) => this.#itemsOf(name, readList(requests)));
    const before = await Promise.all(written.map((item) => this.#read(item)));
    const output = await this.#engine.carryOut('BatchWriteItem', request);
    for (const [index, item] of written.entries())
      this.#stream.publish({ ...item, before: before[index], after: await this.#read(item) });
    return output;
  }

  async #read({ table, key }: WrittenItem): Promise<Item | undefined> {
    return this.#engine.peek(table.name, await this.#engine.identify(table.name, key));
  }

  async #carryOut(operation: SingleWrite, request: Members, item: Item | undefined): Promise<Members> {
    try {
      return await this.#engine.carryOut(operation, request);
    } catch (error) {
      if (error instanceof AwsError && error.name === 'ConditionalCheckFailedException')
        throw new ConditionalCheckFailedError(item);
      throw error;
    }
  }

  #itemsOf(name: string, requests: readonly Members[]): readonly WrittenItem[] {
    const table = this.#tables.get(name);
    return requests.map((request) => ({ table, key: keyOfRequest(table, request) }));
  }
}

/** Throws an `UnsupportedInSandboxError` when a batch names a table by its ARN. */
export function refuseArns(batch: Members): void {
  const arn = Object.keys(batch).find((name) => name.startsWith('arn:'));
  if (arn) throw new UnsupportedInSandboxError(`a table's ARN in a batch (${arn}); name the table`);
}

/** Throws ValidationException for anything but ALL_OLD and NONE. */
export function refuseReturnValues(value: unknown): void {
  if (value === undefined || value === 'ALL_OLD' || value === 'NONE') return;
  const message = `1 validation error detected: Value ${JSON.stringify(value)} at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]`;
  throw new AwsError('ValidationException', message);
}

function keyOfRequest(table: TableDescription, { PutRequest, DeleteRequest }: Members): Item {
  if (DeleteRequest) return readMembers(readMembers(DeleteRequest)['Key']);
  return pickKey(table, readMembers(readMembers(PutRequest)['Item']));
}
