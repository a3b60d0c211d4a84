import type { IncidentStore } from '../adapters/incident-store.ts';
import type { TaskTokens } from '../adapters/task-tokens.ts';
import type { WaitStore } from '../adapters/wait-store.ts';
import type { Approval } from '../domain/approval.ts';
import { requestApproval } from '../domain/approval-request.ts';
import type { PermittedRemediation } from '../domain/permitted-remediation.ts';
import { alreadyOver, type WaitKind, type WaitOutcome } from '../domain/waits.ts';

export interface AwaitRequest {
  readonly incident_id: string;
  readonly task_token: string;
  readonly kind: WaitKind;
  readonly timeout_seconds: number;
  /** With `approval`: what a person is asked to agree to. */
  readonly remediation?: PermittedRemediation;
}

export interface AwaitPorts {
  readonly incidents: IncidentStore;
  readonly waits: WaitStore;
  readonly tokens: TaskTokens;
}

/**
 * Stores a task token under its incident, and then looks whether what it waits for has already happened: whoever makes
 * it happen writes first and looks for tokens second, so that one of the two always sees the other.
 */
export async function awaitSignal(request: AwaitRequest, ports: AwaitPorts, now: Date): Promise<void> {
  const { incident_id, task_token: token, kind } = request;
  const since = mayComeBack(kind) ? (await ports.incidents.readIncident(incident_id))?.version : undefined;
  await ports.waits.store(kind, { token, incident_id, ...(since && { since }) }, request.timeout_seconds, now);
  const answer = kind === 'approval' ? await ask(request, ports, now) : undefined;
  const incident = await ports.incidents.readIncident(incident_id);
  const outcome = (incident && alreadyOver(kind, incident)) ?? answer;
  if (outcome) await ports.tokens.complete(token, outcome);
}

/** An alarm clears, fires again and gets worse more than once: only what comes from now on is an answer. */
function mayComeBack(kind: WaitKind): boolean {
  return kind === 'recovery' || kind === 'relapse' || kind === 'ack';
}

/** Answers what was answered already: a question that is asked again may have been heard the first time. */
async function ask(
  { incident_id, remediation }: AwaitRequest,
  { incidents }: AwaitPorts,
  now: Date,
): Promise<WaitOutcome | undefined> {
  if (!remediation) throw new Error(`The incident ${incident_id} waits for an approval of nothing.`);
  const { approval, change } = requestApproval(incident_id, remediation, now);
  await incidents.createApproval(approval);
  await incidents.record(incident_id, (current) => (current.status === 'resolved' ? undefined : change), now);
  return answerOf(await incidents.readApproval(approval.id));
}

/** The guard looks at the approval itself: this only says that there is no need to wait. */
function answerOf(approval: Approval | undefined): WaitOutcome | undefined {
  if (!approval || approval.status === 'pending') return undefined;
  if (approval.status === 'refused') return { error: 'ApprovalRefused', cause: 'The change was refused in chat.' };
  return { success: { by: approval.decided_by ?? 'handsoff', because: 'approved' } };
}
