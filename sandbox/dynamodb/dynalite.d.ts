interface DynaliteStore {
  getTable(name: string, callback: (error: unknown, table: object) => void): void;
  getItemDb(name: string): { get(key: string, callback: (error: unknown, item: unknown) => void): void };
  readonly db: { close(callback: (error: unknown) => void): void };
}

declare module 'dynalite/db/index.js' {
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
  const run: (store: DynaliteStore, request: object, callback: (error: unknown, output: unknown) => void) => void;
  export default run;
}
