import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Automation } from '../adapters/automation.ts';
import { clientOptions } from '../adapters/client-options.ts';
import { CommandRunner } from '../adapters/command-runner.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { bringsSelfTest } from '../adapters/table-stream.ts';
import { TaskTokens } from '../adapters/task-tokens.ts';
import { WaitStore } from '../adapters/wait-store.ts';
import { selfTestSeenBy } from '../domain/self-test.ts';
import { observed } from '../middleware/observed.ts';
import { completeWaits } from './complete-event.ts';

const ssm = new SSMClient(clientOptions);
const ports = {
  waits: new WaitStore(incidentTable()),
  tokens: new TaskTokens(new SFNClient(clientOptions)),
  automation: new Automation(ssm),
  commands: new CommandRunner(ssm),
};

/** Ends the waits that a signal is the answer to; called by the table's stream and by SSM's status events. */
export const handler = observed(async (event: unknown, { logger, count }) => {
  if (bringsSelfTest(event)) count(selfTestSeenBy('complete-waits'));
  return completeWaits(event, ports, logger);
});
