import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions } from '../adapters/client-options.ts';
import { environment } from '../adapters/environment.ts';
import { EventBus } from '../adapters/event-bus.ts';
import { HoldQueue } from '../adapters/hold-queue.ts';
import { observed } from '../middleware/observed.ts';
import { releaseAlerts } from './release-alert.ts';

const ports = {
  bus: new EventBus(new EventBridgeClient(clientOptions), environment('EVENT_BUS_NAME')),
  holds: new HoldQueue(
    new SQSClient({ ...clientOptions, useQueueUrlAsEndpoint: false }),
    environment('HOLD_QUEUE_URL'),
  ),
};

/** Sends alerts back to `intake` whose time of waiting is over; called by the queue that they wait in. */
export const handler = observed(async (event: unknown, { logger, now, count }) =>
  releaseAlerts(event, ports, { logger, count }, now),
);
