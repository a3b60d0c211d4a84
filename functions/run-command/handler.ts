import { SSMClient } from '@aws-sdk/client-ssm';
import { clientOptions } from '../adapters/client-options.ts';
import { CommandRunner } from '../adapters/command-runner.ts';
import { readConfig } from '../adapters/config.ts';
import { environment } from '../adapters/environment.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { OwnDocuments } from '../adapters/own-documents.ts';
import { WaitStore } from '../adapters/wait-store.ts';
import { placeOf } from '../domain/certificate.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { runCommand, type RunRequest } from './run.ts';

const client = new SSMClient(clientOptions);
const ports = {
  commands: new CommandRunner(client),
  documents: new OwnDocuments(client, readConfig().documents, placeOf(environment('DOCUMENT_ARN_PREFIX'))),
  waits: new WaitStore(incidentTable()),
};

/** Starts a command that only looks; called by runbooks with a task token, ended by `complete-waits`. */
export const handler = observed(async (event: unknown, { now }) => {
  const request = taskInput<RunRequest>(event, {
    incident_id: 'text',
    task_token: 'text',
    document: 'text',
    instance_id: 'text',
    parameters: 'object',
    timeout_seconds: 'number',
  });
  return runCommand(request, ports, now);
});
