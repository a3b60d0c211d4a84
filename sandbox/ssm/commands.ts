import { type AwsCall, AwsError, type RequiredGrant, UnsupportedInSandboxError } from '../aws.ts';
import { stableUuid } from '../stable-id.ts';
import type { CommandResult } from '../world/command.ts';
import type { SystemsManagerArns } from './arns.ts';
import {
  type Command,
  type CommandInvocation,
  type CommandStatus,
  describeCommand,
  describeInvocation,
  isCommandEnded,
  listInvocation,
  statusOf,
} from './command.ts';
import { writeScript } from './command-script.ts';
import { documentName, findDocument, type RunnableDocument } from './documents.ts';
import type { SystemsManagerOptions } from './options.ts';
import { readParameterValues } from './parameter-values.ts';
import { spellValue } from './references.ts';

type Input = AwsCall['input'];

const SEND_INPUTS = ['DocumentName', 'DocumentVersion', 'InstanceIds', 'Parameters', 'TimeoutSeconds', 'Comment'];
/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
const MAX_NODES = 50;
const LEAST_TIMEOUT_SECONDS = 30;
const MOST_TIMEOUT_SECONDS = 2_592_000;
const DEFAULT_TIMEOUT_SECONDS = 3600;
const NOTHING_PRINTED: CommandResult = { status: 'Success', exitCode: 0, stdout: '', stderr: '', lastsMs: 0 };

/** SSM Run Command: what a shell prints comes from `commandResult`, when it does comes from the clock. */
export class Commands {
  readonly #options: SystemsManagerOptions;
  readonly #documents: ReadonlyMap<string, RunnableDocument>;
  readonly #arns: SystemsManagerArns;
  readonly #commands = new Map<string, Command>();

  constructor(
    options: SystemsManagerOptions,
    documents: ReadonlyMap<string, RunnableDocument>,
    arns: SystemsManagerArns,
  ) {
    this.#options = options;
    this.#documents = documents;
    this.#arns = arns;
  }

  /** Every command on every node, in the order they were sent. */
  invocations(): readonly CommandInvocation[] {
    return [...this.#commands.values()].flatMap(({ invocations }) => invocations);
  }

  /** Forgets every command that has ended on all of its nodes. */
  forget(): void {
    for (const [id, { invocations }] of this.#commands)
      if (invocations.every(({ status }) => isCommandEnded(status))) this.#commands.delete(id);
  }

  grantsToSend(input: Input): readonly RequiredGrant[] {
    const name = documentName(input['DocumentName']);
    const document = findDocument(this.#documents, name) ?? { name, isOwnedByAws: false };
    const nodes = [input['InstanceIds'] ?? []].flat().map((id) => this.#arns.node(spellValue(id)));
    return [this.#arns.document(document), ...nodes].map((resource) => ({ action: 'ssm:SendCommand', resource }));
  }

  async send(input: Input): Promise<Record<string, unknown>> {
    const member = Object.keys(input).find((name) => !SEND_INPUTS.includes(name));
    if (member) throw new UnsupportedInSandboxError(`${member} in ssm:SendCommand`);
    const document = this.#find(input);
    const documentVersion = spellValue(input['DocumentVersion'] ?? '$DEFAULT');
    const instanceIds = readNodes(input);
    const timeoutSeconds = readTimeout(input);
    const values = readValues(document.content, input);
    const parameters = Object.fromEntries(Object.entries(input['Parameters'] ?? {}));
    const script = writeScript(document.content, values);
    const request = {
      documentName: document.name,
      parameters,
      step: document.content.mainSteps[0]?.name ?? '',
      script: script.script.split('\n'),
      environment: script.environment,
      timeoutSeconds: script.timeoutSeconds,
    };
    const planned: { readonly instanceId: string; readonly result: CommandResult }[] = [];
    for (const instanceId of instanceIds) {
      const result = await this.#options.commandResult?.({ ...request, instanceId });
      planned.push({ instanceId, result: result ?? NOTHING_PRINTED });
    }
    const id = stableUuid(`command:${document.name}:${this.#commands.size}`);
    const requestedAt = this.#options.clock.iso();
    const invocations = planned.map(
      ({ instanceId }): CommandInvocation => ({
        ...script,
        commandId: id,
        instanceId,
        documentName: document.name,
        documentVersion,
        requestedAt,
        status: 'Pending',
        responseCode: -1,
        stdout: '',
        stderr: '',
      }),
    );
    const command = {
      id,
      documentName: document.name,
      documentVersion,
      requestedAt,
      parameters,
      comment: spellValue(input['Comment'] ?? ''),
      timeoutSeconds,
      invocations,
    };
    this.#commands.set(id, command);
    for (const [index, invocation] of invocations.entries())
      this.#schedule(command, invocation, planned[index]?.result ?? NOTHING_PRINTED);
    return { Command: describeCommand(command) };
  }

  getInvocation(input: Input): Record<string, unknown> {
    const found = this.#commands
      .get(String(input['CommandId']))
      ?.invocations.find(({ instanceId }) => instanceId === input['InstanceId']);
    if (!found)
      throw new AwsError(
        'InvocationDoesNotExist',
        `The command ${String(input['CommandId'])} has no invocation on ${String(input['InstanceId'])}.`,
      );
    return describeInvocation(found);
  }

  list(input: Input): Record<string, unknown> {
    return { Commands: this.#select(input).map(describeCommand) };
  }

  listInvocations(input: Input): Record<string, unknown> {
    const invocations = this.#select(input).flatMap((command) => command.invocations);
    const found = invocations.filter(
      ({ instanceId }) => input['InstanceId'] === undefined || instanceId === input['InstanceId'],
    );
    return { CommandInvocations: found.map((invocation) => listInvocation(invocation, input['Details'] === true)) };
  }

  cancel(input: Input): Record<string, unknown> {
    const command = this.#commands.get(String(input['CommandId']));
    if (!command) throw new AwsError('InvalidCommandId', `There is no command ${String(input['CommandId'])}.`);
    const only = input['InstanceIds'] === undefined ? undefined : [input['InstanceIds']].flat();
    for (const invocation of command.invocations) {
      if (isCommandEnded(invocation.status) || only?.includes(invocation.instanceId) === false) continue;
      invocation.cancelTimer?.();
      this.#end(command, invocation, 'Cancelled', { ...NOTHING_PRINTED, exitCode: -1 });
    }
    return {};
  }

  #schedule(command: Command, invocation: CommandInvocation, result: CommandResult): void {
    const { clock } = this.#options;
    const limitMs = invocation.timeoutSeconds * 1000;
    const isLate = result.lastsMs > limitMs;
    const label = `ssm command ${command.documentName} on ${invocation.instanceId}`;
    invocation.cancelTimer = clock.schedule(0, label, () => {
      this.#setStatus(command, invocation, 'InProgress');
      invocation.cancelTimer = clock.schedule(Math.min(result.lastsMs, limitMs), label, () =>
        this.#end(
          command,
          invocation,
          isLate ? 'TimedOut' : result.status,
          isLate ? { ...result, exitCode: -1 } : result,
        ),
      );
    });
  }

  #end(
    command: Command,
    invocation: CommandInvocation,
    status: CommandStatus,
    { exitCode, stdout, stderr }: CommandResult,
  ): void {
    Object.assign(invocation, { responseCode: exitCode, stdout, stderr, endedAt: this.#options.clock.iso() });
    this.#setStatus(command, invocation, status);
  }

  #setStatus(command: Command, invocation: CommandInvocation, status: CommandStatus): void {
    const before = statusOf(command);
    invocation.status = status;
    this.#emit('EC2 Command Invocation Status-change Notification', invocation, status, {
      'instance-id': invocation.instanceId,
    });
    const after = statusOf(command);
    if (after !== before) this.#emit('EC2 Command Status-change Notification', invocation, after, {});
  }

  /** https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html */
  #emit(
    detailType: string,
    invocation: CommandInvocation,
    status: CommandStatus,
    extra: Readonly<Record<string, string>>,
  ): void {
    const { commandId, documentName, instanceId, requestedAt } = invocation;
    this.#options.emitEvent({
      source: 'aws.ssm',
      'detail-type': detailType,
      resources: 'instance-id' in extra ? [this.#arns.node(instanceId)] : [],
      detail: {
        'command-id': commandId,
        'document-name': documentName,
        ...extra,
        'requested-date-time': requestedAt,
        status,
      },
    });
  }

  #find({
    DocumentName: name,
    DocumentVersion: version,
  }: Input): Extract<RunnableDocument, { documentType: 'Command' }> {
    if (findDocument(this.#documents, name)?.documentType !== 'Command')
      throw new AwsError('InvalidDocument', `There is no command document ${String(name)}.`);
    const document = findDocument(this.#documents, name, version);
    if (document?.documentType === 'Command') return document;
    throw new AwsError('InvalidDocumentVersion', `The document ${String(name)} has no version ${String(version)}.`);
  }

  #select(input: Input): readonly Command[] {
    const member = Object.keys(input).find(
      (name) => !['CommandId', 'InstanceId', 'Details', 'MaxResults'].includes(name),
    );
    if (member) throw new UnsupportedInSandboxError(`${member} in a list of SSM commands`);
    const { CommandId: id, InstanceId: node } = input;
    const all = [...this.#commands.values()].filter((command) => id === undefined || command.id === id);
    return all.filter(
      ({ invocations }) => node === undefined || invocations.some(({ instanceId }) => instanceId === node),
    );
  }
}

function readNodes(input: Input): readonly string[] {
  const ids = [input['InstanceIds'] ?? []].flat().map(String);
  if (ids.length === 0 || ids.length > MAX_NODES)
    throw new AwsError('ValidationException', `InstanceIds must name 1 to ${MAX_NODES} nodes.`);
  const wrong = ids.filter((id) => !/^(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$/.test(id));
  if (wrong.length > 0) throw new AwsError('InvalidInstanceId', `These are no ids of nodes: ${wrong.join(', ')}.`);
  return ids;
}

function readTimeout(input: Input): number {
  const seconds = input['TimeoutSeconds'] ?? DEFAULT_TIMEOUT_SECONDS;
  if (typeof seconds === 'number' && seconds >= LEAST_TIMEOUT_SECONDS && seconds <= MOST_TIMEOUT_SECONDS)
    return seconds;
  throw new AwsError(
    'ValidationException',
    `TimeoutSeconds must be ${LEAST_TIMEOUT_SECONDS} to ${MOST_TIMEOUT_SECONDS}, not ${JSON.stringify(seconds)}.`,
  );
}

function readValues(
  { parameters }: Parameters<typeof writeScript>[0],
  input: Input,
): Readonly<Record<string, unknown>> {
  const { values, problems } = readParameterValues(parameters, input['Parameters']);
  if (problems.length > 0) throw new AwsError('InvalidParameters', problems.join(' '));
  if (JSON.stringify(input['Parameters'] ?? {}).includes('{{ssm'))
    throw new UnsupportedInSandboxError('references to Parameter Store in the parameters of a command');
  return values;
}
