import type { Alert } from '../alert.ts';
import type { DeployedConfig, ServiceConfig } from '../deployed-config.ts';
import { incidentIdOf } from '../identity.ts';
import type { Incident, NewEntry } from '../incident.ts';
import { type Here, isElsewhere } from './is-elsewhere.ts';
import { groupOf } from './group-of.ts';
import { isNotice } from './is-notice.ts';
import { routeAlert } from './route-alert.ts';

/** An incident and the first line of its timeline. */
export interface Opening {
  readonly incident: Incident;
  readonly entry: NewEntry;
}

/**
 * The incident that an alert opens. Where `here` is not given, every alert is of this account and Region; `last` is the
 * one before, of the same cause.
 */
export function openIncident(alert: Alert, config: DeployedConfig, now: Date, here?: Here, last?: Incident): Opening {
  const { service, runbook } = routeAlert(alert, config);
  const group = groupOf(alert, config);
  const incident: Incident = {
    ...newIncident(alert, service, now),
    id: idOf(alert, alert.incident_key, last),
    priority: service.priority[alert.payload.severity],
    runbook: runbook.id,
    mode: alert.origin.sent_by || (here && isElsewhere(alert, here)) ? 'observe' : runbook.mode,
    title: `${runbook.title} · ${alert.resource.id}`,
    ...(group && { group: group.key }),
  };
  const next = `The runbook ${runbook.id} starts now (${incident.mode}).`;
  return { incident, entry: triggered(`${sentenceOf(alert.payload.summary)} ${next}`) };
}

/** The incident of a storm: the alert that made it one, and all that follow while it lasts. One of notices is no emergency. */
export function openStorm(alert: Alert, config: DeployedConfig, now: Date, last?: Incident): Opening {
  const { service } = routeAlert(alert, config);
  const { id: runbook } = config.routes.at(-1) ?? routeAlert(alert, config).runbook;
  const limit = config.triage.storm.new_per_minute;
  const ofNotices = isNotice(alert);
  const incident: Incident = {
    ...newIncident(alert, service, now),
    id: idOf(alert, `storm\n${alert.incident_key}`, last),
    priority: ofNotices ? service.priority.info : 'P1',
    runbook,
    mode: 'observe',
    title: ofNotices ? 'Storm of notices' : 'Alert storm',
    group: 'storm',
  };
  const what = ofNotices
    ? `More than ${limit} new notices within a minute. Further ones belong to this incident.`
    : `More than ${limit} new troubles within a minute. Further ones belong to this incident, and no automation changes anything while it lasts.`;
  return { incident, entry: triggered(`${what} Look for what they have in common.`) };
}

/** What began before the last incident was over may have opened one already: only when it was said again tells them apart. */
function idOf({ origin }: Alert, key: string, last: Incident | undefined): string {
  const { transitioned_at: at, received_at } = origin;
  const isNewer = last === undefined || (last.resolved_at !== undefined && at > last.resolved_at);
  return incidentIdOf(key, at, isNewer ? undefined : received_at);
}

function sentenceOf(text: string): string {
  return /[.!?…]$/.test(text.trimEnd()) ? text : `${text}.`;
}

function newIncident(alert: Alert, { id, support_hours }: ServiceConfig, now: Date) {
  return {
    status: 'triggered',
    service: id,
    ...(support_hours && { support_hours }),
    alert,
    symptom: 'firing',
    remediation: 'none',
    opened_at: now.toISOString(),
    version: 1,
  } as const;
}

function triggered(text: string): Opening['entry'] {
  return { id: 'triggered', kind: 'triggered', by: 'handsoff', text };
}
