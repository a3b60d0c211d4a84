import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientOptions } from '../adapters/client-options.ts';
import { readConfig } from '../adapters/config.ts';
import { environment } from '../adapters/environment.ts';
import { reachOf } from '../adapters/outbound-address.ts';
import { Rundeck } from '../adapters/rundeck.ts';
import { RundeckTokenReader } from '../adapters/rundeck-token.ts';
import { observed } from '../middleware/observed.ts';
import { callRundeck } from './call.ts';
import { readRequest } from './read-request.ts';

const config = readConfig().rundeck ?? { api_version: 18, jobs: [] };
const rundeck = new Rundeck(
  new RundeckTokenReader(new SecretsManagerClient(clientOptions), environment('RUNDECK_SECRET')),
  {
    url: environment('RUNDECK_URL'),
    apiVersion: config.api_version,
    reach: reachOf(environment('RUNDECK_REACH')),
  },
);

/** Runs, follows and aborts jobs of Rundeck for automations. */
export const handler = observed(async (event: unknown) => callRundeck(readRequest(event), { rundeck, config }));
