import { isDeepStrictEqual } from 'node:util';
import type { PermittedRemediation } from '../functions/domain/permitted-remediation.ts';
import type { AwsCall } from '../sandbox/aws.ts';
import type { Item } from '../sandbox/dynamodb/dynamodb.ts';
import type { ExecutionPosition, ExecutionView } from '../sandbox/states/step-functions.ts';
import { isInvoking } from './changing-calls.ts';
import type { LocalStack } from './local-stack.ts';
import { moveMoments } from './move-event.ts';
import type { AskedRepair, Beginning, Noted } from './scene.ts';

/** The function that evaluates the guards. */
export const guardFunction = 'handsoff-guard-remediation';
/** The function that starts automations. */
const startFunction = 'handsoff-start-automation';

/** Later than this other scenes cannot begin, in milliseconds of virtual time: what waits for people waits anew there. */
const soonMs = 60_000;

/** How things stand when a call is made, before anything follows from it. */
interface Standing {
  readonly at: number;
  readonly items: readonly Item[];
}

/** The start of the response, in epoch milliseconds of virtual time. */
interface StartedResponse {
  readonly call: AwsCall;
  readonly at: number;
}

/** Takes note of a play as it goes by: of how things stood wherever other scenes begin. */
export class PlayNotes {
  readonly #stack: LocalStack;
  readonly #made: AwsCall[] = [];
  readonly #beginnings: Promise<Beginning>[] = [];
  #response: StartedResponse | undefined;
  #asked: Promise<AskedRepair> | undefined;
  #guarded: Promise<AskedRepair> | undefined;

  constructor(stack: LocalStack) {
    this.#stack = stack;
  }

  /** Takes note of a call that is about to be answered. */
  take(call: AwsCall): void {
    if (isInvoking(call, guardFunction)) {
      const request = JSON.parse(String(call.input['Payload']));
      // The last: where an approver was asked, he has agreed.
      this.#guarded = this.#standing((standing) => ({ name: 'guard', input: request, ...standing }));
    }
    if (isStarting(call, 'handsoff-respond') && !this.#response) {
      this.#response = { call, at: this.#stack.sandbox.clock.now() };
      this.#begin(this.#response, new Map());
    }
    if (isStarting(call, 'handsoff-remediate')) {
      const given = { name: String(call.input['name']), input: JSON.parse(String(call.input['input'])) };
      this.#asked ??= this.#standing((standing) => ({ ...given, ...standing }));
      this.#beginHere();
    }
    if (isInvoking(call, startFunction) && !isBoundToMoment(call)) this.#beginHere();
    if (this.#response) this.#made.push(call);
  }

  async read(): Promise<Noted> {
    const beginnings = await Promise.all(this.#beginnings);
    return { beginnings, made: this.#made, asked: await this.#asked, guarded: await this.#guarded };
  }

  #standing<T>(use: (standing: Standing) => T): Promise<T> {
    const at = this.#stack.sandbox.clock.now();
    return this.#stack.wireItems().then((items) => use({ at, items }));
  }

  /** Other scenes can begin here if little time has passed, and every machine is about to make a call of its own. */
  #beginHere(): void {
    const { clock, machines, world } = this.#stack.sandbox;
    const response = this.#response;
    if (!response || clock.now() - response.at > soonMs || world.commands().length > 0 || world.scripts().length > 0)
      return;
    const positions = positionsIn(machines.executions().filter(isOfResponse));
    if (positions) this.#begin(response, positions);
  }

  #begin({ call, at }: StartedResponse, positions: ReadonlyMap<string, ExecutionPosition>): void {
    const sinceMs = this.#stack.sandbox.clock.now() - at;
    const callsBefore = this.#made.length;
    const again = new Set([call.input['stateMachineArn'], ...positions.keys()]);
    const isMadeAgain = (earlier: AwsCall) => isStart(earlier) && again.has(earlier.input['stateMachineArn']);
    const made = this.#made.filter((earlier) => !isMadeAgain(earlier));
    const remembered = this.#stack.sandbox.world.remembered().filter((told) => !isMadeAgain(told.call));
    this.#beginnings.push(
      this.#standing((standing) => ({ call, sinceMs, callsBefore, made, remembered, positions, ...standing })),
    );
  }
}

/** Where executions stand, by the ARN of their machine; undefined where one of them is not about to make a call. */
function positionsIn(executions: readonly ExecutionView[]): ReadonlyMap<string, ExecutionPosition> | undefined {
  const found = new Map<string, ExecutionPosition>();
  for (const { status, machineArn, position, history } of executions) {
    const entered = history.findLast((event) => event.stateEnteredEventDetails?.name === position?.state);
    // What stands in a branch or an item processor would begin anew with all of them.
    if (status !== 'RUNNING' || !position || entered?.type !== 'TaskStateEntered') return undefined;
    found.set(machineArn, position);
  }
  return found;
}

function isStart({ service, operation }: AwsCall): boolean {
  return service === 'sfn' && operation === 'StartExecution';
}

function isStarting(call: AwsCall, machine: string): boolean {
  return isStart(call) && String(call.input['stateMachineArn']).endsWith(`:${machine}`);
}

/** Whether what was permitted is bound to a moment of the alert: what begins later has another, which has to be permitted anew. */
function isBoundToMoment({ input }: AwsCall): boolean {
  const { remediation } = JSON.parse(String(input['Payload'])) as { readonly remediation: PermittedRemediation };
  const { parameters } = remediation;
  return !isDeepStrictEqual(moveMoments(parameters, 1000), parameters);
}

/** Intake comes before the response, and `respond` begins at its beginning whatever follows. */
function isOfResponse({ machineArn }: ExecutionView): boolean {
  return !/:handsoff-(intake|respond)$/.test(machineArn);
}
