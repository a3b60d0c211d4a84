import db, { type DynaliteStore, type DynaliteTable } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { AwsError } from '../aws.ts';
import { DYNALITE_OPERATIONS, type DynaliteOperation } from './dynalite-operations.ts';
import { isRecord, type Members } from '../members.ts';
import { rememberQuickly } from './quick-memory.ts';

/** One item, or a key: attribute values as on the wire, `{ S: … }`. */
export type Item = Members;

/** dynalite in memory, called without its HTTP server: the same actions and the same validation. */
export class Engine {
  readonly #store: DynaliteStore;

  constructor() {
    this.#store = db.create({ createTableMs: 0 });
    rememberQuickly(this.#store.db);
    rememberTables(this.#store);
  }

  /** Answers one operation. Throws the `AwsError` that DynamoDB would give. */
  async run(operation: DynaliteOperation, input: Members): Promise<Members> {
    return this.carryOut(operation, this.parse(operation, input));
  }

  /** Carries out a request that `parse` returned, which it uses up. Throws as `run` does. */
  carryOut(operation: DynaliteOperation, request: Members): Promise<Members> {
    return new Promise((resolve, reject) => {
      DYNALITE_OPERATIONS[operation].run(this.#store, request, (error, output) => {
        if (error) reject(toAwsError(error));
        else resolve(toPlain(output));
      });
    });
  }

  /** Checks an input without running it, and returns it as dynalite reads it. Throws an `AwsError`. */
  parse(operation: DynaliteOperation, input: Members): Members {
    const { types, custom } = DYNALITE_OPERATIONS[operation].rules;
    try {
      const request = validations.checkTypes({ ...input }, types);
      validations.checkValidations(request, types, custom, this.#store);
      return request;
    } catch (error) {
      throw toAwsError(error);
    }
  }

  /** The table as dynalite keeps it. Throws ResourceNotFoundException. */
  table(name: string): Promise<object> {
    return new Promise((resolve, reject) => {
      this.#store.getTable(name, (error, table) => {
        if (error) reject(toAwsError(error));
        else resolve(table);
      });
    });
  }

  /** A text that is the same for the same key of a table; undefined for a key that the table's schema refuses. */
  async identify(tableName: string, key: Item): Promise<string | undefined> {
    const table = await this.table(tableName);
    return db.validateKey(key, table) ? undefined : db.createKey(key, table);
  }

  /** The item that `identify` gave this text for; undefined when there is none. */
  async peek(tableName: string, identity: string | undefined): Promise<Item | undefined> {
    if (identity === undefined) return undefined;
    return new Promise((resolve, reject) => {
      this.#store.getItemDb(tableName).get(identity, (error, item) => {
        if (error && !(error instanceof Error && error.name === 'NotFoundError')) reject(toAwsError(error));
        else resolve(isRecord(item) ? item : undefined);
      });
    });
  }

  /** Why a table's schema refuses an item or a key, if it does. */
  async refusal(tableName: string, { item, key }: { item?: Item; key?: Item }): Promise<AwsError | undefined> {
    const table = await this.table(tableName);
    const problem = item ? db.validateItem(item, table) : db.validateKey(key ?? {}, table);
    return problem ? readAwsError(problem) : undefined;
  }

  /** True when the condition of a request that `parse` returned holds for `item`. */
  holds(request: Members, item: Item | undefined): boolean {
    return !db.checkConditional(request, item);
  }

  /** Deletes every item of every table. dynalite keeps them under keys that begin with `item-`, and `index-`. */
  clear(): Promise<void> {
    return this.#store.db.clear({ gte: 'index-', lt: 'item.' });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#store.db.close((error) => {
        if (error) reject(toAwsError(error));
        else resolve();
      });
    });
  }
}

/** No table changes once it is active, and dynalite would decode it anew for every request. */
function rememberTables({ tableDb }: DynaliteStore): void {
  const known = new Map<string, DynaliteTable>();
  const get = tableDb.get.bind(tableDb);
  tableDb.get = (name, callback) => {
    const active = known.get(name);
    if (active) callback(null, active);
    else
      get(name, (error, table) => {
        if (table?.TableStatus === 'ACTIVE') known.set(name, table);
        callback(error, table);
      });
  };
}

/** The size of an item in bytes, as DynamoDB counts it. */
export function sizeOfItem(item: Item): number {
  return db.itemSize(item);
}

/** dynalite's own objects carry undefined members and no prototype; what leaves here is JSON. */
function toPlain(value: unknown): Members {
  const plain: unknown = JSON.parse(JSON.stringify(value ?? {}));
  return isRecord(plain) ? plain : {};
}

function toAwsError(error: unknown): Error {
  return readAwsError(error) ?? (error instanceof Error ? error : new Error(String(error)));
}

function readAwsError(error: unknown): AwsError | undefined {
  if (!isRecord(error) || !isRecord(error['body'])) return undefined;
  const { __type: type, message, Message = message } = error['body'];
  const code = String(type).split('#').at(-1) ?? 'InternalServerError';
  return new AwsError(code, typeof Message === 'string' ? Message : '', Number(error['statusCode'] ?? 400));
}
