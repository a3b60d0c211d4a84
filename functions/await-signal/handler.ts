import { SFNClient } from '@aws-sdk/client-sfn';
import { clientOptions } from '../adapters/client-options.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { TaskTokens } from '../adapters/task-tokens.ts';
import { WaitStore } from '../adapters/wait-store.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { type AwaitRequest, awaitSignal } from './await-signal.ts';

const table = incidentTable();
const ports = {
  incidents: new IncidentStore(table),
  waits: new WaitStore(table),
  tokens: new TaskTokens(new SFNClient(clientOptions)),
};

/** Stores a task token until its signal comes; called by `respond` and `remediate`. */
export const handler = observed(async (event: unknown, { now }) => {
  const fields = { incident_id: 'text', task_token: 'text', kind: 'text', timeout_seconds: 'number' } as const;
  await awaitSignal(taskInput<AwaitRequest>(event, fields), ports, now);
});
