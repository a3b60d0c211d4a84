import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { Alarms } from '../adapters/alarms.ts';
import { BreakerStore } from '../adapters/breaker-store.ts';
import { clientOptions } from '../adapters/client-options.ts';
import { readConfig } from '../adapters/config.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { RemediationStore } from '../adapters/remediation-store.ts';
import { RepairView } from '../adapters/repair-view.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { finishRemediation, type FinishRequest } from './finish.ts';

const table = incidentTable();
const stores = {
  repairs: new RepairView(table),
  incidents: new IncidentStore(table),
  remediations: new RemediationStore(table),
  breakers: new BreakerStore(table),
  alarms: new Alarms(new CloudWatchClient(clientOptions)),
  config: readConfig(),
};

/** Reports how a remediation ended and frees its target; called by `remediate`, last. */
export const handler = observed(async (event: unknown, { now, count }) => {
  const fields = { incident_id: 'text', runbook: 'text', target: 'text', ending: 'text', execution: 'text' } as const;
  const request = taskInput<FinishRequest>(event, { ...fields, breaker: 'number' });
  const answer = await finishRemediation(request, stores, now);
  count(`remediation-${answer.ending}`);
  return answer;
});
