import { AwsError, UnsupportedInSandboxError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import type { Change, ChangeStream } from './change-stream.ts';
import type { Engine, Item } from './engine.ts';
import { isRecord, type Members, readList, readMembers, readText } from '../members.ts';
import { pickKey, type TableDescription } from './table-description.ts';
import type { Tables } from './tables.ts';
import { type CancellationReason, TransactionCanceledError } from './transaction-canceled-error.ts';
import { refuseReturnValues, type SingleWrite } from './writes.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
const MAX_ACTIONS = 100;
const TOKEN_LIFE_MS = 600_000;

const WRITES = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'DeleteItem' } as const;

interface Action {
  readonly kind: keyof typeof WRITES;
  readonly operation: SingleWrite;
  readonly input: Members;
  readonly request: Members;
  readonly table: TableDescription;
  readonly key: Item;
  readonly identity: string | undefined;
}

interface CheckedAction extends Action {
  readonly before: Item | undefined;
}

interface RememberedToken {
  readonly request: string;
  readonly at: number;
}

/** What transactions stand on. */
export interface TransactionsOptions {
  readonly engine: Engine;
  readonly tables: Tables;
  readonly stream: ChangeStream;
  readonly clock: VirtualClock;
}

/** Transactions, which dynalite lacks. Whoever calls this lets nothing else write or read meanwhile. */
export class Transactions {
  readonly #engine: Engine;
  readonly #tables: Tables;
  readonly #stream: ChangeStream;
  readonly #clock: VirtualClock;
  readonly #tokens = new Map<string, RememberedToken>();

  constructor({ engine, tables, stream, clock }: TransactionsOptions) {
    this.#engine = engine;
    this.#tables = tables;
    this.#stream = stream;
    this.#clock = clock;
  }

  /** Carries out all writes, or none. Throws `TransactionCanceledError`. A token counts for ten minutes. */
  async write(input: Members): Promise<Members> {
    refuseConsumption(input);
    const { ClientRequestToken: token, ...request } = input;
    if (this.#isRepeated(token, JSON.stringify(request))) return {};
    const actions: Action[] = [];
    for (const [index, item] of readActions(input['TransactItems']).entries())
      actions.push(await this.#readWrite(item, index));
    refuseSameItem(actions);
    await this.#carryOut(await this.#checkAll(actions));
    if (typeof token === 'string') this.#tokens.set(token, { request: JSON.stringify(request), at: this.#clock.now() });
    return {};
  }

  /** Reads up to 100 items as they are at one moment. */
  async get(input: Members): Promise<Members> {
    refuseConsumption(input);
    const gets = readActions(input['TransactItems']).map((item) => this.#tables.nameTable(readMembers(item['Get'])));
    const requests = gets.map((get) => this.#engine.parse('GetItem', { ...get, ConsistentRead: true }));
    const Responses: Members[] = [];
    for (const request of requests) Responses.push(await this.#engine.carryOut('GetItem', request));
    return { Responses };
  }

  #isRepeated(token: unknown, request: string): boolean {
    const known = this.#tokens.get(readText(token));
    if (!known || this.#clock.now() - known.at >= TOKEN_LIFE_MS) return false;
    if (known.request === request) return true;
    const message = 'The request uses the same client token as a previous, but non-identical request.';
    throw new AwsError('IdempotentParameterMismatchException', message);
  }

  async #readWrite(item: Members, index: number): Promise<Action> {
    const kinds = (['Put', 'Update', 'Delete', 'ConditionCheck'] as const).filter((kind) => isRecord(item[kind]));
    const [kind] = kinds;
    if (!kind || kinds.length > 1) {
      const message = 'TransactItems can only contain one of Check, Put, Update or Delete';
      throw new AwsError('ValidationException', `${message} (at transactItems.${index + 1})`);
    }
    const input = this.#tables.nameTable(readMembers(item[kind]));
    refuseActionMembers(kind, input);
    const operation = WRITES[kind];
    const request = this.#engine.parse(operation, input);
    const table = this.#tables.get(input['TableName']);
    const key = kind === 'Put' ? pickKey(table, readMembers(input['Item'])) : readMembers(input['Key']);
    const identity = await this.#engine.identify(table.name, key);
    return { kind, operation, input, request, table, key, identity };
  }

  async #checkAll(actions: readonly Action[]): Promise<readonly CheckedAction[]> {
    const checked: CheckedAction[] = [];
    const reasons: CancellationReason[] = [];
    for (const action of actions) {
      const before = await this.#engine.peek(action.table.name, action.identity);
      checked.push({ ...action, before });
      reasons.push(await this.#check(action, before));
    }
    if (reasons.some((reason) => reason.Code !== 'None')) throw new TransactionCanceledError(reasons);
    return checked;
  }

  async #check({ kind, input, request, table, key }: Action, before: Item | undefined): Promise<CancellationReason> {
    const subject = kind === 'Put' ? { item: readMembers(input['Item']) } : { key };
    const refusal = await this.#engine.refusal(table.name, subject);
    if (refusal) return { Code: 'ValidationError', Message: refusal.message };
    if (this.#engine.holds(request, before)) return { Code: 'None' };
    const asked = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' && before;
    return {
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      ...(asked ? { Item: before } : {}),
    };
  }

  /** An update may still fail on the types of the item that it meets; what was written before it is then put back. */
  async #carryOut(actions: readonly CheckedAction[]): Promise<void> {
    const changes: Change[] = [];
    for (const [index, action] of actions.entries()) {
      try {
        changes.push(await this.#carryOutOne(action));
      } catch (error) {
        for (const change of changes.toReversed()) await this.#putBack(change);
        if (error instanceof AwsError) throw canceledAt(index, actions.length, error);
        throw error;
      }
    }
    for (const change of changes) this.#stream.publish(change);
  }

  async #carryOutOne(action: CheckedAction): Promise<Change> {
    const { kind, operation, request, table, key, identity, before } = action;
    if (kind === 'ConditionCheck') return { table, key, before, after: before };
    await this.#engine.carryOut(operation, request);
    return { table, key, before, after: await this.#engine.peek(table.name, identity) };
  }

  async #putBack({ table, key, before }: Change): Promise<void> {
    if (before) await this.#engine.run('PutItem', { TableName: table.name, Item: before });
    else await this.#engine.run('DeleteItem', { TableName: table.name, Key: key });
  }
}

function refuseSameItem(actions: readonly Action[]): void {
  const identities = new Set(actions.map(({ table, identity }) => `${table.name}/${identity}`));
  if (identities.size === actions.length) return;
  const message = 'Transaction request cannot include multiple operations on one item';
  throw new AwsError('ValidationException', message);
}

function canceledAt(failed: number, count: number, { message }: AwsError): TransactionCanceledError {
  const reasons = Array.from({ length: count }, (_, index) =>
    index === failed ? { Code: 'ValidationError', Message: message } : { Code: 'None' },
  );
  return new TransactionCanceledError(reasons);
}

function readActions(value: unknown): readonly Members[] {
  const actions = readList(value);
  if (actions.length >= 1 && actions.length <= MAX_ACTIONS) return actions;
  const bound = actions.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MAX_ACTIONS}`;
  const message = `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`;
  throw new AwsError('ValidationException', message);
}

function refuseActionMembers(kind: Action['kind'], input: Members): void {
  refuseReturnValues(input['ReturnValuesOnConditionCheckFailure']);
  const missing = { ConditionCheck: 'ConditionExpression', Update: 'UpdateExpression', Put: 'Item', Delete: 'Key' }[
    kind
  ];
  if (input[missing] !== undefined) return;
  const member = `${missing.charAt(0).toLowerCase()}${missing.slice(1)}`;
  const message = `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`;
  throw new AwsError('ValidationException', message);
}

function refuseConsumption({ ReturnConsumedCapacity = 'NONE', ReturnItemCollectionMetrics = 'NONE' }: Members): void {
  if (ReturnConsumedCapacity !== 'NONE') throw new UnsupportedInSandboxError('ReturnConsumedCapacity of transactions');
  if (ReturnItemCollectionMetrics !== 'NONE')
    throw new UnsupportedInSandboxError('ReturnItemCollectionMetrics of transactions');
}
