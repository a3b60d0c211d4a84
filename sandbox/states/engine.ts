import type { CallAws } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import type { MachineBody } from './definition.ts';
import type { Cursor, History } from './history.ts';
import type { Json, JsonObject } from './json.ts';
import type { Machine } from './machine.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { TaskTokens } from './task-tokens.ts';
import type { Variables } from './variables.ts';

/** What every execution works with. */
export interface Engine {
  readonly clock: VirtualClock;
  readonly call: CallAws;
  readonly account: string;
  readonly region: string;
  /** What ids and `$random()` come from. */
  readonly random: SeededRandom;
  /** What waits before a retry come from: the same in every story that is told after another was abandoned. */
  jitter: SeededRandom;
  readonly tokens: TaskTokens;
  /** Resolves when an execution of this sandbox has ended; `undefined` for one that is not of this sandbox. */
  readonly whenEnded: (executionArn: string) => Promise<void> | undefined;
  /** Notes which execution started another. */
  readonly noteParent: (childArn: string, parentArn: string) => void;
  /** Runs the states of a machine, a branch or an item processor to the end. */
  readonly runBody: (body: MachineBody, input: Json, branch: Branch) => Promise<Json>;
}

/** Where an execution stands: a state of its machine as it is entered. */
export interface ExecutionPosition {
  readonly state: string;
  /** The input of that state. */
  readonly input: Json;
  /** What the states before it have assigned. */
  readonly variables: Readonly<Record<string, Json>>;
}

/** An execution as its states see it. */
export interface RunningExecution {
  readonly arn: string;
  readonly name: string;
  readonly machine: Machine;
  readonly input: Json;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly history: History;
  /** States entered and retries made: what a Standard execution is billed for. */
  transitions: number;
  /** The state that was entered last, of those that do not stand in a branch or an item processor. */
  position?: ExecutionPosition;
}

/** One line of states: the machine itself, a branch of a Parallel, or an iteration of a Map. */
export interface Branch {
  readonly engine: Engine;
  readonly execution: RunningExecution;
  readonly variables: Variables;
  readonly cursor: Cursor;
  /** Aborted when the branch is no longer wanted. */
  readonly signal: AbortSignal;
  /** `Map.Item` of the context object. */
  readonly mapItem?: JsonObject;
}
