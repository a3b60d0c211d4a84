import { compilePattern, type EventPattern } from '../../../event-pattern/pattern.ts';
import type { Alert } from '../alert.ts';
import type { DeployedConfig, RunbookRoute, ServiceConfig } from '../deployed-config.ts';

/** Compiled once for each pattern object: patterns come from the deployed configuration and never change. */
const compiled = new WeakMap<object, EventPattern>();

/** The first service that owns the alert, and the first runbook that matches it, if any does. */
export function routeAlert(
  alert: Alert,
  config: DeployedConfig,
): { service: ServiceConfig; runbook: RunbookRoute | undefined } {
  const service = config.services.find((candidate) => matches(candidate.match, alert));
  if (!service) throw new Error('No service owns this alert; the last service in services.yaml must have no `match`.');
  return { service, runbook: config.routes.find((route) => matches(route.match, alert)) };
}

function matches(pattern: unknown, alert: Alert): boolean {
  if (typeof pattern !== 'object' || pattern === null) return true;
  const known = compiled.get(pattern) ?? compilePattern(pattern);
  compiled.set(pattern, known);
  return known.matches(alert);
}
