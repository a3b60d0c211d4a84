import type { Alert } from '../alert.ts';
import type { DeployedConfig } from '../deployed-config.ts';
import { valueAt } from '../fields.ts';
import { dedupKeyOf } from '../identity.ts';
import { matchesPattern } from './matches-pattern.ts';
import { routeAlert } from './route-alert.ts';

/** The group that an alert belongs to: its key, and for how long its incident takes in more. */
export interface Group {
  readonly key: string;
  readonly window_seconds: number;
}

/** The first group rule that matches; none for an alert that a runbook may repair, which is never grouped away. */
export function groupOf(alert: Alert, config: DeployedConfig): Group | undefined {
  const rule = config.triage.groups.find(({ match }) => matchesPattern(match, alert));
  if (!rule) return undefined;
  const { service, runbook } = routeAlert(alert, config);
  if (runbook.mode !== 'observe') return undefined;
  const values = rule.by.map((path) => textOf(valueAt(alert, path)));
  return { key: dedupKeyOf(['group', rule.id, service.id, ...values]), window_seconds: rule.window_seconds };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
