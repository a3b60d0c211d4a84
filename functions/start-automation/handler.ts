import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Alarms } from '../adapters/alarms.ts';
import { Automation } from '../adapters/automation.ts';
import { clientOptions } from '../adapters/client-options.ts';
import { readConfig } from '../adapters/config.ts';
import { environment } from '../adapters/environment.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { OwnDocuments } from '../adapters/own-documents.ts';
import { ParameterReader } from '../adapters/parameter-reader.ts';
import { RepairView } from '../adapters/repair-view.ts';
import { TaskTokens } from '../adapters/task-tokens.ts';
import { WaitStore } from '../adapters/wait-store.ts';
import { placeOf } from '../domain/certificate.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { startAutomation, type StartRequest } from './start.ts';

const table = incidentTable();
const client = new SSMClient(clientOptions);
const config = readConfig();
const ports = {
  // One try at a time: a refusal of a second would not say what became of the first. The state machine retries.
  automation: new Automation(new SSMClient({ ...clientOptions, maxAttempts: 1 })),
  repairs: new RepairView(table),
  waits: new WaitStore(table),
  tokens: new TaskTokens(new SFNClient(clientOptions)),
  parameters: new ParameterReader(client),
  documents: new OwnDocuments(client, config.documents, placeOf(environment('DOCUMENT_ARN_PREFIX'))),
  alarms: new Alarms(new CloudWatchClient(clientOptions)),
  config,
};

/** Starts the automation that the guard permitted; called by `remediate` with a task token, ended by `complete-waits`. */
export const handler = observed(async (event: unknown, { now }) => {
  const fields = { incident_id: 'text', task_token: 'text', step: 'text', remediation: 'object' } as const;
  return startAutomation(taskInput<StartRequest>(event, fields), ports, now);
});
