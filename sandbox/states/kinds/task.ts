import { AwsError } from '../../aws.ts';
import { anySignal, openController } from '../abort.ts';
import { findIntegration } from '../integrations/find-integration.ts';
import { toStateError } from '../integrations/error-names.ts';
import type { Integration, TaskAttempt } from '../integrations/integration.ts';
import { isProblem, parseResource, type Pattern, type TaskResource } from '../integrations/resource.ts';
import { byteLength, isObject, type Json, type JsonObject } from '../json.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import { raceAgainst } from '../race.ts';
import { AbortedError, dataLimitError, runtimeError, sandboxError, StateError } from '../state-error.ts';
import type { StateFrame, Step } from '../state-frame.ts';
import type { OpenTask } from '../task-tokens.ts';
import { TaskEvents } from './task-events.ts';

/** Runs one attempt of a Task. */
export async function runTask(frame: StateFrame): Promise<Step> {
  const { language, branch, state } = frame;
  const resource = parseResource(state.Resource ?? '');
  if (isProblem(resource)) throw runtimeError(resource.message);
  const pattern = resource.kind === 'function' ? 'request' : resource.pattern;
  const task = pattern === 'request' ? undefined : branch.engine.tokens.open(branch.execution.machine.arn);
  frame.taskToken = task?.token;
  try {
    const input = language.selectInput(frame);
    const result = await attempt(frame, resource, pattern, input, task);
    return { ...(await language.finish(frame, input, result)), next: state.Next };
  } finally {
    task?.close();
  }
}

async function attempt(
  frame: StateFrame,
  resource: TaskResource,
  pattern: Pattern,
  input: Json,
  task: OpenTask | undefined,
): Promise<Json> {
  const { language, branch } = frame;
  const integration = findIntegration(resource);
  const timeoutSeconds = await language.readNumber(frame, 'TimeoutSeconds', input);
  const heartbeatSeconds = await language.readNumber(frame, 'HeartbeatSeconds', input);
  const parameters = await language.makeArguments(frame, input);
  if (byteLength(parameters) > MAX_PAYLOAD_BYTES) throw dataLimitError(frame.name);
  const events = new TaskEvents(frame, resource, integration);
  events.noteScheduled(parameters, timeoutSeconds, heartbeatSeconds);
  const call = (service: string, operation: string, given: JsonObject) =>
    makeCall(frame, integration, service, operation, given);
  const controller = openController();
  const signal = anySignal(branch.signal, controller.signal);
  const job = new Job({ frame, parameters, call, signal }, controller, integration, pattern, events, task);
  const running = job.run(heartbeatSeconds);
  try {
    const result = await raceAgainst(running, {
      clock: branch.engine.clock,
      signal: branch.signal,
      timeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
      label: `timeout of ${frame.name}`,
      onTimeout: () => new StateError({ error: 'States.Timeout' }),
    });
    if (byteLength(result) > MAX_PAYLOAD_BYTES) throw dataLimitError(nameResource(resource, integration));
    events.noteSucceeded(result);
    return result;
  } catch (error) {
    job.abandon();
    if (error instanceof StateError) events.noteFailed(error);
    throw error;
  }
}

function nameResource(resource: TaskResource, integration: Integration): string {
  return resource.kind === 'function' ? resource.arn : integration.resourceType;
}

/** What an attempt does between its start and its end. */
class Job {
  readonly #attempt: TaskAttempt;
  readonly #integration: Integration;
  readonly #pattern: Pattern;
  readonly #events: TaskEvents;
  readonly #task: OpenTask | undefined;
  readonly #controller: AbortController;
  #submitted: Json | undefined;
  #isOver = false;

  constructor(
    attempt: TaskAttempt,
    controller: AbortController,
    integration: Integration,
    pattern: Pattern,
    events: TaskEvents,
    task: OpenTask | undefined,
  ) {
    this.#attempt = attempt;
    this.#controller = controller;
    this.#integration = integration;
    this.#pattern = pattern;
    this.#events = events;
    this.#task = task;
  }

  async run(heartbeatSeconds: number | undefined): Promise<Json> {
    try {
      return await this.#work(heartbeatSeconds);
    } finally {
      this.#isOver = true;
    }
  }

  /** Stops the job behind a task that timed out or is no longer wanted. */
  abandon(): void {
    if (this.#isOver) return;
    this.#controller.abort(new AbortedError('The task is no longer wanted.'));
    if (this.#submitted !== undefined) void this.#stop();
  }

  async #work(heartbeatSeconds: number | undefined): Promise<Json> {
    const submitted = await this.#integration.request(this.#attempt);
    if (this.#pattern === 'request' || !this.#task) return submitted;
    this.#submitted = submitted;
    if (this.#attempt.signal.aborted) {
      await this.#stop();
      throw this.#attempt.signal.reason;
    }
    this.#events.noteSubmitted(submitted);
    this.#task.watchHeartbeat(heartbeatSeconds);
    const follow = this.#integration.follow?.(this.#attempt, submitted);
    return follow ? Promise.race([follow, this.#task.outcome]) : this.#task.outcome;
  }

  /** A role that may not stop the job leaves it running; the task has ended either way. */
  async #stop(): Promise<void> {
    try {
      await this.#integration.stop?.(this.#attempt, this.#submitted ?? null);
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
    }
  }
}

async function makeCall(
  frame: StateFrame,
  integration: Integration,
  service: string,
  operation: string,
  input: JsonObject,
): Promise<JsonObject> {
  const { engine, execution } = frame.branch;
  const principal = { kind: 'role', arn: execution.machine.roleArn } as const;
  try {
    const output: unknown = await engine.call({ service, operation, input, principal });
    return toJsonObject(output);
  } catch (error) {
    if (error instanceof AwsError) throw toStateError(error, integration.errors, engine.random.uuid());
    if (error instanceof StateError || error instanceof AbortedError) throw error;
    // Whatever the sandbox cannot answer fails the execution where no Catch can hide it.
    throw sandboxError(error);
  }
}

function toJsonObject(output: unknown): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(output ?? {}));
  return isObject(copy) ? copy : {};
}
