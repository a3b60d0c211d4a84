import {
  type AwsCall,
  AwsError,
  type AwsService,
  type CallAws,
  type Principal,
  type RequiredGrant,
  UnsupportedInSandboxError,
} from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { grantsForCall } from '../world/grants.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { type FunctionDescription, refuseInvalidFunction } from './function-description.ts';
import { accessKeyIdOf } from './function-environment.ts';
import { describeFunction, resolveFunction, type ResolvedFunction } from './function-name.ts';
import { FunctionRunner } from './function-runner.ts';
import type { Carry } from './carried-requests.ts';
import type { InvocationOutcome } from './execution-environment.ts';
import { LinkedCode } from './linked-code.ts';
import { findHandlerFile } from './load-handler.mjs';
import type { LogLine } from './log-lines.ts';
import { encodePayload, readPayload, refuseLargePayload } from './payload.ts';
import { stableUuid } from '../stable-id.ts';

const LOG_TAIL_BYTES = 4096;

/** Operations that are answered here, about functions that a template creates; the rest is the world's. */
const answered: readonly string[] = ['Invoke', 'GetFunction', 'GetFunctionConfiguration'];

/** What the Lambda service stands in. */
export interface LambdaOptions {
  readonly clock: VirtualClock;
  /** Makes the calls that Lambda makes with a function's role: dead letters and destinations. */
  readonly call: CallAws;
  readonly account: string;
  readonly region: string;
  /** `AWS_ENDPOINT_URL` of the functions; a function when it is known only later. */
  readonly endpointUrl: string | (() => string);
  /** Answers what functions ask of `endpointUrl`, which then run in this process. @default - each runs in a thread of its own and asks over a socket */
  readonly carry?: Carry;
  readonly functions: readonly FunctionDescription[];
  /** Execution environments that may exist at once, over all functions. @default 16 */
  readonly maxWorkers?: number;
  readonly onLog?: (line: LogLine) => void;
}

/** One invocation that an event source made, and how it ended. */
export interface EventSourceRun {
  readonly requestId: string;
  readonly outcome: InvocationOutcome;
}

/** Lambda: runs functions from their own bundles, each in threads of its own, in virtual time. */
export class Lambda implements AwsService {
  readonly name = 'lambda';
  readonly #options: LambdaOptions;
  readonly #runner: FunctionRunner;
  readonly #async: AsyncInvocations;
  readonly #logs: LogLine[] = [];
  readonly #faults: Error[] = [];
  /** ARNs of roles by the access key that each function was given. */
  readonly #roles: ReadonlyMap<string, string>;
  #requests = 0;

  constructor(options: LambdaOptions) {
    for (const described of options.functions) refuseInvalidFunction(described);
    this.#options = options;
    this.#roles = new Map(options.functions.map((described) => [accessKeyIdOf(described), described.roleArn]));
    const { clock, call, region, endpointUrl, carry, maxWorkers = 16 } = options;
    this.#runner = new FunctionRunner({
      clock,
      region,
      maxWorkers,
      ...(carry && {
        shared: { carry, code: new LinkedCode(filesOf(options.functions)) },
      }),
      endpointUrl: () => (typeof endpointUrl === 'string' ? endpointUrl : endpointUrl()),
      onLog: (line) => this.#log(line),
    });
    const run = this.#runner.run.bind(this.#runner);
    this.#async = new AsyncInvocations({ clock, call, run, onFault: (fault) => this.#faults.push(fault) });
  }

  grantsFor(operation: string, input: AwsCall['input']): readonly RequiredGrant[] {
    const { account, region } = this.#options;
    if (!answered.includes(operation)) return grantsForCall(this.name, operation, input, { account, region });
    const { invokedArn } = this.#resolve(input);
    return [{ action: operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${operation}`, resource: invokedArn }];
  }

  handles(operation: string, input: AwsCall['input']): boolean {
    return answered.includes(operation) && this.#resolve(input).isKnown;
  }

  async answer(call: AwsCall): Promise<Record<string, unknown>> {
    const { described, invokedArn } = this.#resolve(call.input);
    if (!described) throw new AwsError('ResourceNotFoundException', `Function not found: ${invokedArn}`, 404);
    if (call.operation === 'Invoke') return this.#invoke(described, invokedArn, call.input);
    const Configuration = describeFunction(described);
    if (call.operation === 'GetFunctionConfiguration') return Configuration;
    if (call.operation === 'GetFunction') return { Configuration };
    throw new UnsupportedInSandboxError(`lambda:${call.operation}`);
  }

  /** The role behind an access key that a function was given; undefined for any other key. */
  principalFor(accessKeyId: string): Principal | undefined {
    const roleArn = this.#roles.get(accessKeyId);
    return roleArn === undefined ? undefined : { kind: 'role', arn: roleArn };
  }

  /** What a function wrote, line by line; every function's lines without a name. */
  logs(functionName?: string): readonly LogLine[] {
    return this.#logs.filter((line) => functionName === undefined || line.functionName === functionName);
  }

  /** Records and dead letters that could not be delivered. */
  faults(): readonly Error[] {
    return this.#faults;
  }

  /** How long loading took in each worker of a function that exists, in real milliseconds. */
  initMsOf(functionName: string): readonly number[] {
    return this.#runner.initMsOf(functionName);
  }

  /** The function of this name or ARN, if there is one. */
  find(nameOrArn: string): FunctionDescription | undefined {
    return this.#resolve({ FunctionName: nameOrArn }).described;
  }

  /** Runs one synchronous invocation as Lambda itself, for an event source. Throws TooManyRequestsException. */
  async runForEventSource(described: FunctionDescription, payload: string): Promise<EventSourceRun> {
    const requestId = this.#nextRequestId(described);
    const outcome = await this.#runner.run({ described, payload, requestId, invokedFunctionArn: described.arn });
    return { requestId, outcome };
  }

  /** Loads every function once, as provisioned concurrency does. */
  async warm(): Promise<void> {
    await Promise.all(this.#options.functions.map((described) => this.#runner.warm(described)));
  }

  /** Ends every worker; nothing keeps the process alive afterwards. */
  close(): Promise<void> {
    return this.#runner.close();
  }

  async #invoke(
    described: FunctionDescription,
    invokedFunctionArn: string,
    input: AwsCall['input'],
  ): Promise<Record<string, unknown>> {
    const type = input['InvocationType'] ?? 'RequestResponse';
    const payload = readPayload(input['Payload']);
    refuseLargePayload(payload, type === 'Event' ? type : 'RequestResponse');
    if (type === 'DryRun') return { StatusCode: 204 };
    const requestId = this.#nextRequestId(described);
    const run = { described, payload, requestId, invokedFunctionArn };
    if (type === 'Event') {
      this.#async.enqueue(run);
      return { StatusCode: 202 };
    }
    if (type !== 'RequestResponse')
      throw new AwsError('InvalidParameterValueException', `Unknown InvocationType ${JSON.stringify(type)}`);
    return { ...toOutput(await this.#runner.run(run)), ...this.#logResult(requestId, input) };
  }

  #nextRequestId({ arn }: FunctionDescription): string {
    this.#requests += 1;
    return stableUuid(`${arn}:${this.#requests}`);
  }

  #resolve(input: AwsCall['input']): ResolvedFunction {
    return resolveFunction(input, this.#options.functions, this.#options);
  }

  #logResult(requestId: string, input: AwsCall['input']): { LogResult?: string } {
    if (input['LogType'] !== 'Tail') return {};
    const lines = this.#logs.filter((line) => line.requestId === requestId).map((line) => `${line.message}\n`);
    return { LogResult: Buffer.from(lines.join('')).subarray(-LOG_TAIL_BYTES).toString('base64') };
  }

  #log(line: LogLine): void {
    this.#logs.push(line);
    this.#options.onLog?.(line);
  }
}

function toOutput(outcome: InvocationOutcome): Record<string, unknown> {
  const status = { StatusCode: 200, ExecutedVersion: '$LATEST' };
  if (outcome.kind === 'result') return { ...status, Payload: encodePayload(outcome.payload) };
  return { ...status, FunctionError: 'Unhandled', Payload: encodePayload(JSON.stringify(outcome.failure)) };
}

function filesOf(functions: readonly FunctionDescription[]): string[] {
  return functions.flatMap(({ codeDirectory, handler }) => findHandlerFile(codeDirectory, handler) ?? []);
}
