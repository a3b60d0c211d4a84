import { SSMClient } from '@aws-sdk/client-ssm';
import { Automation } from '../adapters/automation.ts';
import { clientOptions } from '../adapters/client-options.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { WaitStore } from '../adapters/wait-store.ts';
import type { AutomationStep } from '../domain/waits.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { checkAutomation } from './check.ts';

const ports = { automation: new Automation(new SSMClient(clientOptions)), waits: new WaitStore(incidentTable()) };

/** Asks SSM once how an automation stands whose status event never came; called by `remediate`. */
export const handler = observed(async (event: unknown) => {
  const { incident_id, step } = taskInput<{ incident_id: string; step: AutomationStep }>(event, {
    incident_id: 'text',
    step: 'text',
  });
  return checkAutomation(incident_id, step, ports);
});
