import type { Alert } from '../alert.ts';
import type { DeployedConfig, RunbookRoute, ServiceConfig } from '../deployed-config.ts';
import { matchesPattern } from './matches-pattern.ts';

/** The first service that owns the alert, and the first runbook that matches it; the last of each takes what is left. */
export function routeAlert(alert: Alert, config: DeployedConfig): { service: ServiceConfig; runbook: RunbookRoute } {
  const service = config.services.find((candidate) => matchesPattern(candidate.match, alert));
  if (!service) throw new Error('No service owns this alert; the last service in services.yaml must have no `match`.');
  const runbook = config.routes.find((route) => matchesPattern(route.match, alert)) ?? config.routes.at(-1);
  if (!runbook) throw new Error('No runbook was deployed; there must be one called default.');
  return { service, runbook };
}
