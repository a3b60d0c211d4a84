import { isRecord, readOptional } from '../adapters/intake/fields.ts';
import { type IncidentStore, UnknownIncidentError } from '../adapters/incident-store.ts';
import { failedExecutionChange } from '../domain/failed-execution.ts';

/**
 * Takes a status event of Step Functions about one of our executions that ended badly. People were told of it directly;
 * this sets the incident right, which the execution can no longer do. Executions are named by their incident.
 */
export async function reportFailedExecution(
  event: unknown,
  incidents: IncidentStore,
  now: Date,
): Promise<{ incident_id: string; outcome: string }> {
  const detail = isRecord(event) ? event['detail'] : undefined;
  const incident_id = readOptional(detail, 'name');
  const status = readOptional(detail, 'status');
  const machine = readOptional(detail, 'stateMachineArn')?.split(':').at(-1);
  if (!incident_id || !status || !machine)
    throw new Error('This is no status event of an execution; check the rule that sent it.');
  try {
    const outcome = await incidents.record(
      incident_id,
      (current) => failedExecutionChange(current, machine, status, now),
      now,
    );
    return { incident_id, outcome };
  } catch (error) {
    // Somebody started one of our machines by hand, under another name: there is no incident to set right.
    if (error instanceof UnknownIncidentError) return { incident_id, outcome: 'unknown' };
    throw error;
  }
}
