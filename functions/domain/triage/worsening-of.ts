import { type Alert, severities } from '../alert.ts';
import type { DeployedConfig } from '../deployed-config.ts';
import { type Incident, severityOf, type TimelineChange } from '../incident.ts';
import { routeAlert } from './route-alert.ts';

/**
 * What an alert changes in its incident by being worse than what that was opened for: it is as urgent from then on as if
 * it had been opened so, and people are called again. Undefined where it is no worse, or nobody comes sooner for it.
 */
export function worseningOf(alert: Alert, incident: Incident, config: DeployedConfig): TimelineChange | undefined {
  const { severity, summary } = alert.payload;
  const before = severityOf(incident);
  const { service } = routeAlert(alert, config);
  const priority = service.priority[severity];
  if (severities.indexOf(severity) >= severities.indexOf(before) || priority >= incident.priority) return undefined;
  return {
    entry: {
      id: `worsened#${severity}`,
      kind: 'worsened',
      by: 'handsoff',
      text: `It got worse, from ${before} to ${severity}, and is ${priority} now: ${summary}`,
    },
    patch: { severity, priority, symptom: 'firing' },
  };
}
