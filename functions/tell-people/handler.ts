import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { clientOptions } from '../adapters/client-options.ts';
import { readConfig } from '../adapters/config.ts';
import { DeliveryLog } from '../adapters/delivery-log.ts';
import { environment } from '../adapters/environment.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { Slack } from '../adapters/slack.ts';
import { SlackSecretReader } from '../adapters/slack-secret.ts';
import { SnsPublisher } from '../adapters/sns.ts';
import { bringsSelfTest } from '../adapters/table-stream.ts';
import { selfTestSeenBy } from '../domain/self-test.ts';
import { observed } from '../middleware/observed.ts';
import type { HowOf } from './channel.ts';
import { slackChannel } from './slack-channel.ts';
import { snsChannel } from './sns-channel.ts';
import { tellPeople } from './tell-people.ts';

const deliveries = new DeliveryLog(new DynamoDBClient(clientOptions), environment('INCIDENT_TABLE'));
const topics = { high: environment('HIGH_URGENCY_TOPIC_ARN'), low: environment('LOW_URGENCY_TOPIC_ARN') };
const publisher = new SnsPublisher(
  new SNSClient({ ...clientOptions, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } }),
  topics,
);
const secrets = new SlackSecretReader(new SecretsManagerClient(clientOptions), process.env['SLACK_SECRET_ARN'] ?? '');
const slack = new Slack(secrets, process.env['SLACK_API_URL'] ?? 'https://slack.com/api/');
const config = readConfig();
const howOf: HowOf = ({ runbook }) => config.routes.find(({ id }) => id === runbook)?.how ?? [];
const ports = {
  incidents: new IncidentStore(incidentTable()),
  channels: [snsChannel({ deliveries, publisher, howOf }), slackChannel({ deliveries, slack, howOf, config })],
};

/** Tells people of every new line of an incident's timeline; called by the table's stream. */
export const handler = observed(async (event: unknown, { logger, now, count }) => {
  if (bringsSelfTest(event)) count(selfTestSeenBy('tell-people'));
  return tellPeople(event, ports, { logger, count }, now);
});
