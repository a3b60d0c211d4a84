import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MemoryTable } from '../../../cli/triage/memory-table.ts';
import type { Write } from '../../../functions/adapters/dynamodb-table.ts';
import type { FromWorker, Step, ToWorker } from './repair-worker.ts';

const workerFile = fileURLToPath(new URL('repair-worker.ts', import.meta.url));

/** Steps that one process does at the same time. */
const stepsAtOnce = 8;

/** The process that did a step was killed: Step Functions has it done again. */
export class KilledError extends Error {
  override readonly name = 'KilledError' as const;
}

interface Worker {
  readonly process: ChildProcess;
  readonly open: Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>;
  /** Kills the process when a write that this is true of was made, before it hears of it. */
  dieAfter?: (writes: readonly Write[]) => boolean;
}

/** What the functions' processes stand in: a table that outlives them, and whoever runs them again. */
export class AnAccount {
  readonly table = new MemoryTable();
  readonly #workers: Worker[] = [];
  readonly #queue: (() => void)[] = [];
  /** The most holders that any item of slots ever had, by its key. */
  readonly mostHolders = new Map<string, number>();
  kills = 0;
  #busy = 0;
  #ids = 0;
  #transactions = 0;

  /** Starts so many processes, of which the first two work and the others stand in for those that are killed. */
  async open(processes: number): Promise<void> {
    for (let count = 0; count < processes; count++) this.#workers.push(this.#start());
    await Promise.all(this.#workers.map(({ process }) => once(process, 'spawn')));
  }

  close(): void {
    for (const { process } of this.#workers) process.kill('SIGKILL');
  }

  /** Has a step done by some process. Rejects with what the function threw, or a `KilledError`. */
  async invoke(step: Step): Promise<unknown> {
    // What ends makes room for what would begin.
    while (this.#busy >= 2 * stepsAtOnce)
      await new Promise<void>((resolve) => {
        if (step.kind === 'finish') this.#queue.unshift(resolve);
        else this.#queue.push(resolve);
      });
    this.#busy++;
    try {
      return await this.#give(step);
    } finally {
      this.#busy--;
      this.#queue.shift()?.();
    }
  }

  /** From now on the processes that work die, each right after a write that is meant for it. */
  killAfter(...moments: readonly ((writes: readonly Write[]) => boolean)[]): void {
    for (const [index, dieAfter] of moments.entries()) Object.assign(this.#workers[index] ?? {}, { dieAfter });
  }

  #give(step: Step): Promise<unknown> {
    const id = this.#ids++;
    const worker = this.#workers[id % 2];
    if (!worker) throw new Error('No process is left.');
    return new Promise((resolve, reject) => {
      worker.open.set(id, { resolve, reject });
      this.#send(worker, { id, step });
    });
  }

  #start(): Worker {
    const child = fork(workerFile, { execArgv: ['--import', 'tsx'], serialization: 'json' });
    const worker: Worker = { process: child, open: new Map() };
    child.on('message', (message: FromWorker) => void this.#hear(worker, message));
    return worker;
  }

  async #hear(worker: Worker, message: FromWorker): Promise<void> {
    if ('method' in message) return this.#answer(worker, message);
    const step = worker.open.get(message.id);
    worker.open.delete(message.id);
    if ('answer' in message) step?.resolve(message.answer);
    else step?.reject(Object.assign(new Error(message.error.message), { name: message.error.name }));
  }

  async #answer(worker: Worker, { id, method, given }: Extract<FromWorker, { method: unknown }>): Promise<void> {
    if (method === 'write') {
      const [writes] = given as [readonly Write[]];
      const result = await this.#write(writes);
      if (result.length === 0 && worker.dieAfter?.(writes)) return this.#kill(worker);
      return this.#send(worker, { id, result });
    }
    const ask = this.table[method].bind(this.table) as (...args: readonly unknown[]) => Promise<unknown>;
    this.#send(worker, { id, result: await ask(...given) });
  }

  /** Now and then DynamoDB refuses a transaction because another is at work on one of its items. */
  async #write(writes: readonly Write[]): Promise<readonly number[]> {
    if (writes.length > 1 && ++this.#transactions % 13 === 0) return writes.map((_write, position) => position);
    const failed = await this.table.write(writes);
    if (failed.length === 0) for (const { put } of writes) this.#count(put ?? {});
    return failed;
  }

  #count({ pk, holders }: Readonly<Record<string, unknown>>): void {
    if (!Array.isArray(holders)) return;
    const key = String(pk);
    this.mostHolders.set(key, Math.max(this.mostHolders.get(key) ?? 0, holders.length));
  }

  #kill(worker: Worker): void {
    this.kills++;
    worker.process.removeAllListeners('message');
    worker.process.kill('SIGKILL');
    const [standIn] = this.#workers.splice(2, 1);
    if (standIn) this.#workers.splice(this.#workers.indexOf(worker), 1, standIn);
    for (const { reject } of worker.open.values()) reject(new KilledError('The process was killed.'));
  }

  /** What a process that was killed meanwhile does not hear. */
  #send({ process }: Worker, message: ToWorker): void {
    if (process.connected) process.send(message);
  }
}
