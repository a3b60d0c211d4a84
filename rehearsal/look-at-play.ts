import { automationSlots } from '../functions/adapters/slot-store.ts';
import { isEnded } from '../sandbox/ssm/automation-execution.ts';
import { isCommandEnded } from '../sandbox/ssm/command.ts';
import type { ExecutionView } from '../sandbox/states/step-functions.ts';
import { incidentsIn, itemsIn, type LocalStack, timelineIn } from './local-stack.ts';
import type { Noted, Played, Told } from './scene.ts';

/** How much there was before a play of what a stack does not forget. */
export interface Marks {
  readonly denied: number;
  readonly faults: number;
}

/** What a play leaves behind on its stack. */
type Course = Omit<Played, 'elapsedMs' | 'steps' | keyof Noted>;

/** Takes note of what there is already, so that a play is not taken for the ones before it. */
export function takeMarks({ sandbox }: LocalStack): Marks {
  return {
    denied: sandbox.router.denied().length,
    faults: sandbox.faults().length - sandbox.world.undescribed().length,
  };
}

/**
 * What came of a play that began at `startedAt`, in epoch milliseconds of virtual time, on a stack that had forgotten the
 * one before.
 */
export async function lookAtPlay(stack: LocalStack, marks: Marks, startedAt: number): Promise<Course> {
  const { sandbox } = stack;
  const items = await stack.items();
  const [incident] = incidentsIn(items);
  const executions = sandbox.machines.executions();
  const runbook = runbookIn(executions);
  const undescribed = sandbox.world.undescribed();
  // Whoever got no answer to such a call over HTTP says the same once more.
  const ownFaults = sandbox
    .faults()
    .slice(undescribed.length + marks.faults)
    .filter((fault) => !undescribed.some((call) => fault === `UndescribedCallError: ${call}`));
  return {
    incident,
    timeline: incident ? timelineIn(items, incident.id) : [],
    runbook,
    executions: executions.filter(({ machineArn }) => !machineArn.endsWith(':handsoff-intake')),
    calls: sandbox.router.calls(),
    worldCalls: sandbox.world.calls(),
    groups: groupsIn(items),
    told: toldOn(stack),
    unfinished: unfinishedIn(stack),
    leases: itemsIn(items, 'LEASE#').map(({ pk }) => String(pk).slice('LEASE#'.length)),
    denied: sandbox.router
      .denied()
      .slice(marks.denied)
      .map(({ message }) => message),
    faults: [...undescribed, ...ownFaults],
    startedAt,
    endedAt: runbook?.stopDate ?? sandbox.clock.now(),
  };
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
