declare module 'dynalite/db/index.js' {
  export interface DynaliteTable {
    readonly TableStatus: string;
  }

  interface Level<Value> {
    get(key: string, callback: (error: unknown, value: Value | undefined) => void): void;
  }

  export interface DynaliteStore {
    getTable(name: string, callback: (error: unknown, table: DynaliteTable) => void): void;
    getItemDb(name: string): Level<unknown>;
    readonly tableDb: Level<DynaliteTable>;
    readonly db: DynaliteMemory & { close(callback: (error: unknown) => void): void };
  }

  /** Which keys are read, in their order; `limit` -1 is all of them. */
  export interface KeyRange {
    readonly gt?: string;
    readonly gte?: string;
    readonly lt?: string;
    readonly lte?: string;
    readonly reverse?: boolean;
    readonly limit?: number;
  }

  interface WriteOperation {
    readonly type: 'put' | 'del';
    readonly key: string;
    readonly value?: unknown;
  }

  /** What dynalite asks of the store that it keeps everything in. */
  export interface DynaliteMemory {
    get(key: string, callback: (error: null, value: unknown) => void): void;
    put(key: string, value: unknown, callback: (error: null) => void): void;
    del(key: string, callback: (error: null) => void): void;
    batch(operations: readonly WriteOperation[], callback: (error: null) => void): void;
    createKeyStream(range?: KeyRange): NodeJS.ReadableStream;
    createValueStream(range?: KeyRange): NodeJS.ReadableStream;
    clear(range: KeyRange): Promise<void>;
  }

  const db: {
    create(options: { createTableMs: number }): DynaliteStore;
    validateKey(key: unknown, table: object): unknown;
    validateItem(item: unknown, table: object): unknown;
    createKey(item: unknown, table: object): string;
    checkConditional(request: object, item: unknown): unknown;
    itemSize(item: object): number;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  import type { DynaliteStore } from 'dynalite/db/index.js';

  const validations: {
    checkTypes(request: object, types: object): Record<string, unknown>;
    checkValidations(request: object, types: object, custom: unknown, store: DynaliteStore): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*.js' {
  export const types: object;
  export const custom: unknown;
}

declare module 'dynalite/actions/*.js' {
  import type { DynaliteStore } from 'dynalite/db/index.js';

  const run: (store: DynaliteStore, request: object, callback: (error: unknown, output: unknown) => void) => void;
  export default run;
}
