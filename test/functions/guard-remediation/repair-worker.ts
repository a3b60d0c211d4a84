import type { IncidentTable, Write } from '../../../functions/adapters/dynamodb-table.ts';
import { ARemediation } from './a-remediation.ts';

/** A step of an execution, which the functions' code does in a process of its own. */
export interface Step {
  readonly kind: 'guard' | 'finish';
  readonly name: string;
}

/** What goes to the worker: a step to do, or the answer to what it asked the table. */
export type ToWorker = { readonly id: number } & ({ readonly step: Step } | { readonly result: unknown });

/** What comes from it: a question to the table, the answer of a step, or the error it failed with. */
export type FromWorker = { readonly id: number } & (
  | { readonly method: keyof IncidentTable; readonly given: readonly unknown[] }
  | { readonly answer: unknown }
  | { readonly error: { readonly name: string; readonly message: string } }
);

/** Members of the group that every target is in, and how many of them may be in repair at once. */
export const groupSize = 100;
export const percent = 10;

/** The moment of all steps: long before any lease expires. */
const now = new Date('2026-11-02T03:00:00.000Z');
const waiting = new Map<number, (result: unknown) => void>();
let asked = 0;

function send(message: FromWorker): void {
  process.send?.(message);
}

function ask<T>(method: keyof IncidentTable, given: readonly unknown[]): Promise<T> {
  const id = asked++;
  return new Promise((resolve) => {
    waiting.set(id, (result) => resolve(result as T));
    send({ id, method, given });
  });
}

/** The table is in another process, as DynamoDB is. */
const table: IncidentTable = {
  get: (key) => ask('get', [key]),
  getAll: (keys) => ask('getAll', [keys]),
  query: (pk, prefix) => ask('query', [pk, prefix]),
  queryBetween: (pk, from, to) => ask('queryBetween', [pk, from, to]),
  hasAny: (pk, prefix) => ask('hasAny', [pk, prefix]),
  increment: (key, attribute, expires) => ask('increment', [key, attribute, expires]),
  write: (writes: readonly Write[]) => ask('write', [writes]),
};

async function work(id: number, { kind, name }: Step): Promise<void> {
  const repair = new ARemediation(table);
  repair.groupSize = groupSize;
  repair.catalog = { ...repair.catalog, share: { of: 'auto-scaling-group', percent } };
  try {
    send({ id, answer: kind === 'guard' ? await repair.guard(name, now) : await repair.finish(name, now) });
  } catch (error) {
    const { name: type, message } = error instanceof Error ? error : new Error(String(error));
    send({ id, error: { name: type, message } });
  }
}

if (process.send)
  process.on('message', (message: ToWorker) => {
    if ('step' in message) void work(message.id, message.step);
    else waiting.get(message.id)?.(message.result);
    if (!('step' in message)) waiting.delete(message.id);
  });
