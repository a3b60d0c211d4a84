import { AwsError, type AwsCall, type Authorize, type AwsService, type CallAws, type RequiredGrant } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import type { EventEnvelope } from '../events/bus-event.ts';
import type { Engine, ExecutionPosition } from './engine.ts';
import type { Execution, ExecutionView } from './execution.ts';
import type { Machine, MachineDescription } from './machine.ts';
import { verifyManagedRule } from './managed-rule.ts';
import { findOperation } from './operations/find-operation.ts';
import type { ServiceState } from './operations/operation.ts';
import { runBody } from './run-body.ts';
import { SeededRandom } from './seeded-random.ts';
import { makeStatusEvent } from './status-event.ts';
import { TaskTokens } from './task-tokens.ts';
import { parseDefinition } from './validate.ts';

export type { ExecutionPosition } from './engine.ts';
export type { ExecutionStatus, ExecutionView } from './execution.ts';
export type { HistoryEvent } from './history.ts';
export type { MachineDescription, MachineType } from './machine.ts';

/** What ids, tokens, jitter and `$random()` come from. */
const seed = 'step-functions';

/** What the service stands in. */
export interface StepFunctionsOptions {
  readonly clock: VirtualClock;
  /** Makes the calls of tasks. It must not hold the clock for `StartSyncExecution`, whose waits need it to move. */
  readonly call: CallAws;
  readonly account: string;
  readonly region: string;
  readonly machines: readonly MachineDescription[];
  /** Puts an event on the default bus. @default - events are dropped */
  readonly emitEvent?: ((event: EventEnvelope) => void) | undefined;
  /** Checks the grants that AWS checks when a machine is made. @default - everything is allowed */
  readonly authorize?: Authorize | undefined;
}

/**
 * AWS Step Functions. The constructor throws an `InvalidDefinitionError` with every reason for a definition that AWS
 * refuses, and an `UnsupportedInSandboxError` for one that the sandbox cannot run.
 */
export class StepFunctions implements AwsService {
  readonly name = 'sfn';
  readonly #options: StepFunctionsOptions;
  readonly #state: ServiceState;
  readonly #positions = new Map<string, ExecutionPosition>();
  readonly #recalled = new Map<string, string>();
  #isSilent = false;

  constructor(options: StepFunctionsOptions) {
    this.#options = options;
    const executions = new Map<string, Execution>();
    const machines = new Map(options.machines.map((description) => [description.arn, readMachine(description)]));
    this.#state = {
      engine: makeEngine(options, executions),
      machines,
      executions,
      recalled: this.#recalled,
      takePosition: (machineArn) => {
        const position = this.#positions.get(machineArn);
        this.#positions.delete(machineArn);
        return position;
      },
      replace: (description) => machines.set(description.arn, readMachine(description)),
      createdAt: options.clock.now(),
      onChange: (view, machine) => this.#emit(view, machine),
    };
  }

  /** Checks what AWS checks of the machines' roles when it makes them. Throws `AccessDeniedException`. */
  verifyRoles(): void {
    const { authorize } = this.#options;
    if (!authorize) return;
    for (const machine of this.#state.machines.values()) verifyManagedRule(machine, authorize);
  }

  handles(operation: string): boolean {
    return findOperation(operation) !== undefined;
  }

  grantsFor(operation: string, input: AwsCall['input']): readonly RequiredGrant[] {
    return [{ action: `states:${operation}`, resource: this.#subjectOf(operation, input) }];
  }

  async answer(call: AwsCall): Promise<Record<string, unknown>> {
    const operation = findOperation(call.operation);
    if (!operation) throw new AwsError('UnknownOperationException', `There is no operation ${call.operation}.`);
    return operation.run(this.#state, call.input);
  }

  /** Every execution that was started, in order. */
  executions(): readonly ExecutionView[] {
    return [...this.#state.executions.values()].map((execution) => execution.view());
  }

  /** The next execution of each of these machines, by ARN, begins there: what came before is another story's. */
  beginAt(positions: ReadonlyMap<string, ExecutionPosition>): void {
    for (const [machineArn, position] of positions) this.#positions.set(machineArn, position);
  }

  /** Executions of another story, ARNs of machines by theirs: they do nothing, and their definition may be asked for. */
  recall(executions: ReadonlyMap<string, string>): void {
    for (const [arn, machineArn] of executions) this.#recalled.set(arn, machineArn);
  }

  /** Ends every execution that runs as aborted, emits no event of it, and forgets all of them. Waits begin anew. */
  abandon(): void {
    this.#isSilent = true;
    for (const execution of this.#state.executions.values()) execution.stop(undefined, undefined);
    this.#isSilent = false;
    this.#state.executions.clear();
    this.#positions.clear();
    this.#recalled.clear();
    this.#state.engine.jitter = makeJitter();
  }

  #subjectOf(operation: string, input: AwsCall['input']): string {
    const subject = findOperation(operation)?.subject;
    if (subject === 'token') return this.#state.engine.tokens.machineOf(String(input['taskToken']));
    const arn = subject === 'machine' ? input['stateMachineArn'] : input['executionArn'];
    return typeof arn === 'string' ? arn : '*';
  }

  #emit(view: ExecutionView, machine: Machine): void {
    if (machine.type !== 'STANDARD' || this.#isSilent) return;
    const { clock, account, region, emitEvent } = this.#options;
    const id = this.#state.engine.random.uuid();
    emitEvent?.(makeStatusEvent(view, { id, account, region, nowMs: clock.now() }));
  }
}

function readMachine({ definition, ...description }: MachineDescription): Machine {
  const parsed = parseDefinition(definition, description.type, description.name);
  return { ...description, definitionText: definition, definition: parsed };
}

function makeJitter(): SeededRandom {
  return new SeededRandom(`${seed}/jitter`);
}

function makeEngine(options: StepFunctionsOptions, executions: ReadonlyMap<string, Execution>): Engine {
  const { clock, call, account, region } = options;
  const random = new SeededRandom(seed);
  return {
    clock,
    call,
    account,
    region,
    random,
    jitter: makeJitter(),
    tokens: new TaskTokens(clock, new SeededRandom(`${seed}/tokens`)),
    whenEnded: (arn) => executions.get(arn)?.ended,
    noteParent: (childArn, parentArn) => {
      const child = executions.get(childArn);
      if (child) child.parent ??= parentArn;
    },
    runBody,
  };
}
