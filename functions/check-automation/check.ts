import { type Automation, AutomationFailedError } from '../adapters/automation.ts';
import type { WaitStore } from '../adapters/wait-store.ts';

/** The automation did not end in its time, and was cancelled. */
export class AutomationTimedOutError extends Error {
  override readonly name = 'AutomationTimedOutError' as const;

  constructor(executionId: string) {
    super(`The automation ${executionId} did not end in its time and was cancelled.`);
  }
}

/**
 * The one slow safety check behind SSM's status events, which are best effort: after the runbook's own time limit,
 * asks SSM itself. An automation that still runs then is cancelled.
 */
export async function checkAutomation(
  incidentId: string,
  { automation, waits }: { readonly automation: Automation; readonly waits: WaitStore },
): Promise<{ execution_id: string; status: string }> {
  const executionId = (await waits.find(incidentId, 'automation'))?.execution_id;
  if (!executionId) throw new Error(`No automation is known for the incident ${incidentId}.`);
  const state = await automation.look(executionId);
  if (state.state === 'failed') throw new AutomationFailedError(executionId, state);
  if (state.state === 'succeeded') return { execution_id: executionId, status: state.status };
  await automation.cancel(executionId);
  throw new AutomationTimedOutError(executionId);
}
