import { type Automation, AutomationFailedError, AutomationUncertainError } from '../adapters/automation.ts';
import type { WaitStore } from '../adapters/wait-store.ts';
import type { AutomationStep } from '../domain/waits.ts';

/** The automation did not end in its time, and was cancelled. */
export class AutomationTimedOutError extends Error {
  override readonly name = 'AutomationTimedOutError' as const;

  constructor(executionId: string) {
    super(`The automation ${executionId} did not end in its time and was cancelled.`);
  }
}

/** The automation did not end in its time, and SSM is still cancelling it: asked again by the state machine. */
export class AutomationStoppingError extends Error {
  override readonly name = 'AutomationStoppingError' as const;

  constructor(executionId: string) {
    super(`The automation ${executionId} did not end in its time, and SSM has not finished cancelling it.`);
  }
}

/** SSM never started it. */
export class AutomationNeverStartedError extends Error {
  override readonly name = 'AutomationNeverStartedError' as const;

  constructor(incidentId: string, step: AutomationStep) {
    super(`No automation to ${step} is known for the incident ${incidentId}.`);
  }
}

/**
 * The one slow safety check behind SSM's status events, which are best effort: after the runbook's own time limit,
 * or when starting it went wrong, asks SSM itself. An automation that still runs then is cancelled, and has ended only
 * when SSM says so: until then it may still change something.
 */
export async function checkAutomation(
  incidentId: string,
  step: AutomationStep,
  { automation, waits }: { readonly automation: Automation; readonly waits: WaitStore },
): Promise<{ execution_id: string; status: string; outputs?: string }> {
  const wait = await waits.find(incidentId, `automation-${step}`);
  if (!wait) throw new AutomationNeverStartedError(incidentId, step);
  const executionId = wait.execution_id;
  if (!executionId) throw new AutomationUncertainError(incidentId, step);
  let state = await automation.look(executionId);
  if (state.state === 'going') {
    if (state.status !== 'Cancelling') await automation.cancel(executionId);
    state = await automation.look(executionId);
  }
  const { status, outputs } = state;
  if (state.state === 'succeeded') return { execution_id: executionId, status, ...(outputs && { outputs }) };
  if (state.state === 'going') throw new AutomationStoppingError(executionId);
  if (status === 'Cancelled') throw new AutomationTimedOutError(executionId);
  throw new AutomationFailedError(executionId, state);
}
