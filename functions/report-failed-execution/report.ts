import type { Automation } from '../adapters/automation.ts';
import { type IncidentStore, UnknownIncidentError } from '../adapters/incident-store.ts';
import { isRecord, readOptional } from '../domain/fields.ts';
import type { WaitStore } from '../adapters/wait-store.ts';
import {
  type FailedExecution,
  failedExecutionCall,
  failedExecutionChange,
  isRemediate,
} from '../domain/failed-execution.ts';
import type { AutomationStep } from '../domain/waits.ts';

export interface ReportPorts {
  readonly incidents: Pick<IncidentStore, 'record'>;
  readonly waits: Pick<WaitStore, 'find'>;
  readonly automation: Pick<Automation, 'look' | 'cancel'>;
}

/**
 * Takes a status event of Step Functions about one of our executions that ended badly: stops the automation that
 * nobody watches any more, sets the incident right, which the execution can no longer do, and calls a person to what
 * may have been left behind. Executions are named by their incident.
 */
export async function reportFailedExecution(
  event: unknown,
  ports: ReportPorts,
  now: Date,
): Promise<{ incident_id: string; outcome: string }> {
  const detail = isRecord(event) ? event['detail'] : undefined;
  const incident_id = readOptional(detail, 'name');
  const status = readOptional(detail, 'status');
  const machine = readOptional(detail, 'stateMachineArn')?.split(':').at(-1);
  if (!incident_id || !status || !machine)
    throw new Error('This is no status event of an execution; check the rule that sent it.');
  const automations = isRemediate(machine) ? await stopAutomations(incident_id, ports) : [];
  return { incident_id, outcome: await record(incident_id, { machine, status, automations }, ports, now) };
}

async function record(
  incidentId: string,
  failed: FailedExecution,
  { incidents }: ReportPorts,
  now: Date,
): Promise<string> {
  try {
    const outcome = await incidents.record(incidentId, (current) => failedExecutionChange(current, failed), now);
    await incidents.record(incidentId, (current) => failedExecutionCall(current, failed), now);
    return outcome;
  } catch (error) {
    // Somebody started one of our machines by hand, under another name: there is no incident to set right.
    if (error instanceof UnknownIncidentError) return 'unknown';
    throw error;
  }
}

async function stopAutomations(incidentId: string, ports: ReportPorts): Promise<string[]> {
  const sentences = await Promise.all(
    (['repair', 'undo'] as const).map(async (step) => stopAutomation(incidentId, step, ports)),
  );
  return sentences.filter((sentence) => sentence !== '');
}

async function stopAutomation(
  incidentId: string,
  step: AutomationStep,
  { waits, automation }: ReportPorts,
): Promise<string> {
  const wait = await waits.find(incidentId, `automation-${step}`);
  if (!wait) return '';
  const id = wait.execution_id;
  if (!id) return `An automation to ${step} may have been started: look in Systems Manager.`;
  try {
    const { state, status } = await automation.look(id);
    if (state !== 'going') return `Its automation to ${step}, ${id}, had ended ${status}.`;
    await automation.cancel(id);
    return `Its automation to ${step}, ${id}, was still at work and was stopped half way.`;
  } catch (error) {
    // A person has to hear of it all the more.
    return `Its automation to ${step}, ${id}, could not be stopped and may be at work: ${String(error)}`;
  }
}
