import type { Catcher, ChoiceRule } from '../definition.ts';
import type { Json, JsonObject } from '../json.ts';
import type { StateFrame } from '../state-frame.ts';

/** What a state makes of its data: its output, and the variables it assigns. */
export interface Outcome {
  readonly output: Json;
  readonly assigned: Readonly<Record<string, Json>>;
}

/** The fields that take a number, a JSONata expression, or in JSONPath a path in the field of the same name plus `Path`. */
export type NumericField =
  | 'TimeoutSeconds'
  | 'HeartbeatSeconds'
  | 'Seconds'
  | 'MaxConcurrency'
  | 'ToleratedFailureCount'
  | 'ToleratedFailurePercentage';

/** The fields that take a text in the same ways. */
export type TextField = 'Timestamp' | 'Error' | 'Cause';

/** How one query language reads and makes data. Every method throws a `StateError`. */
export interface Language {
  /** The state's input after `InputPath`. */
  selectInput(frame: StateFrame): Json;
  /** What the state hands to its task, branches or result: `Arguments` or `Parameters`, else the input. */
  makeArguments(frame: StateFrame, input: Json): Promise<Json>;
  readNumber(frame: StateFrame, field: NumericField, input: Json): Promise<number | undefined>;
  readText(frame: StateFrame, field: TextField, input: Json): Promise<string | undefined>;
  /** The items of a Map. */
  readItems(frame: StateFrame, input: Json): Promise<Json>;
  /** The input of one iteration of a Map. */
  makeItemInput(frame: StateFrame, input: Json, mapItem: JsonObject): Promise<Json>;
  /** Fills a part of a Map's own fields, such as `ItemBatcher/BatchInput`. */
  fill(frame: StateFrame, template: Json, field: string, input: Json): Promise<Json>;
  /** True when a rule of a Choice holds. */
  holds(frame: StateFrame, rule: ChoiceRule, index: number, input: Json): Promise<boolean>;
  /** What follows from choosing a rule, or from choosing none. */
  choose(
    frame: StateFrame,
    input: Json,
    chosen?: { readonly rule: ChoiceRule; readonly index: number },
  ): Promise<Outcome>;
  /** What a state with a result (Pass, Task, Parallel, Map) makes of it. */
  finish(frame: StateFrame, input: Json, result: Json): Promise<Outcome>;
  /** What a state without a result (Wait, Succeed) hands on. */
  pass(frame: StateFrame, input: Json): Promise<Outcome>;
  /** What a matching catcher makes of the error. */
  catchError(frame: StateFrame, catcher: Catcher, index: number, errorOutput: JsonObject): Promise<Outcome>;
}
