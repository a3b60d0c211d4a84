import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { readConfig } from '../adapters/config.ts';
import { DeployedArtifacts } from '../adapters/deployed-artifacts.ts';
import { environment } from '../adapters/environment.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { ParameterReader } from '../adapters/parameter-reader.ts';
import { RemediationStore } from '../adapters/remediation-store.ts';
import { StormWatch } from '../adapters/storm-watch.ts';
import type { RemediationRequest } from '../domain/guard.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { guard } from './guard.ts';

const table = incidentTable();
const ssm = new SSMClient({});
const config = readConfig();
const stores = {
  incidents: new IncidentStore(table),
  remediations: new RemediationStore(table),
  parameters: new ParameterReader(ssm),
  deployed: new DeployedArtifacts(new SFNClient({}), ssm, environment('MACHINE_ARN_PREFIX')),
  config,
  storms: new StormWatch(table),
  stormLimit: config.triage.storm.new_per_minute,
};

/** Decides whether a change may be made; called by `remediate`. An error here refuses, because its state catches it so. */
export const handler = observed(async (event: unknown, { now, count }) => {
  const fields = { incident_id: 'text', runbook: 'text', target: 'text', parameters: 'object' } as const;
  const answer = await guard(taskInput<RemediationRequest>(event, fields), stores, now);
  count(`guard-${answer.decision}`);
  if (answer.decision === 'refuse') count(`refused-${answer.reason}`);
  return answer;
});
