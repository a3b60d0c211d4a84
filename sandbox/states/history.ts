import { MAX_HISTORY_EVENTS } from './limits.ts';
import { StateError } from './state-error.ts';

/** Members of what an event tells, of which those with a name are texts. */
type Told<Names extends string> = { readonly [Name in Names]: string } & { readonly [member: string]: unknown };

/** What an event tells beside its place, under the name that goes with its type. */
export interface HistoryDetails {
  readonly stateEnteredEventDetails?: Told<'name'>;
  readonly stateExitedEventDetails?: Told<'name'>;
  readonly taskScheduledEventDetails?: Told<'resourceType' | 'resource' | 'region' | 'parameters'>;
  readonly [details: string]: unknown;
}

/** One event of an execution's history, as `GetExecutionHistory` gives it; `timestamp` is ISO 8601. */
export interface HistoryEvent extends HistoryDetails {
  readonly timestamp: string;
  readonly type: string;
  readonly id: number;
  readonly previousEventId: number;
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
  add(cursor: Cursor, type: string, details?: HistoryDetails): number {
    cursor.last = this.append(cursor.last, type, details);
    return cursor.last;
  }

  /** Adds an event after the named one and leaves every branch where it stands. */
  append(previousEventId: number, type: string, details: HistoryDetails = {}): number {
    if (this.#isSealed) return previousEventId;
    if (this.#events.length + 1 >= this.#limit && type !== 'ExecutionSucceeded') throw historyLimitError();
    return this.#push(previousEventId, type, details);
  }

  /** Adds the event that ends the execution, after which nothing is added. */
  seal(previousEventId: number, type: string, details: HistoryDetails): void {
    if (this.#isSealed) return;
    this.#push(previousEventId, type, details);
    this.#isSealed = true;
  }

  events(): readonly HistoryEvent[] {
    return this.#events;
  }

  #push(previousEventId: number, type: string, details: HistoryDetails): number {
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
