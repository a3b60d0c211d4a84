import type { CommandScript } from './command-script.ts';

export type CommandStatus = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelling' | 'Cancelled';

/** One command on one node, as it stands now. */
export interface CommandInvocation extends CommandScript {
  readonly commandId: string;
  readonly instanceId: string;
  readonly documentName: string;
  /** As it was asked for. */
  readonly documentVersion: string;
  readonly requestedAt: string;
  status: CommandStatus;
  /** -1 until it ended. */
  responseCode: number;
  stdout: string;
  stderr: string;
  endedAt?: string;
  /** Takes back what is still to come. */
  cancelTimer?: () => void;
}

/** One command on all its nodes. */
export interface Command {
  readonly id: string;
  readonly documentName: string;
  /** As it was asked for. */
  readonly documentVersion: string;
  readonly requestedAt: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly comment: string;
  readonly timeoutSeconds: number;
  readonly invocations: readonly CommandInvocation[];
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html */
const MAX_OUTPUT_CHARACTERS = 24_000;
const MAX_ERROR_CHARACTERS = 8000;
/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CommandPlugin.html */
export const MAX_PLUGIN_CHARACTERS = 2500;

/** True for a status that no invocation leaves. */
export function isCommandEnded(status: CommandStatus): boolean {
  return ['Success', 'Failed', 'TimedOut', 'Cancelled'].includes(status);
}

/** The status of a command over all its nodes: the first that did not succeed, once all have ended. */
export function statusOf({ invocations }: Command): CommandStatus {
  const going = invocations.find(({ status }) => !isCommandEnded(status));
  return going?.status ?? invocations.find(({ status }) => status !== 'Success')?.status ?? 'Success';
}

/** A command as `SendCommand` and `ListCommands` give it. */
export function describeCommand(command: Command): Record<string, unknown> {
  const { id, documentName, documentVersion, requestedAt, parameters, comment, timeoutSeconds, invocations } = command;
  const status = statusOf(command);
  return {
    CommandId: id,
    DocumentName: documentName,
    DocumentVersion: documentVersion,
    Comment: comment,
    Parameters: parameters,
    InstanceIds: invocations.map(({ instanceId }) => instanceId),
    RequestedDateTime: requestedAt,
    Status: status,
    StatusDetails: status,
    TargetCount: invocations.length,
    CompletedCount: invocations.filter(({ status }) => isCommandEnded(status)).length,
    ErrorCount: invocations.filter(({ status }) => status === 'Failed' || status === 'TimedOut').length,
    TimeoutSeconds: timeoutSeconds,
  };
}

/** One node's part as `GetCommandInvocation` gives it. */
export function describeInvocation(invocation: CommandInvocation): Record<string, unknown> {
  const { stdout, stderr, responseCode, requestedAt, endedAt } = invocation;
  return {
    ...nameInvocation(invocation),
    PluginName: 'aws:runShellScript',
    ResponseCode: responseCode,
    ExecutionStartDateTime: requestedAt,
    ...(endedAt !== undefined && { ExecutionEndDateTime: endedAt }),
    StandardOutputContent: stdout.slice(0, MAX_OUTPUT_CHARACTERS),
    StandardErrorContent: stderr.slice(0, MAX_ERROR_CHARACTERS),
  };
}

/** One node's part as `ListCommandInvocations` lists it. */
export function listInvocation(invocation: CommandInvocation, hasDetails: boolean): Record<string, unknown> {
  const { status, responseCode, stdout, requestedAt } = invocation;
  const plugin = {
    Name: 'aws:runShellScript',
    Status: status,
    StatusDetails: status,
    ResponseCode: responseCode,
    Output: stdout.slice(0, MAX_PLUGIN_CHARACTERS),
  };
  return { ...nameInvocation(invocation), RequestedDateTime: requestedAt, CommandPlugins: hasDetails ? [plugin] : [] };
}

function nameInvocation({
  commandId,
  instanceId,
  documentName,
  documentVersion,
  status,
}: CommandInvocation): Record<string, unknown> {
  return {
    CommandId: commandId,
    InstanceId: instanceId,
    DocumentName: documentName,
    DocumentVersion: documentVersion,
    Status: status,
    StatusDetails: status,
  };
}
