import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ChangeCalendars } from '../adapters/change-calendars.ts';
import { clientOptions } from '../adapters/client-options.ts';
import { readConfig } from '../adapters/config.ts';
import { DeployedArtifacts } from '../adapters/deployed-artifacts.ts';
import { environment } from '../adapters/environment.ts';
import { GuardView } from '../adapters/guard-view.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { ParameterReader } from '../adapters/parameter-reader.ts';
import { RemediationStore } from '../adapters/remediation-store.ts';
import { RepairGroups } from '../adapters/repair-groups.ts';
import { SlackSecretReader } from '../adapters/slack-secret.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { guard, GuardBusyError, type GuardRequest } from './guard.ts';

const table = incidentTable();
const ssm = new SSMClient(clientOptions);
const config = readConfig();
const stores = {
  view: new GuardView(table),
  incidents: new IncidentStore(table),
  remediations: new RemediationStore(table),
  parameters: new ParameterReader(ssm),
  deployed: new DeployedArtifacts(new SFNClient(clientOptions), ssm, environment('MACHINE_ARN_PREFIX')),
  config,
  calendars: new ChangeCalendars(ssm),
  groups: new RepairGroups({
    autoScaling: new AutoScalingClient(clientOptions),
    ecs: new ECSClient(clientOptions),
    loadBalancing: new ElasticLoadBalancingV2Client(clientOptions),
  }),
  chat: new SlackSecretReader(new SecretsManagerClient(clientOptions), environment('SLACK_SECRET_ARN')),
};

/** Decides whether a change may be made; called by `remediate`. An error here refuses, because its state catches it so, if only after some tries. */
export const handler = observed(async (event: unknown, { now, count }) => {
  const texts = { incident_id: 'text', runbook: 'text', target: 'text', execution: 'text' } as const;
  const request = taskInput<GuardRequest>(event, { ...texts, parameters: 'object' });
  const answer = await guard(request, stores, now).catch((error: unknown) => {
    if (error instanceof GuardBusyError) count(`guard-${error.reason}`);
    throw error;
  });
  count(`guard-${answer.decision}`);
  if (answer.decision === 'refuse') count(`refused-${answer.reason}`);
  return answer;
});
