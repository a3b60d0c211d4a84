import { AwsError, UnsupportedInSandboxError } from '../aws.ts';
import type { Change, ChangeStream } from './change-stream.ts';
import { ConditionalCheckFailedError } from './conditional-check-failed-error.ts';
import type { Engine, Item } from './engine.ts';
import { type Members, readList, readMembers } from './members.ts';
import { pickKey, type TableDescription } from './table-description.ts';
import type { Tables } from './tables.ts';

/** The operations that write one item. */
export type SingleWrite = 'PutItem' | 'UpdateItem' | 'DeleteItem';

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
    this.#engine.parse(operation, input);
    const table = this.#tables.get(input['TableName']);
    const key = operation === 'PutItem' ? pickKey(table, readMembers(input['Item'])) : readMembers(input['Key']);
    if (!table.streamArn && input['ReturnValuesOnConditionCheckFailure'] !== 'ALL_OLD')
      return this.#run(operation, input, undefined);
    const before = await this.#engine.peek(table.name, key);
    const returned = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' ? before : undefined;
    const output = await this.#run(operation, input, returned);
    this.#stream.publish({ table, key, before, after: await this.#engine.peek(table.name, key) });
    return output;
  }

  /** Writes and deletes several items, without conditions. Names of tables are taken, ARNs are not. */
  async writeBatch(input: Members): Promise<Members> {
    const batch = readMembers(input['RequestItems']);
    refuseArns(batch);
    this.#engine.parse('BatchWriteItem', input);
    const written = Object.entries(batch).flatMap(([name, requests]) => this.#itemsOf(name, readList(requests)));
    const before = await Promise.all(written.map(({ table, key }) => this.#engine.peek(table.name, key)));
    const output = await this.#engine.run('BatchWriteItem', input);
    for (const [index, { table, key }] of written.entries()) {
      this.#stream.publish({ table, key, before: before[index], after: await this.#engine.peek(table.name, key) });
    }
    return output;
  }

  async #run(operation: SingleWrite, input: Members, item: Item | undefined): Promise<Members> {
    try {
      return await this.#engine.run(operation, input);
    } catch (error) {
      if (error instanceof AwsError && error.name === 'ConditionalCheckFailedException')
        throw new ConditionalCheckFailedError(item);
      throw error;
    }
  }

  #itemsOf(name: string, requests: readonly Members[]): readonly Pick<Change, 'table' | 'key'>[] {
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
