import { environment } from '../adapters/environment.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { TrackRecords } from '../adapters/track-records.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { closeIncident } from './close.ts';

const table = incidentTable();
const stores = {
  incidents: new IncidentStore(table),
  records: new TrackRecords(table),
  here: { account: environment('ACCOUNT_ID'), region: environment('AWS_REGION') },
};

/** Closes an incident; called by `respond`, last. */
export const handler = observed(async (event: unknown, { now }) => {
  const { incident_id } = taskInput<{ incident_id: string }>(event, { incident_id: 'text' });
  return closeIncident(incident_id, stores, now);
});
