import type { Json, JsonObject } from './json.ts';

/** How a state selects and makes data. */
export type QueryLanguage = 'JSONata' | 'JSONPath';

/** The eight kinds of state. */
export type StateType = 'Pass' | 'Task' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';

/** One entry of `Retry`. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** One entry of `Catch`. */
export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
  readonly ResultPath?: string | null;
}

/** One entry of `Choices`. In JSONPath the operators stand beside `Variable`, or in `And`, `Or` and `Not`. */
export type ChoiceRule = JsonObject & { readonly Next: string; readonly Assign?: JsonObject };

/** The part that a state machine, a branch and an item processor have in common. */
export interface MachineBody {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateDefinition>>;
}

/** The item processor of a Map; it runs inside the execution unless its mode is `DISTRIBUTED`. */
export interface ProcessorBody extends MachineBody {
  readonly ProcessorConfig?: {
    readonly Mode?: 'INLINE' | 'DISTRIBUTED';
    readonly ExecutionType?: 'STANDARD' | 'EXPRESS';
  };
}

/** A state machine of the Amazon States Language, checked by `validateDefinition`. */
export interface MachineDefinition extends MachineBody {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
  readonly TimeoutSeconds?: number;
  readonly Version?: string;
}

/** One state, checked by `validateDefinition`: only the fields that its type and query language have are there. */
export interface StateDefinition {
  readonly Type: StateType;
  readonly QueryLanguage?: QueryLanguage;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Assign?: JsonObject;
  readonly Arguments?: Json;
  readonly Output?: Json;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
  readonly Parameters?: Json;
  readonly Result?: Json;
  readonly ResultPath?: string | null;
  readonly ResultSelector?: JsonObject;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number | string;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number | string;
  readonly HeartbeatSecondsPath?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly ChoiceRule[];
  readonly Default?: string;
  readonly Seconds?: number | string;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
  readonly Branches?: readonly MachineBody[];
  readonly ItemProcessor?: ProcessorBody;
  readonly Iterator?: ProcessorBody;
  readonly ItemReader?: JsonObject;
  readonly ItemBatcher?: JsonObject;
  readonly Label?: string;
  readonly Items?: Json;
  readonly ItemsPath?: string;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: number | string;
  readonly MaxConcurrencyPath?: string;
  readonly ToleratedFailureCount?: number | string;
  readonly ToleratedFailureCountPath?: string;
  readonly ToleratedFailurePercentage?: number | string;
  readonly ToleratedFailurePercentagePath?: string;
}

/** The query language of a state: its own, else the machine's, else JSONPath. A Map or Parallel around it has no say. */
export function queryLanguageOf(
  state: { readonly QueryLanguage?: Json | undefined },
  machine: { readonly QueryLanguage?: Json | undefined },
): QueryLanguage {
  return (state.QueryLanguage ?? machine.QueryLanguage) === 'JSONata' ? 'JSONata' : 'JSONPath';
}
