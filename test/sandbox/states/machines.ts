import { type AwsCall, AwsError, type CallAws } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import {
  type ExecutionView,
  StepFunctions,
  type StepFunctionsOptions,
} from '../../../sandbox/states/step-functions.ts';

export const START = '2026-03-01T00:00:00.000Z';
export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/machine`;

export interface MachineFixture {
  readonly definition: object;
  readonly name?: string;
  readonly type?: 'STANDARD' | 'EXPRESS';
}

export function machineArn(name = 'machine'): string {
  return `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${name}`;
}

/** A service with its clock, whose own calls go back into it and all others to `answer`. */
export function aService(
  machines: readonly MachineFixture[],
  answer: CallAws = refuseCalls,
  options: Partial<StepFunctionsOptions> = {},
) {
  const clock = new VirtualClock(Date.parse(START));
  const calls: AwsCall[] = [];
  const call: CallAws = async (made) => {
    calls.push(made);
    if (made.service === 'sfn') return service.answer(made);
    return clock.holding('call', () => answer(made));
  };
  const descriptions = machines.map(({ definition, name = 'machine', type = 'STANDARD' }) => ({
    arn: machineArn(name),
    name,
    type,
    roleArn: ROLE,
    definition: JSON.stringify(definition),
  }));
  const service = new StepFunctions({
    clock,
    call,
    account: ACCOUNT,
    region: REGION,
    machines: descriptions,
    ...options,
  });
  const ask = (operation: string, input: Record<string, unknown>) =>
    service.answer({ service: 'sfn', operation, input, principal: { kind: 'role', arn: ROLE } });
  const start = (input: unknown = {}, name?: string, machine?: string) =>
    ask('StartExecution', {
      stateMachineArn: machineArn(machine),
      input: JSON.stringify(input),
      ...(name !== undefined && { name }),
    });
  return { clock, service, calls, ask, start };
}

/** Runs one machine to its end and gives the execution with its output parsed. */
export async function runMachine(
  definition: object,
  { input = {}, answer, type = 'STANDARD' }: { input?: unknown; answer?: CallAws; type?: 'STANDARD' | 'EXPRESS' } = {},
) {
  const { clock, service, start } = aService([{ definition, type }], answer);
  await start(input);
  await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
  const view = service.executions()[0];
  if (!view) throw new Error('nothing ran');
  return { ...describe(view), view, elapsedMs: clock.now() - Date.parse(START) };
}

export function describe(view: ExecutionView) {
  const output: unknown = view.output === undefined ? undefined : JSON.parse(view.output);
  return { status: view.status, output, error: view.error, cause: view.cause, transitions: view.transitions };
}

/** The names of the states that were entered, in order. */
export function statesOf(view: ExecutionView): readonly string[] {
  return view.history.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
}

export function typesOf(view: ExecutionView): readonly string[] {
  return view.history.map((event) => event.type);
}

/** A JSONata machine. */
export function jsonata(states: object, startAt = Object.keys(states)[0], more: object = {}) {
  return { QueryLanguage: 'JSONata', StartAt: startAt, States: states, ...more };
}

/** A JSONPath machine. */
export function jsonpath(states: object, startAt = Object.keys(states)[0], more: object = {}) {
  return { StartAt: startAt, States: states, ...more };
}

/** A Task that calls a function. */
export function invoke(more: object = {}, payload: unknown = {}) {
  const Arguments = { FunctionName: 'f', Payload: payload };
  return { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments, End: true, ...more };
}

/** Answers calls of functions, one after the other; the last answer is given again and again. */
export function functionAnswers(...answers: readonly unknown[]): CallAws {
  let next = 0;
  return async () => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (answer instanceof AwsError) throw answer;
    if (answer instanceof Error) return failFunction(answer.name, answer.message);
    return { StatusCode: 200, Payload: JSON.stringify(answer) };
  };
}

export function failFunction(errorType: string, errorMessage: string) {
  return { StatusCode: 200, FunctionError: 'Unhandled', Payload: JSON.stringify({ errorType, errorMessage }) };
}

export function anError(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}

async function refuseCalls({ service, operation }: AwsCall): Promise<never> {
  throw new AwsError('Unexpected', `unexpected ${service}:${operation}`);
}
