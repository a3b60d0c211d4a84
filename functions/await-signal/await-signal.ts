import type { IncidentStore } from '../adapters/incident-store.ts';
import type { TaskTokens } from '../adapters/task-tokens.ts';
import type { WaitStore } from '../adapters/wait-store.ts';
import { requestApproval } from '../domain/approval-request.ts';
import type { PermittedRemediation } from '../domain/permitted-remediation.ts';
import { alreadyOver, type WaitKind } from '../domain/waits.ts';

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
  await ports.waits.store(kind, { token, incident_id }, request.timeout_seconds, now);
  if (kind === 'approval') await ask(request, ports, now);
  const incident = await ports.incidents.readIncident(incident_id);
  const outcome = incident && alreadyOver(kind, incident);
  if (outcome) await ports.tokens.complete(token, outcome);
}

async function ask({ incident_id, remediation }: AwaitRequest, { incidents }: AwaitPorts, now: Date): Promise<void> {
  if (!remediation) throw new Error(`The incident ${incident_id} waits for an approval of nothing.`);
  const { approval, change } = requestApproval(incident_id, remediation, now);
  await incidents.createApproval(approval);
  await incidents.record(incident_id, (current) => (current.status === 'resolved' ? undefined : change), now);
}
