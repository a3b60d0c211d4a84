import { SQSClient } from '@aws-sdk/client-sqs';
import { AlertStore } from '../adapters/alert-store.ts';
import { ChangeStore } from '../adapters/change-store.ts';
import { clientOptions } from '../adapters/client-options.ts';
import { readConfig } from '../adapters/config.ts';
import { environment } from '../adapters/environment.ts';
import { HoldQueue } from '../adapters/hold-queue.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { StormWatch } from '../adapters/storm-watch.ts';
import { selfTest } from '../domain/self-test.ts';
import { observed } from '../middleware/observed.ts';
import { triageEvent } from './triage-event.ts';

const config = readConfig();
const table = incidentTable();
const incidents = new IncidentStore(table);
const ports = {
  incidents,
  alerts: new AlertStore(table, incidents),
  storms: new StormWatch(table),
  holds: new HoldQueue(
    new SQSClient({ ...clientOptions, useQueueUrlAsEndpoint: false }),
    environment('HOLD_QUEUE_URL'),
  ),
  changes: new ChangeStore(table),
  here: { account: environment('ACCOUNT_ID'), region: environment('AWS_REGION') },
};

/** Decides what becomes of one event; called by `intake`. */
export const handler = observed(async (event: unknown, { now, count }) => {
  const { decision, answer } = await triageEvent(event, ports, config, now);
  count(`triage-${decision}`);
  if ('reason' in answer && answer.reason === selfTest.reason) count(selfTest.reason);
  return answer;
});
