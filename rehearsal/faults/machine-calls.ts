import type { AwsCall } from '../../sandbox/aws.ts';
import type { MachineDefinition, StateDefinition } from '../../sandbox/states/definition.ts';
import { matchesError } from '../../sandbox/states/error-matching.ts';
import { toStateError } from '../../sandbox/states/integrations/error-names.ts';
import { findIntegration } from '../../sandbox/states/integrations/find-integration.ts';
import type { Integration } from '../../sandbox/states/integrations/integration.ts';
import { isProblem, parseResource } from '../../sandbox/states/integrations/resource.ts';
import { StateError } from '../../sandbox/states/state-error.ts';
import type { HistoryEvent } from '../../sandbox/states/step-functions.ts';
import { awsFault, type FaultKind } from '../aws-faults.ts';
import { nameOfFunction } from '../changing-calls.ts';
import { statesIn } from '../definition-states.ts';
import { memberOf } from '../recorded-findings.ts';
import { faultKinds } from '../rehearsal-schema.ts';

/** A call that a state of a runbook's own machine makes. */
export interface MachineCall {
  readonly state: string;
  readonly service: string;
  readonly operation: string;
  /** The function that is invoked, if one is. */
  readonly functionName: string | undefined;
  /** How many such calls the machine makes before this one. */
  readonly before: number;
  /** Ways in which it breaks, one of those that the state's Retry and Catch treat alike. */
  readonly kinds: readonly FaultKind[];
}

/** The calls of one execution of a machine, one for each state: the first that it makes. */
export function machineCalls(history: readonly HistoryEvent[], definition: MachineDefinition): MachineCall[] {
  const states = statesIn(definition);
  const byId = new Map(history.map((event) => [event.id, event]));
  const counts = new Map<string, number>();
  const calls = new Map<string, MachineCall>();
  for (const event of history) {
    const { taskScheduledEventDetails: details } = event;
    if (!details) continue;
    const name = stateOf(event, byId);
    const state = states.get(name);
    const target = state && targetOf(state, details.parameters);
    if (!target) continue;
    const key = `${target.service}:${target.operation} ${target.functionName ?? ''}`;
    const before = counts.get(key) ?? 0;
    counts.set(key, before + 1);
    if (!calls.has(name)) calls.set(name, { state: name, ...target, before, kinds: distinctKinds(state) });
  }
  return [...calls.values()];
}

/** Whether a call to AWS is of this kind, whenever it is made. */
export function isSameCall(call: AwsCall, { service, operation, functionName }: MachineCall): boolean {
  if (call.service !== service || call.operation !== operation) return false;
  return functionName === undefined || nameOfFunction(call.input['FunctionName']) === functionName;
}

function targetOf(state: StateDefinition, parameters: string) {
  const resource = parseResource(state.Resource ?? '');
  if (isProblem(resource) || resource.kind === 'function') return undefined;
  const { client } = findIntegration(resource).errors;
  const operation = resource.action.charAt(0).toUpperCase() + resource.action.slice(1);
  const given = memberOf(JSON.parse(parameters), 'FunctionName');
  const functionName = given === undefined ? undefined : nameOfFunction(given);
  return { service: client, operation, functionName };
}

/**
 * Faults that the same Retry and the same Catch take are one fault: the first of them stands for all. The time limit of a
 * state that waits for what it starts is for that, and not for the call.
 */
function distinctKinds(state: StateDefinition): FaultKind[] {
  const resource = parseResource(state.Resource ?? '');
  if (isProblem(resource)) return [];
  const { errors } = findIntegration(resource);
  const isWaiting = resource.kind !== 'function' && resource.pattern.startsWith('sync');
  const seen = new Set<string>();
  return faultKinds.filter((kind) => {
    if (isWaiting && kind === 'timeout') return false;
    const error = stateErrorOf(errors, kind);
    const position = (handlers: readonly { readonly ErrorEquals: readonly string[] }[] = []) =>
      handlers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, error));
    const key = `${position(state.Retry)} ${position(state.Catch)}`;
    return !seen.has(key) && seen.add(key);
  });
}

function stateErrorOf(errors: Integration['errors'], kind: FaultKind): StateError {
  if (kind === 'timeout') return new StateError({ error: 'States.Timeout' });
  return toStateError(awsFault(errors.client, kind), errors, '');
}

/** The state that a task belongs to: the one entered last before it. */
function stateOf(event: HistoryEvent, byId: ReadonlyMap<number, HistoryEvent>): string {
  for (let before: HistoryEvent | undefined = event; before; before = byId.get(before.previousEventId)) {
    if (before.stateEnteredEventDetails) return before.stateEnteredEventDetails.name;
  }
  return '';
}
