import { join } from 'node:path';
import { demonstrate, transitionsByMachine } from '../cli/demonstration.ts';
import { LocalStack } from '../rehearsal/local-stack.ts';
import { projectRoot } from '../cli/project-root.ts';
import { readRehearsal } from '../rehearsal/rehearsal-file.ts';
import { synthesise } from '../infra/synthesise.ts';
import { printTable } from './table.ts';

/** An acted incident may cost this many Standard transitions, a duplicate none. */
export const budget = 14;

const runbooks = join(projectRoot, 'statemachines/runbooks');
const acted = 'ec2-status-check-failed/rehearsals/restart-recovers.yaml';
const approved = 'disk-space-low/rehearsals/compress-recovers.yaml';

/** Standard transitions of whole incidents, by state machine, and of a duplicate of the same event. */
export async function transitions(): Promise<void> {
  const assembly = await synthesise({ projectRoot, outdir: join(projectRoot, '.build/bench-assembly') });
  const rows = [await playActed(assembly), await playDuplicate(assembly), await playApproved(assembly)];
  printTable(['what', 'respond', 'runbook', 'remediate', 'in all'], rows.map(rowOf));
  console.log(
    `\nBudget of an acted incident: ${budget}. EXPRESS executions of intake are billed by time, not by transition.`,
  );
}

type Row = readonly [what: string, counts: Readonly<Record<string, number>>];

async function playActed(assembly: string): Promise<Row> {
  const { stack, rehearsal } = await open(assembly, acted);
  const { transitions: counts, outcome } = await demonstrate(stack, rehearsal, () => undefined);
  await stack.close();
  return [`repaired at once (${outcome})`, counts];
}

async function playDuplicate(assembly: string): Promise<Row> {
  const { stack, rehearsal } = await open(assembly, acted);
  await demonstrate(stack, rehearsal, () => undefined);
  const before = stack.sandbox.machines.executions().length;
  stack.sandbox.deliver(rehearsal.event);
  await stack.sandbox.run();
  const counts = transitionsByMachine(stack.sandbox.machines.executions().slice(before));
  await stack.close();
  return ['the same event once more', counts];
}

async function playApproved(assembly: string): Promise<Row> {
  const { stack, rehearsal } = await open(assembly, approved);
  stack.sandbox.deliver(rehearsal.event);
  let approval: { readonly id: string; readonly approvers: readonly string[] } | undefined;
  stack.onEntry((entry) => {
    approval ??= entry.approval;
  });
  await stack.sandbox.run(() => approval !== undefined);
  await stack.click('approve', approval?.id ?? '', approval?.approvers[0] ?? '');
  await stack.sandbox.run();
  const counts = transitionsByMachine(stack.sandbox.machines.executions());
  await stack.close();
  return ['repaired after approval', counts];
}

async function open(assembly: string, file: string) {
  const rehearsal = readRehearsal(join(runbooks, file));
  const startAt = new Date(String(rehearsal.event['time']));
  const stack = await LocalStack.start({
    assembly,
    world: rehearsal.world,
    startAt,
  });
  return { stack, rehearsal };
}

function rowOf([what, counts]: Row): (string | number)[] {
  const runbook = Object.entries(counts).find(([name]) => name.startsWith('runbook-'))?.[1] ?? 0;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [what, counts['respond'] ?? 0, runbook, counts['remediate'] ?? 0, total];
}
