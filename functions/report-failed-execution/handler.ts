import { SSMClient } from '@aws-sdk/client-ssm';
import { Automation } from '../adapters/automation.ts';
import { clientOptions } from '../adapters/client-options.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { WaitStore } from '../adapters/wait-store.ts';
import { observed } from '../middleware/observed.ts';
import { reportFailedExecution } from './report.ts';

const table = incidentTable();
const ports = {
  incidents: new IncidentStore(table),
  waits: new WaitStore(table),
  automation: new Automation(new SSMClient(clientOptions)),
};

/** Stops what an execution that ended badly had begun, and sets its incident right; called by the rule that also tells people of it. */
export const handler = observed(async (event: unknown, { now }) => reportFailedExecution(event, ports, now));
