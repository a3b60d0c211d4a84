import { type Automation, AutomationFailedError } from '../adapters/automation.ts';
import type { TaskTokens } from '../adapters/task-tokens.ts';
import type { WaitStore } from '../adapters/wait-store.ts';
import { clientTokenOf } from '../domain/identity.ts';
import type { PermittedRemediation } from '../domain/permitted-remediation.ts';
import type { AutomationStep } from '../domain/waits.ts';

export interface StartRequest {
  readonly incident_id: string;
  readonly task_token: string;
  /** `repair` starts the document, `undo` the document that takes it back. */
  readonly step: AutomationStep;
  readonly remediation: PermittedRemediation;
}

export interface StartPorts {
  readonly automation: Automation;
  readonly waits: WaitStore;
  readonly tokens: TaskTokens;
}

/**
 * Starts the automation and leaves the task token where its status event will find it. An automation that ended before
 * the token was stored is noticed here, because its event has been and gone.
 */
export async function startAutomation(
  request: StartRequest,
  ports: StartPorts,
  now: Date,
): Promise<{ execution_id: string }> {
  const { incident_id, task_token: token, step, remediation } = request;
  const document = step === 'repair' ? remediation.document : remediation.undo;
  if (!document) throw new Error(`The runbook ${remediation.runbook} has no document to ${step} with.`);
  const execution_id = await ports.automation.start(
    document,
    remediation.parameters,
    clientTokenOf([incident_id, step]),
  );
  const wait = { token, incident_id, execution_id };
  await ports.waits.store(`automation-${step}`, wait, remediation.timeout_seconds, now);
  await ports.waits.storeRemote('AUTOMATION', wait, remediation.timeout_seconds, now);
  const state = await ports.automation.look(execution_id);
  if (state.state === 'failed') throw new AutomationFailedError(execution_id, state);
  if (state.state === 'succeeded')
    await ports.tokens.complete(token, { success: { execution_id, status: state.status } });
  return { execution_id };
}
