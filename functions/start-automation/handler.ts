import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Automation } from '../adapters/automation.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { TaskTokens } from '../adapters/task-tokens.ts';
import { WaitStore } from '../adapters/wait-store.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { startAutomation, type StartRequest } from './start.ts';

const ports = {
  automation: new Automation(new SSMClient({})),
  waits: new WaitStore(incidentTable()),
  tokens: new TaskTokens(new SFNClient({})),
};

/** Starts the automation that the guard permitted; called by `remediate` with a task token, ended by `complete-waits`. */
export const handler = observed(async (event: unknown, { now }) => {
  const fields = { incident_id: 'text', task_token: 'text', step: 'text', remediation: 'object' } as const;
  return startAutomation(taskInput<StartRequest>(event, fields), ports, now);
});
