import type { Automation } from '../adapters/automation.ts';
import type { CommandRunner } from '../adapters/command-runner.ts';
import type { TaskTokens, TokenOutcome } from '../adapters/task-tokens.ts';
import type { RemoteKind, WaitStore } from '../adapters/wait-store.ts';
import type { TimelineEntry } from '../domain/incident.ts';
import { waitsEndedBy } from '../domain/waits.ts';

export interface CompletePorts {
  readonly waits: WaitStore;
  readonly tokens: TaskTokens;
  readonly automation: Automation;
  readonly commands: CommandRunner;
}

/** Ends every wait that a new line of an incident's timeline is the answer to. */
export async function completeByEntry(
  incidentId: string,
  entry: TimelineEntry,
  { waits, tokens }: CompletePorts,
): Promise<void> {
  const ended = waitsEndedBy(entry);
  const found = await waits.findAll(
    incidentId,
    ended.map(({ kind }) => kind),
  );
  for (const [index, { kind, outcome }] of ended.entries()) {
    const wait = found[index];
    // A line that comes late or again says nothing of what has been waited for since.
    if (!wait || entry.seq <= (wait.since ?? 0)) continue;
    await tokens.complete(wait.token, outcome);
    await waits.remove(incidentId, kind, wait.token);
  }
}

/** Ends the wait on an automation or a command that SSM says has ended. One that is not ours has no wait, and is left alone. */
export async function completeByRemote(
  kind: RemoteKind,
  executionId: string,
  instanceId: string | undefined,
  ports: CompletePorts,
): Promise<void> {
  const wait = await ports.waits.findRemote(kind, executionId);
  if (!wait) return;
  const outcome =
    kind === 'AUTOMATION'
      ? await automationOutcome(executionId, ports)
      : await commandOutcome(executionId, instanceId, ports);
  if (!outcome) return;
  await ports.tokens.complete(wait.token, outcome);
  await ports.waits.removeRemote(kind, executionId);
}

/** SSM is asked rather than its event believed: the event does not say why, and anybody's copy of it may be old. */
async function automationOutcome(
  execution_id: string,
  { automation }: CompletePorts,
): Promise<TokenOutcome | undefined> {
  const { state, status, message, outputs } = await automation.look(execution_id);
  if (state === 'going') return undefined;
  if (state === 'succeeded') return { success: { execution_id, status, ...(outputs && { outputs }) } };
  return {
    error: 'AutomationFailedError',
    cause: `The automation ${execution_id} ended ${status}${message ? `: ${message}` : ''}`,
  };
}

async function commandOutcome(
  command_id: string,
  instanceId: string | undefined,
  { commands }: CompletePorts,
): Promise<TokenOutcome | undefined> {
  if (!instanceId) return undefined;
  const result = await commands.look(command_id, instanceId);
  return result && { success: { command_id, ...result } };
}
