import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { callPerson, type CallRequest } from './call.ts';

const incidents = new IncidentStore(incidentTable());

/** Calls a person to an incident; called by `respond` and by runbooks. */
export const handler = observed(async (event: unknown, { now, count }) => {
  const fields = { incident_id: 'text', kind: 'text', key: 'text', by: 'text', text: 'text' } as const;
  const request = taskInput<CallRequest>(event, fields);
  const { called, ...answer } = await callPerson(request, incidents, now);
  if (called) count(`call-${request.kind}`);
  return answer;
});
