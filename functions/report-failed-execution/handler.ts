import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { observed } from '../middleware/observed.ts';
import { reportFailedExecution } from './report.ts';

const incidents = new IncidentStore(incidentTable());

/** Sets an incident right whose execution ended badly; called by the rule that also tells people of it. */
export const handler = observed(async (event: unknown, { now }) => reportFailedExecution(event, incidents, now));
