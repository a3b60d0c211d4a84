import { AwsError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import type { Json } from './json.ts';
import type { SeededRandom } from './seeded-random.ts';
import { StateError } from './state-error.ts';

const PREFIX = 'AAAAKgAAAAIAAAAA';

/** A task that waits for its token to come back. */
export interface OpenTask {
  readonly token: string;
  /** Settles when the token comes back, or rejects with a `StateError` when no heartbeat came in time. */
  readonly outcome: Promise<Json>;
  /** Starts the time within which heartbeats must come. */
  readonly watchHeartbeat: (seconds: number | undefined) => void;
  /** Ends the token's life. */
  readonly close: () => void;
}

interface Entry {
  readonly machineArn: string;
  isOpen: boolean;
  readonly succeed: (output: Json) => void;
  readonly fail: (error: StateError) => void;
  beat: () => void;
}

/** The task tokens of every execution. Each attempt of a task has its own, which lives as long as the attempt. */
export class TaskTokens {
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: VirtualClock, random: SeededRandom) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Makes a token for an attempt of a task of the machine. */
  open(machineArn: string): OpenTask {
    const token = `${PREFIX}${this.#random.hex(64)}`;
    const { promise, resolve, reject } = withResolvers();
    const entry: Entry = { machineArn, isOpen: true, succeed: resolve, fail: reject, beat: () => undefined };
    this.#entries.set(token, entry);
    let stopWatch = () => {};
    const watchHeartbeat = (seconds: number | undefined) => {
      if (seconds === undefined || !entry.isOpen) return;
      entry.beat = () => {
        stopWatch();
        stopWatch = this.#clock.schedule(seconds * 1000, 'heartbeat of a task', () => reject(heartbeatError()));
      };
      entry.beat();
    };
    const close = () => {
      entry.isOpen = false;
      stopWatch();
    };
    return { token, outcome: promise, watchHeartbeat, close };
  }

  /** The machine whose task was given the token. Throws `InvalidToken` or `TaskDoesNotExist`. */
  machineOf(token: string): string {
    return this.#find(token).machineArn;
  }

  succeed(token: string, output: Json): void {
    this.#take(token).succeed(output);
  }

  fail(token: string, error: string | undefined, cause: string | undefined): void {
    this.#take(token).fail(new StateError({ error, cause }));
  }

  heartbeat(token: string): void {
    this.#findOpen(token).beat();
  }

  #take(token: string): Entry {
    const entry = this.#findOpen(token);
    entry.isOpen = false;
    return entry;
  }

  #findOpen(token: string): Entry {
    const entry = this.#find(token);
    if (entry.isOpen) return entry;
    throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }

  #find(token: string): Entry {
    const entry = this.#entries.get(token);
    if (entry) return entry;
    if (!token.startsWith(PREFIX)) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    throw new AwsError('TaskDoesNotExist', "Task does not exist: 'Provided task does not exist'");
  }
}

/** Step Functions reports a missed heartbeat as a timeout; `ErrorEquals` may name it either way. */
function heartbeatError(): StateError {
  return new StateError({ error: 'States.Timeout', aliases: ['States.HeartbeatTimeout'] });
}

function withResolvers() {
  let resolve: (output: Json) => void = () => {};
  let reject: (error: StateError) => void = () => {};
  const promise = new Promise<Json>((onSuccess, onFailure) => {
    resolve = onSuccess;
    reject = onFailure;
  });
  // Whoever waits sees the failure; before that, and after an abort, nobody does.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
