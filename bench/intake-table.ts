import { Agent, createServer, request, type Server } from 'node:http';
import { MemoryTable } from '../cli/triage/memory-table.ts';
import type { IncidentTable, Item, ItemKey, Write } from '../functions/adapters/dynamodb-table.ts';

type Method = keyof IncidentTable;

/** The incident table in this process, for functions in another: it stands where DynamoDB does. */
export class TableServer {
  readonly #table = new MemoryTable();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method, given } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
          method: Method;
          given: never;
        };
        void this.#answer(method, given).then((result) => outgoing.end(JSON.stringify({ result })));
      });
    });
  }

  /** Listens on loopback; answers its URL. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The table has no port.');
    return `http://127.0.0.1:${address.port}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(method: Method, given: readonly never[]): Promise<unknown> {
    const methods: Readonly<Record<Method, (...args: readonly never[]) => Promise<unknown>>> = {
      get: (key) => this.#table.get(key),
      getAll: (keys) => this.#table.getAll(keys),
      query: (pk, prefix) => this.#table.query(pk, prefix),
      queryBetween: (pk, from, to) => this.#table.queryBetween(pk, from, to),
      hasAny: (pk, prefix) => this.#table.hasAny(pk, prefix),
      increment: (key, attribute) => this.#table.increment(key, attribute),
      write: (writes) => this.#table.write(writes),
    };
    return methods[method](...given);
  }
}

/** The table of a `TableServer`, one HTTP request a call as with DynamoDB. */
export class RemoteTable implements IncidentTable {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 50 });

  constructor(url: string) {
    this.#url = url;
  }

  get(key: ItemKey): Promise<Item | undefined> {
    return this.#call('get', [key]);
  }

  async getAll(keys: readonly ItemKey[]): Promise<(Item | undefined)[]> {
    // JSON knows no undefined.
    return (await this.#call<(Item | null)[]>('getAll', [keys])).map((item) => item ?? undefined);
  }

  query(pk: string, prefix: string): Promise<Item[]> {
    return this.#call('query', [pk, prefix]);
  }

  queryBetween(pk: string, from: string, to: string): Promise<Item[]> {
    return this.#call('queryBetween', [pk, from, to]);
  }

  hasAny(pk: string, prefix: string): Promise<boolean> {
    return this.#call('hasAny', [pk, prefix]);
  }

  increment(key: ItemKey, attribute: string): Promise<number> {
    return this.#call('increment', [key, attribute]);
  }

  write(writes: readonly Write[]): Promise<readonly number[]> {
    return this.#call('write', [writes]);
  }

  #call<T>(method: Method, given: readonly unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      const outgoing = request(this.#url, { method: 'POST', agent: this.#agent }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () => {
          const { result } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { result: T };
          resolve(result);
        });
      });
      outgoing.once('error', reject);
      outgoing.end(JSON.stringify({ method, given }));
    });
  }
}
