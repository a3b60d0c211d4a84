import { MAX_HISTORY_EVENTS } from './limits.ts';
import { StateError } from './state-error.ts';

/** One event of an execution's history, as `GetExecutionHistory` gives it; `timestamp` is ISO 8601. */
export interface HistoryEvent {
  readonly timestamp: string;
  readonly type: string;
  readonly id: number;
  readonly previousEventId: number;
  readonly [details: string]: unknown;
}

/** Where in the history one branch stands. */
export interface Cursor {
  /** The id of the branch's last event. */
  last: number;
}

/** The history of one execution. A Standard one holds 25,000 events, of which the last can only end the execution. */
export class History {
  readonly #events: HistoryEvent[] = [];
  readonly #limit: number;
  readonly #now: () => string;
  #isSealed = false;

  constructor(now: () => string, isUnlimited: boolean) {
    this.#now = now;
    this.#limit = isUnlimited ? Number.POSITIVE_INFINITY : MAX_HISTORY_EVENTS;
  }

  /** Adds an event after the branch's last one and moves the branch on to it. Throws a `StateError` when the history is full. */
  add(cursor: Cursor, type: string, details?: Readonly<Record<string, unknown>>): number {
    cursor.last = this.append(cursor.last, type, details);
    return cursor.last;
  }

  /** Adds an event after the named one and leaves every branch where it stands. */
  append(previousEventId: number, type: string, details: Readonly<Record<string, unknown>> = {}): number {
    if (this.#isSealed) return previousEventId;
    if (this.#events.length + 1 >= this.#limit && type !== 'ExecutionSucceeded') throw historyLimitError();
    return this.#push(previousEventId, type, details);
  }

  /** Adds the event that ends the execution, after which nothing is added. */
  seal(previousEventId: number, type: string, details: Readonly<Record<string, unknown>>): void {
    if (this.#isSealed) return;
    this.#push(previousEventId, type, details);
    this.#isSealed = true;
  }

  events(): readonly HistoryEvent[] {
    return this.#events;
  }

  #push(previousEventId: number, type: string, details: Readonly<Record<string, unknown>>): number {
    const id = this.#events.length + 1;
    this.#events.push({ timestamp: this.#now(), type, id, previousEventId, ...details });
    return id;
  }
}

/** The first state of an execution follows no event: its `previousEventId` is 0. */
export function startCursor(): Cursor {
  return { last: 0 };
}

function historyLimitError(): StateError {
  const cause = `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`;
  return new StateError({ error: 'States.Runtime', cause });
}
