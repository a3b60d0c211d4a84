import type { StateDefinition } from './definition.ts';
import type { Branch } from './engine.ts';
import type { Json, JsonObject } from './json.ts';
import type { Language } from './language/language.ts';

/** One visit of one state. */
export interface StateFrame {
  readonly branch: Branch;
  readonly name: string;
  readonly state: StateDefinition;
  readonly language: Language;
  readonly input: Json;
  readonly enteredEventId: number;
  /** The event before the one that entered the state. */
  readonly beforeEnteredEventId: number;
  /** ISO 8601. */
  readonly enteredAt: string;
  /** How often the state was retried in this visit. */
  retryCount: number;
  /** The token of the current attempt, if its task waits for one. */
  taskToken?: string | undefined;
}

/** What a state hands on: its output, what it assigns, and the state that follows (none at the end). */
export interface Step {
  readonly output: Json;
  readonly assigned: Readonly<Record<string, Json>>;
  readonly next?: string | undefined;
}

/** The context object. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export function describeContext(frame: StateFrame, mapItem?: JsonObject): JsonObject {
  const { execution } = frame.branch;
  const { machine } = execution;
  const item = mapItem ?? frame.branch.mapItem;
  return {
    Execution: {
      Id: execution.arn,
      Input: execution.input,
      StartTime: execution.startedAt,
      Name: execution.name,
      RoleArn: machine.roleArn,
      ...(machine.type === 'STANDARD' && { RedriveCount: 0 }),
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
    State: { Name: frame.name, EnteredTime: frame.enteredAt, ...describeRetries(frame) },
    ...(item && { Map: { Item: item } }),
    ...(frame.taskToken !== undefined && { Task: { Token: frame.taskToken } }),
  };
}

function describeRetries(frame: StateFrame): JsonObject {
  return ['Task', 'Parallel', 'Map'].includes(frame.state.Type) ? { RetryCount: frame.retryCount } : {};
}
