import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { HealthClient } from '@aws-sdk/client-health';
import { ChangeStore } from '../adapters/change-store.ts';
import { clientOptions } from '../adapters/client-options.ts';
import { environment } from '../adapters/environment.ts';
import { IncidentStore } from '../adapters/incident-store.ts';
import { incidentTable } from '../adapters/incident-table.ts';
import { ResourceChanges } from '../adapters/resource-changes.ts';
import type { DiagnosticName } from '../domain/diagnostic-names.ts';
import { observed } from '../middleware/observed.ts';
import { taskInput } from '../middleware/task-input.ts';
import { diagnose, type DiagnoseRequest } from './diagnose.ts';
import type { Diagnostic } from './diagnostic.ts';
import { announcedChanges } from './diagnostics/announced-changes.ts';
import { awsHealth, healthRegion } from './diagnostics/aws-health.ts';
import { consoleOutput } from './diagnostics/console-output.ts';
import { instanceStatus } from './diagnostics/instance-status.ts';
import { logsInsights } from './diagnostics/logs-insights.ts';
import { metricAroundAlarm } from './diagnostics/metric-around-alarm.ts';
import { recentChanges } from './diagnostics/recent-changes.ts';
import { recentDeployments } from './diagnostics/recent-deployments.ts';
import { restartSafety } from './diagnostics/restart-safety.ts';
import { scheduledEvents } from './diagnostics/scheduled-events.ts';

const ec2 = new EC2Client(clientOptions);
const cloudTrail = new CloudTrailClient(clientOptions);
const table = incidentTable();
const here = { account: environment('ACCOUNT_ID'), region: environment('AWS_REGION') };
const diagnostics: Readonly<Record<DiagnosticName, Diagnostic>> = {
  'instance-status': instanceStatus(ec2),
  'restart-safety': restartSafety(ec2),
  'scheduled-events': scheduledEvents(ec2),
  'console-output': consoleOutput(ec2),
  'aws-health': awsHealth(new HealthClient({ ...clientOptions, region: healthRegion })),
  'announced-changes': announcedChanges(new ChangeStore(table)),
  'recent-changes': recentChanges(new ResourceChanges(cloudTrail), here),
  'recent-deployments': recentDeployments({ cloudTrail, ecs: new ECSClient(clientOptions) }, here),
  'metric-around-alarm': metricAroundAlarm(new CloudWatchClient(clientOptions)),
  'logs-insights': logsInsights(new CloudWatchLogsClient(clientOptions)),
};
const ports = { incidents: new IncidentStore(table), diagnostics };

/** Runs diagnostics by name and records what they found; called by runbooks. */
export const handler = observed(async (event: unknown, { now }) => {
  const request = taskInput<DiagnoseRequest>(event, {
    incident_id: 'text',
    runbook: 'text',
    alert: 'object',
    diagnostics: 'list',
  });
  return diagnose(request, ports, now);
});
