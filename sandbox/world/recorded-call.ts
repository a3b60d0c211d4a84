import type { AwsCall, Principal } from '../aws.ts';
import type { CommandRequest, CommandResult } from './command.ts';
import type { ScriptRequest, ScriptResult } from './script.ts';

/** How a call went: answered, answered with an AWS error, or not described by the world at all. */
export type CallOutcome =
  | { readonly kind: 'output'; readonly output: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly name: string; readonly message: string }
  | { readonly kind: 'undescribed' };

/** One call that reached the world. `at` is the virtual time in epoch milliseconds. */
export interface RecordedCall {
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly outcome: CallOutcome;
}

/** One shell behind Run Command that the world ran. `at` is the virtual time in epoch milliseconds. */
export interface RecordedCommand extends CommandRequest {
  readonly at: number;
  readonly result: CommandResult | undefined;
}

/** One script of `aws:executeScript` that the world ran. `at` is the virtual time in epoch milliseconds. */
export interface RecordedScript extends ScriptRequest {
  readonly at: number;
  readonly result: ScriptResult | undefined;
}

/** A call that a world answered, or was told of: what another one can be told. */
export interface RememberedCall {
  readonly call: AwsCall;
  /** Virtual time in epoch milliseconds. */
  readonly at: number;
  /** Who answered it. */
  readonly by: 'world' | 'sandbox';
  readonly succeeded: boolean;
}
