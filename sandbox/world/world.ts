import { type AwsCall, AwsError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { decodePayload, encodePayload } from '../lambda/payload.ts';
import { FirstMatch } from './choose.ts';
import { type CommandRequest, type CommandResult, describeResult, fitsCommand } from './command.ts';
import type {
  DescribedAnswer,
  DescribedCommand,
  DescribedJob,
  DescribedResource,
  DescribedScript,
  WorldDescription,
} from './description.ts';
import { Happenings, type WorldEvent } from './happenings.ts';
import { describeJob, fitsJob, type JobRequest, type JobResult } from './job.ts';
import type { CallOutcome, RecordedCall, RecordedCommand, RecordedScript, RememberedCall } from './recorded-call.ts';
import { runPython } from './run-python.ts';
import { runShell } from './run-shell.ts';
import { describeScript, fitsScript, type ScriptRequest, type ScriptResult } from './script.ts';
import { fillTemplates } from './template.ts';
import { UndescribedCallError } from './undescribed-call-error.ts';

export { parseWorld, type WorldDescription, WorldDescriptionError } from './description.ts';
export type { RecordedCall, RememberedCall } from './recorded-call.ts';
export { UndescribedCallError } from './undescribed-call-error.ts';
export type { CommandRequest, CommandResult } from './command.ts';
export type { ScriptRequest, ScriptResult } from './script.ts';
export type { WorldEvent } from './happenings.ts';

/** What a world stands in. */
export interface WorldOptions {
  /** Needed when the world has happenings. @default - time stands at the Unix epoch */
  readonly clock?: VirtualClock;
  /** Puts one complete event on the default bus. Needed when the world has happenings. */
  readonly deliver?: (event: WorldEvent) => void | Promise<void>;
  /** Whether an event that the world plans may come about now. @default - always */
  readonly mayHappen?: (event: WorldEvent) => boolean;
  /** @default '123456789012' */
  readonly account?: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** The directory of the world file, which `eventFile` is relative to. @default - the working directory */
  readonly directory?: string;
  /** What AWS answers where the description has no answer. @default - nothing: such a call fails and names itself */
  readonly otherwise?: (call: AwsCall) => Readonly<Record<string, unknown>> | undefined;
  /** Told of every call, command, script and job that is not described, and of happenings that cannot be delivered. */
  readonly onFault?: (fault: Error) => void;
}

/** AWS outside the sandbox, as a rehearsal describes it. Whatever it does not describe is an `UndescribedCallError`. */
export class World {
  readonly #answers: FirstMatch<DescribedAnswer>;
  readonly #commands: FirstMatch<DescribedCommand>;
  readonly #scripts: FirstMatch<DescribedScript>;
  readonly #jobs: FirstMatch<DescribedJob>;
  readonly #happenings: Happenings | undefined;
  readonly #resources: ReadonlyMap<string, Pick<DescribedResource, 'tags' | 'keys'>>;
  readonly #options: WorldOptions;
  readonly #calls: RecordedCall[] = [];
  readonly #remembered: RememberedCall[] = [];
  readonly #ran: RecordedCommand[] = [];
  readonly #scriptsRun: RecordedScript[] = [];
  readonly #answered = new Set<string>();
  #started = false;
  /** How long ago what it is told happened, in milliseconds of virtual time. */
  #agoMs = 0;

  constructor(description: WorldDescription, options: WorldOptions = {}) {
    this.#options = options;
    this.#answers = new FirstMatch(description.answers, (answer) => answer.input);
    this.#commands = new FirstMatch(description.commands, (command) => command.parameters);
    this.#scripts = new FirstMatch(description.scripts, (script) => script.input);
    this.#jobs = new FirstMatch(description.jobs, (job) => job.options);
    this.#happenings = this.#planHappenings(description);
    const fill = (arn: string) => String(fillTemplates(arn, this.#valuesFor({})));
    this.#resources = new Map(
      description.resources.map(({ arn, tags, keys }) => [fill(arn), { tags, keys: keys.map(fill) }]),
    );
  }

  /**
   * The tags of a resource, by its ARN. AWS gives an Auto Scaling group an id of its own within its ARN, which no call names:
   * a `*` in the ARN stands for whatever the world wrote there.
   */
  tagsOf(arn: string): Readonly<Record<string, string>> {
    const exact = this.#resources.get(arn);
    if (exact || !arn.includes(':autoScalingGroup:*:')) return exact?.tags ?? {};
    const [, name] = arn.split(':autoScalingGroup:*:');
    const found = [...this.#resources].find(
      ([other]) => other.includes(':autoScalingGroup:') && other.endsWith(`:${name}`),
    );
    return found?.[1].tags ?? {};
  }

  /** ARNs of the KMS keys that a resource's volumes are encrypted with, by the resource's ARN. */
  keysOf(arn: string): readonly string[] {
    return this.#resources.get(arn)?.keys ?? [];
  }

  /**
   * Begins what the world does by itself: `when: start` and `at` count from here, or from `agoMs` before. Calling it again
   * changes nothing.
   */
  start(agoMs = 0): void {
    if (this.#started) return;
    this.#started = true;
    this.#happenings?.trigger('start', {}, agoMs);
  }

  /** Answers one call, or throws the `AwsError` that the world describes, or an `UndescribedCallError`. */
  async answer(made: AwsCall): Promise<Record<string, unknown>> {
    const call = { ...made, input: readableInput(made) };
    const name = `${call.service}:${call.operation}`;
    const answer = this.#answers.take((candidate) => candidate.call === name, call.input, this.#wasAnswered);
    return answer ? this.#give(answer, call) : this.#answerOtherwise(call, name);
  }

  #answerOtherwise(call: AwsCall, name: string): Record<string, unknown> {
    const output = this.#options.otherwise?.(call);
    if (!output) {
      this.#record(call, { kind: 'undescribed' });
      throw this.#undescribed(name, call.input);
    }
    this.#record(call, { kind: 'output', output });
    return { ...output };
  }

  /**
   * Takes note of a call that a service of the sandbox answered itself, so that `after` and `when` may name it.
   * It is not among `calls()`.
   */
  observe(call: AwsCall, succeeded: boolean): void {
    this.#remembered.push({ call, at: this.#now(), by: 'sandbox', succeeded });
    this.#notice(call, succeeded);
  }

  /** Everything that it was asked or told so far, in order. */
  remembered(): readonly RememberedCall[] {
    return this.#remembered;
  }

  /** Comes to where another world of the same description was at a time, after these calls. */
  recall(remembered: readonly RememberedCall[], at: number): void {
    for (const { call, at: calledAt, by, succeeded } of remembered) {
      this.#agoMs = at - calledAt;
      if (by === 'sandbox') this.observe(call, succeeded);
      else void this.answer(call).catch(() => undefined);
    }
    this.#agoMs = 0;
  }

  #notice(call: Pick<AwsCall, 'service' | 'operation' | 'input'>, succeeded: boolean): void {
    const name = `${call.service}:${call.operation}`;
    this.#happenings?.trigger({ call: name }, call.input, this.#agoMs);
    if (!succeeded) return;
    this.#answered.add(name);
    this.#happenings?.trigger({ answered: name }, call.input, this.#agoMs);
  }

  /**
   * What a shell behind SSM Run Command gives, as described or really run. Throws an `UndescribedCallError` for one that the
   * world does not describe.
   */
  async commandResult(request: CommandRequest): Promise<CommandResult> {
    const found = this.#commands.take(
      (command) => fitsCommand(command, request),
      request.parameters ?? {},
      this.#wasAnswered,
    );
    const isReal = found?.run === 'real';
    const result = found && (isReal ? await runShell(found, request) : this.#describeCommand(found, request));
    this.#ran.push({ ...request, at: this.#now(), result });
    const { documentName, instanceId, parameters = {} } = request;
    if (!result) throw this.#undescribed(`the command ${documentName} on ${instanceId}`, { parameters });
    return result;
  }

  /** What a script of `aws:executeScript` returns, in the same way. */
  async scriptResult(request: ScriptRequest): Promise<ScriptResult> {
    const { input } = request;
    const found = this.#scripts.take((script) => fitsScript(script, request), input, this.#wasAnswered);
    const isReal = found?.run === 'real';
    const result =
      found && (isReal ? await runPython(found, request) : describeScript(found, this.#valuesFor(request.input)));
    this.#scriptsRun.push({ ...request, at: this.#now(), result });
    if (!result) throw this.#undescribed(`the script of the step ${request.step} in ${request.documentName}`, input);
    return result;
  }

  /** What a job outside of AWS does. Throws an `UndescribedCallError` for one that the world does not describe. */
  jobResult(request: JobRequest): JobResult {
    const found = this.#jobs.take((job) => fitsJob(job, request), request.options, this.#wasAnswered);
    if (found) return describeJob(found);
    throw this.#undescribed(`the job ${request.job}`, request.options);
  }

  /** Every call that reached the world, in order. */
  calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** Every shell that the world ran, in order. */
  commands(): readonly RecordedCommand[] {
    return this.#ran;
  }

  /** Every script that the world ran, in order. */
  scripts(): readonly RecordedScript[] {
    return this.#scriptsRun;
  }

  #undescribed(what: string, detail: unknown): UndescribedCallError {
    const missing = new UndescribedCallError(what, detail);
    this.#options.onFault?.(missing);
    return missing;
  }

  readonly #wasAnswered = (call: string): boolean => this.#answered.has(call);

  #describeCommand(command: DescribedCommand, request: CommandRequest): CommandResult {
    return describeResult(command, this.#valuesFor({ ...request }));
  }

  #give(answer: DescribedAnswer, call: AwsCall): Record<string, unknown> {
    const { error } = answer;
    if (error && 'code' in error) {
      const message = String(fillTemplates(error.message, this.#valuesFor(call.input)));
      this.#record(call, { kind: 'error', name: error.code, message });
      throw new AwsError(error.code, message, error.statusCode ?? 400);
    }
    const output = error ? describeFunctionError(error) : this.#fillOutput(answer, call);
    this.#record(call, { kind: 'output', output });
    return output;
  }

  #fillOutput(answer: DescribedAnswer, call: AwsCall): Record<string, unknown> {
    const output = fillTemplates(answer.output ?? {}, this.#valuesFor(call.input));
    const members = Object.entries(typeof output === 'object' && output !== null ? output : {});
    const record: Record<string, unknown> = Object.fromEntries(members);
    return answer.call === 'lambda:Invoke' && 'Payload' in record
      ? { StatusCode: 200, ...record, Payload: encodePayload(JSON.stringify(record['Payload'])) }
      : record;
  }

  #record(call: AwsCall, outcome: CallOutcome): void {
    const { service, operation, input, principal } = call;
    this.#calls.push({ at: this.#now(), service, operation, input, principal, outcome });
    const succeeded = outcome.kind === 'output';
    this.#remembered.push({ call, at: this.#now(), by: 'world', succeeded });
    this.#notice(call, succeeded);
  }

  #now(): number {
    return this.#options.clock?.now() ?? 0;
  }

  #valuesFor(input: Readonly<Record<string, unknown>>) {
    const { account = '123456789012', region = 'us-east-1' } = this.#options;
    return { nowMs: this.#now(), account, region, input };
  }

  #planHappenings(description: WorldDescription): Happenings | undefined {
    if (description.happenings.length === 0) return undefined;
    const { clock, deliver, mayHappen = () => true, directory = '.', onFault = () => undefined } = this.#options;
    if (!clock || !deliver) throw new TypeError('A world with happenings needs the options clock and deliver.');
    const { account, region } = this.#valuesFor({});
    return new Happenings(description.happenings, { clock, deliver, mayHappen, account, region, directory, onFault });
  }
}

function describeFunctionError(error: { readonly errorType: string; readonly errorMessage: string }) {
  return {
    StatusCode: 200,
    FunctionError: 'Unhandled',
    ExecutedVersion: '$LATEST',
    Payload: encodePayload(JSON.stringify(error)),
  };
}

/** The payload of an invocation is matched and recorded as the JSON that it is, not as base64. */
function readableInput({ service, operation, input }: AwsCall): AwsCall['input'] {
  const payload = input['Payload'];
  if (service !== 'lambda' || operation !== 'Invoke' || typeof payload !== 'string') return input;
  try {
    return { ...input, Payload: JSON.parse(decodePayload(payload)) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return input;
    throw error;
  }
}
