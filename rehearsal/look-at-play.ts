import { automationSlots } from '../functions/adapters/slot-store.ts';
import { isEnded } from '../sandbox/ssm/automation-execution.ts';
import { isCommandEnded } from '../sandbox/ssm/command.ts';
import { UndescribedCallError } from '../sandbox/world/undescribed-call-error.ts';
import type { ExecutionView } from '../sandbox/states/step-functions.ts';
import { incidentsIn, itemsIn, type LocalStack, timelineIn } from './local-stack.ts';
import type { CallsOfPlay, Noted, Played, Told } from './scene.ts';

/** What a play leaves behind on its stack. */
type Course = Omit<Played, 'elapsedMs' | 'steps' | keyof Noted>;

/**
 * What came of a play that began at `startedAt`, in epoch milliseconds of virtual time, on a stack that had forgotten the
 * one before. `seen` is as for `lookAtCalls`.
 */
export async function lookAtPlay(stack: LocalStack, seen: Set<Error>, startedAt: number): Promise<Course> {
  const { sandbox } = stack;
  const items = await stack.items();
  const [incident] = incidentsIn(items);
  const executions = sandbox.machines.executions();
  const runbook = runbookIn(executions);
  return {
    incident,
    timeline: incident ? timelineIn(items, incident.id) : [],
    runbook,
    executions: executions.filter(({ machineArn }) => !machineArn.endsWith(':handsoff-intake')),
    ...lookAtCalls(stack, seen),
    worldCalls: sandbox.world.calls(),
    groups: groupsIn(items),
    told: toldOn(stack),
    unfinished: unfinishedIn(stack),
    leases: itemsIn(items, 'LEASE#').map(({ pk }) => String(pk).slice('LEASE#'.length)),
    startedAt,
    endedAt: runbook?.stopDate ?? sandbox.clock.now(),
  };
}

/**
 * The calls since the stack forgot those before, and what went wrong since somebody looked: no stack forgets that, so
 * `seen` is what others were told of, and is added to.
 */
export function lookAtCalls(stack: LocalStack, seen: Set<Error>): CallsOfPlay {
  const { router } = stack.sandbox;
  const unseen = (errors: readonly Error[]) => errors.filter((error) => !seen.has(error) && seen.add(error));
  // What a scene breaks is no fault of the sandbox, whomever it reaches.
  const faults = unseen(stack.faults()).filter(({ cause }) => !router.isInjected(cause));
  return {
    calls: router.calls(),
    denied: unseen(router.denied()).map(({ message }) => message),
    // Whoever tries again meets the same once more.
    faults: [...new Set(faults.map(textOf))],
  };
}

/** Who writes a rehearsal meets a call that is not described most often, and its sentence says all. */
function textOf(fault: Error): string {
  return fault instanceof UndescribedCallError ? fault.message : `${fault.name}: ${fault.message}`;
}

function toldOn({ sandbox, slack }: LocalStack): Told[] {
  return [
    ...sandbox.topics.published().map(({ subject, message }) => ({ by: 'sns' as const, text: subject ?? message })),
    ...slack
      .messages()
      .flatMap(({ text, history }) =>
        [...history.map((before) => before.text), text].map((line) => ({ by: 'chat' as const, text: line })),
      ),
  ];
}

function groupsIn(items: readonly Record<string, unknown>[]): string[] {
  const names = itemsIn(items, 'SLOTS#').map(({ pk }) => String(pk).slice('SLOTS#'.length));
  return names.filter((name) => name !== automationSlots);
}

function unfinishedIn({ sandbox: { systems } }: LocalStack): string[] {
  return [
    ...systems
      .automationExecutions()
      .filter(({ status }) => !isEnded(status))
      .map(({ id, document }) => `the automation ${document.name} ${id}`),
    ...systems
      .commands()
      .filter(({ status }) => !isCommandEnded(status))
      .map(({ commandId, documentName }) => `the command ${documentName} ${commandId}`),
  ];
}

/** The execution of a runbook's machine among those of one play. */
export function runbookIn(executions: readonly ExecutionView[]): ExecutionView | undefined {
  return executions.find(({ machineArn }) => /:handsoff-runbook-[^:]+$/.test(machineArn));
}
