import { AlertStore } from '../adapters/alert-store.ts';
import { readConfig } from '../adapters/config.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { observed } from '../middleware/observed.ts';
import { triageEvent } from './triage-event.ts';

const config = readConfig();
const table = incidentTable();
const alerts = new AlertStore(table, new IncidentStore(table));

/** Decides what becomes of one event; called by `intake`. */
export const handler = observed(async (event: unknown, { now, count }) => {
  const answer = await triageEvent(event, alerts, config, now);
  count(`triage-${answer.decision}`);
  return answer;
});
