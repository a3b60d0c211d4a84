import type { CallAws } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import type { CommandRequest, CommandResult } from '../world/command.ts';
import type { ScriptRequest, ScriptResult } from '../world/script.ts';

/** A parameter of Parameter Store as a template deploys it. */
export interface ParameterDescription {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** A document of the account as a template deploys it. */
export interface DocumentDescription {
  readonly name: string;
  readonly documentType: 'Automation' | 'Command';
  /** The parsed content, not yet checked. */
  readonly content: unknown;
}

/** An event as Systems Manager puts it on the default bus. */
export interface SystemsManagerEvent {
  readonly source: 'aws.ssm';
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** One shell as the agent on a node would start it: what the world answers for, and what would really be run. */
export type ShellRequest = Required<CommandRequest>;

/** What Systems Manager stands in. */
export interface SystemsManagerOptions {
  readonly clock: VirtualClock;
  /** Makes the calls of automation steps, with the automation's principal. */
  readonly call: CallAws;
  readonly account: string;
  readonly region: string;
  readonly parameters: readonly ParameterDescription[];
  readonly documents: readonly DocumentDescription[];
  /** Puts an event on the default bus. */
  readonly emitEvent: (event: SystemsManagerEvent) => void;
  /** What a shell on a node gives. @default - every command succeeds at once and prints nothing */
  readonly commandResult?: (request: ShellRequest) => CommandResult | Promise<CommandResult>;
  /** What a script of `aws:executeScript` gives. @default - such a step fails, because nobody describes what it returns */
  readonly scriptResult?: (request: ScriptRequest) => Promise<ScriptResult>;
  /** Throws when a service may not assume a role, by the role's trust policy. */
  readonly canAssume: (roleArn: string, servicePrincipal: string, context: { readonly sourceArn: string }) => void;
  /** True for a status event that gets lost: AWS emits them on a best effort basis. @default - none gets lost */
  readonly dropStatusEvent?: (executionId: string, status: string) => boolean;
  /**
   * Automations that may run at once: https://docs.aws.amazon.com/general/latest/gr/ssm.html
   *
   * @default 100
   */
  readonly concurrentLimit?: number;
}
