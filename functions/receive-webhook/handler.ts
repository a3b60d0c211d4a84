import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientOptions } from '../adapters/client-options.ts';
import { readConfig } from '../adapters/config.ts';
import { environment } from '../adapters/environment.ts';
import { EventBus } from '../adapters/event-bus.ts';
import { allFormats } from '../adapters/intake/formats/all-formats.ts';
import { IntegrationSecrets } from '../adapters/integration-secrets.ts';
import { integrationsOf } from '../domain/integrations.ts';
import { ReplayLog } from '../adapters/replay-log.ts';
import { observed } from '../middleware/observed.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { SnsCertificates } from './sns-certificates.ts';
import { getFromSns } from './sns-http.ts';

const ports = {
  integrations: integrationsOf(readConfig()),
  formats: new Map(allFormats.map((format) => [format.name, format])),
  secrets: new IntegrationSecrets(new SecretsManagerClient(clientOptions)),
  certificates: new SnsCertificates(getFromSns),
  taken: new ReplayLog(new DynamoDBClient(clientOptions), environment('INCIDENT_TABLE')),
  bus: new EventBus(new EventBridgeClient(clientOptions), environment('EVENT_BUS_NAME')),
  getFromSns,
  newId: randomUUID,
};

/** Takes alerts that tools send over HTTP; called by `ANY /v2/enqueue`, `/v2/change/enqueue` and `/integrations/{id}`. */
export const handler = observed(async (event: unknown, { logger, now, count }) =>
  receiveWebhook(event, ports, { logger, count }, now),
);
