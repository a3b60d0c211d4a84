import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientOptions } from '../adapters/client-options.ts';
import { environment } from '../adapters/environment.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { ReplayLog } from '../adapters/replay-log.ts';
import { Slack } from '../adapters/slack.ts';
import { SlackSecretReader } from '../adapters/slack-secret.ts';
import { observed } from '../middleware/observed.ts';
import { receiveInteraction } from './receive-interaction.ts';

const secrets = new SlackSecretReader(new SecretsManagerClient(clientOptions), process.env['SLACK_SECRET_ARN'] ?? '');
const ports = {
  secrets,
  replays: new ReplayLog(new DynamoDBClient(clientOptions), environment('INCIDENT_TABLE')),
  incidents: new IncidentStore(incidentTable()),
  slack: new Slack(secrets, process.env['SLACK_API_URL'] ?? 'https://slack.com/api/'),
};

/** Takes clicks on the buttons of a chat message; called by `POST /slack/interactions`. */
export const handler = observed(async (event: unknown, { logger, now, count }) =>
  receiveInteraction(event, ports, { logger, count }, now),
);
