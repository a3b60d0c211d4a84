import { automationSlots } from '../functions/adapters/slot-store.ts';
import { isEnded } from '../sandbox/ssm/automation-execution.ts';
import { isCommandEnded } from '../sandbox/ssm/command.ts';
import type { ExecutionView } from '../sandbox/states/step-functions.ts';
import { incidentsIn, itemsIn, type LocalStack, timelineIn } from './local-stack.ts';
import type { Played, Told } from './scene.ts';

/** How much there was of everything before a play. */
export interface Marks {
  readonly executions: number;
  readonly calls: number;
  readonly denied: number;
  readonly faults: number;
  readonly published: number;
  readonly messages: number;
}

/** What a play leaves behind on its stack. */
type Course = Omit<Played, 'elapsedMs' | 'steps' | 'asked' | 'guarded'>;

/** Takes note of what there is already, so that a play is not taken for the ones before it. */
export function takeMarks({ sandbox, slack }: LocalStack): Marks {
  return {
    executions: sandbox.machines.executions().length,
    calls: sandbox.router.calls().length,
    denied: sandbox.router.denied().length,
    faults: sandbox.faults().length - sandbox.world.undescribed().length,
    published: sandbox.topics.published().length,
    messages: slack.messages().length,
  };
}

/** What came of a play that began at `startedAt`, in epoch milliseconds of virtual time. */
export async function lookAtPlay(stack: LocalStack, marks: Marks, startedAt: number): Promise<Course> {
  const { sandbox } = stack;
  const items = await stack.items();
  const [incident] = incidentsIn(items);
  const executions = sandbox.machines.executions().slice(marks.executions);
  const runbook = runbookIn(executions);
  const ownFaults = sandbox.faults().slice(sandbox.world.undescribed().length + marks.faults);
  return {
    incident,
    timeline: incident ? timelineIn(items, incident.id) : [],
    runbook,
    executions: executions.filter(({ machineArn }) => !machineArn.endsWith(':handsoff-intake')),
    calls: sandbox.router.calls().slice(marks.calls),
    worldCalls: sandbox.world.calls(),
    groups: groupsIn(items),
    told: toldSince(stack, marks),
    unfinished: unfinishedIn(stack),
    leases: itemsIn(items, 'LEASE#').map(({ pk }) => String(pk).slice('LEASE#'.length)),
    denied: sandbox.router
      .denied()
      .slice(marks.denied)
      .map(({ message }) => message),
    faults: [...sandbox.world.undescribed(), ...ownFaults],
    startedAt,
    endedAt: runbook?.stopDate ?? sandbox.clock.now(),
  };
}

function toldSince({ sandbox, slack }: LocalStack, marks: Marks): Told[] {
  const published = sandbox.topics.published().slice(marks.published);
  const messages = slack.messages().slice(marks.messages);
  return [
    ...published.map(({ subject, message }) => ({ by: 'sns' as const, text: subject ?? message })),
    ...messages.flatMap(({ text, history }) =>
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
