import type { Alert } from '../alert.ts';
import type { DeployedConfig } from '../deployed-config.ts';
import { incidentIdOf } from '../identity.ts';
import type { Incident, TimelineEntry } from '../incident.ts';
import { routeAlert } from './route-alert.ts';

/** The incident that an alert opens, and the first line of its timeline. */
export function openIncident(
  alert: Alert,
  config: DeployedConfig,
  now: Date,
): { incident: Incident; entry: Omit<TimelineEntry, 'seq' | 'at'> } {
  const { service, runbook } = routeAlert(alert, config);
  const incident: Incident = {
    id: incidentIdOf(alert.incident_key, alert.origin.transitioned_at),
    status: 'triggered',
    priority: service.priority[alert.payload.severity],
    service: service.id,
    runbook: runbook?.id ?? 'none',
    mode: alert.origin.sent_by ? 'observe' : (runbook?.mode ?? 'observe'),
    title: `${runbook?.title ?? alert.payload.group ?? 'Alarm'} · ${alert.resource.id}`,
    alert,
    symptom: 'firing',
    remediation: 'none',
    opened_at: now.toISOString(),
    version: 1,
  };
  const next = runbook
    ? `The runbook ${runbook.id} starts now (${incident.mode}).`
    : 'No runbook matches: a person is needed.';
  return {
    incident,
    entry: { id: 'triggered', kind: 'triggered', by: 'handsoff', text: `${alert.payload.summary} ${next}` },
  };
}
