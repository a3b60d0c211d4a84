import { type MachineBody, queryLanguageOf, type StateDefinition } from './definition.ts';
import type { Branch } from './engine.ts';
import { byteLength, type Json } from './json.ts';
import { runState } from './kinds/run-state.ts';
import { jsonataLanguage } from './language/jsonata-language.ts';
import { jsonpathLanguage } from './language/jsonpath-language.ts';
import { MAX_EXPRESS_TRANSITIONS, MAX_PAYLOAD_BYTES, MAX_VARIABLES_BYTES } from './limits.ts';
import { AbortedError, dataLimitError, runtimeError, StateError, TimeSpentError } from './state-error.ts';
import type { StateFrame, Step } from './state-frame.ts';

/** Runs states from `StartAt` until one ends the body. Throws a `StateError`, or an `AbortedError` once the branch is unwanted. */
export async function runBody(body: MachineBody, input: Json, branch: Branch): Promise<Json> {
  let name = body.StartAt;
  let data = input;
  for (;;) {
    const step = await visit(name, needState(body, name), data, branch);
    if (step.next === undefined) return step.output;
    name = step.next;
    data = step.output;
  }
}

function needState(body: MachineBody, name: string): StateDefinition {
  const state = Object.hasOwn(body.States, name) ? body.States[name] : undefined;
  if (!state) throw runtimeError(`There is no state '${name}'.`);
  return state;
}

async function visit(name: string, state: StateDefinition, input: Json, branch: Branch): Promise<Step> {
  if (branch.signal.aborted) throw branch.signal.reason;
  const frame = enter(name, state, input, branch);
  try {
    const step = await runState(frame);
    exit(frame, step);
    return step;
  } catch (error) {
    if (error instanceof AbortedError) noteAbort(frame);
    throw error instanceof StateError ? error.inState(name, frame.enteredEventId) : error;
  }
}

function enter(name: string, state: StateDefinition, input: Json, branch: Branch): StateFrame {
  const { execution, engine, cursor } = branch;
  const language =
    queryLanguageOf(state, execution.machine.definition) === 'JSONata' ? jsonataLanguage : jsonpathLanguage;
  const before = cursor.last;
  execution.transitions += 1;
  // No two states of a machine have the same name, wherever they stand.
  if (Object.hasOwn(execution.machine.definition.States, name))
    execution.position = { state: name, input, variables: branch.variables.all() };
  if (execution.machine.type === 'EXPRESS' && execution.transitions > MAX_EXPRESS_TRANSITIONS) {
    throw new TimeSpentError('The Express execution goes round without end.');
  }
  const enteredEventId = execution.history.add(cursor, `${state.Type}StateEntered`, {
    stateEnteredEventDetails: { name, input: JSON.stringify(input), inputDetails: { truncated: false } },
  });
  const enteredAt = engine.clock.iso();
  return {
    branch,
    name,
    state,
    language,
    input,
    enteredEventId,
    beforeEnteredEventId: before,
    enteredAt,
    retryCount: 0,
  };
}

function exit(frame: StateFrame, step: Step): void {
  const { branch, name, state } = frame;
  if (byteLength(step.output) > MAX_PAYLOAD_BYTES) throw dataLimitError(name);
  checkAssigned(frame, step.assigned);
  branch.execution.history.add(branch.cursor, `${state.Type}StateExited`, {
    stateExitedEventDetails: {
      name,
      output: JSON.stringify(step.output),
      outputDetails: { truncated: false },
      ...describeAssigned(step.assigned),
    },
  });
}

function checkAssigned(frame: StateFrame, assigned: Step['assigned']): void {
  if (Object.keys(assigned).length === 0) return;
  if (byteLength(assigned) > MAX_PAYLOAD_BYTES) throw dataLimitError(frame.name);
  frame.branch.variables.assign(assigned);
  if (frame.branch.variables.byteLength() > MAX_VARIABLES_BYTES) throw dataLimitError(frame.name);
}

function describeAssigned(assigned: Step['assigned']): Record<string, unknown> {
  const names = Object.keys(assigned).sort();
  if (names.length === 0) return {};
  const assignedVariables = Object.fromEntries(names.map((name) => [name, JSON.stringify(assigned[name])]));
  return { assignedVariables, assignedVariablesDetails: { truncated: false } };
}

const ABORTABLE = ['Task', 'Wait', 'Parallel', 'Map'];

/** Only a branch that gave way to a failing sibling says so; an execution that ended adds nothing. */
function noteAbort(frame: StateFrame): void {
  const { branch, state } = frame;
  if (ABORTABLE.includes(state.Type)) branch.execution.history.append(branch.cursor.last, `${state.Type}StateAborted`);
}
