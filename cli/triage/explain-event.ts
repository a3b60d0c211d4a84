import { normaliseEvent } from '../../functions/adapters/intake/normalise-event.ts';
import type { Alert } from '../../functions/domain/alert.ts';
import type { DeployedConfig } from '../../functions/domain/deployed-config.ts';
import { readOptional } from '../../functions/domain/fields.ts';
import type { FieldError } from '../../functions/domain/normalised.ts';
import { waitsUntil } from '../../functions/domain/support-hours.ts';
import { groupOf } from '../../functions/domain/triage/group-of.ts';
import { openIncident } from '../../functions/domain/triage/open-incident.ts';
import { routeAlert } from '../../functions/domain/triage/route-alert.ts';
import { triageStages } from '../../functions/domain/triage/triage-alert.ts';
import { loadConfig } from '../../infra/config/load-config.ts';
import { isNoEvent, noEvent } from '../no-event.ts';
import { projectRoot } from '../project-root.ts';
import { type Mismatch, whyNot } from './why-not.ts';
import { whyUnheard } from './why-unheard.ts';

/** What is said of one event. */
export interface Explanation {
  readonly kind: 'alert' | 'noise' | 'change' | 'poison';
  /** Why no rule takes it as an alert; undefined where one does. */
  readonly unheard?: string | undefined;
  readonly errors?: readonly FieldError[];
  readonly reason?: string;
  readonly alert?: unknown;
  /** What each stage of triage says to it as the first event of its cause; the first that decides is the last. */
  readonly stages?: readonly { readonly stage: string; readonly says: string }[];
  readonly service?: string;
  readonly priority?: string;
  readonly group?: string | undefined;
  /** In the order in which they are asked; the first that matches is the one. */
  readonly runbooks?: readonly {
    readonly id: string;
    readonly matches: boolean;
    readonly because: readonly Mismatch[];
  }[];
}

/** Explains an event under the configuration of this checkout. */
export function explainEvent(event: unknown, at?: string): Explanation {
  const { deployed: config, listensTo } = loadConfig(projectRoot);
  const now = new Date(at ?? timeOf(event));
  if (Number.isNaN(now.getTime())) throw new Error(`${at} is not a time; write one such as 2026-11-02T03:00:00Z.`);
  const normalised = normaliseEvent(event, now, config);
  const unheard = whyUnheard(event, listensTo);
  if (normalised.kind === 'poison') {
    // An alarm that CloudWatch hands to a function has no detail-type either, and says what else is wrong with it.
    const isToolsOwn = isNoEvent(event) && normalised.errors[0]?.path === noEvent.path;
    return { kind: 'poison', errors: isToolsOwn ? [noEvent] : normalised.errors, unheard };
  }
  if (normalised.kind !== 'alert') {
    return { kind: normalised.kind, ...(normalised.kind === 'noise' && { reason: normalised.reason }) };
  }
  const { alert } = normalised;
  const { service } = routeAlert(alert, config);
  const { incident } = openIncident(alert, config, now);
  const waits = waitsUntil(incident, now);
  return {
    kind: 'alert',
    unheard,
    alert,
    stages: stagesOf(alert, now, config),
    service: service.id,
    priority: `${incident.priority}${waits ? `, outside support hours: nobody is called before ${waits}` : ''}`,
    group: groupOf(alert, config)?.key,
    runbooks: config.routes.map(({ id, match }) => {
      const because = whyNot(match, alert);
      return { id, matches: because.length === 0, because };
    }),
  };
}

function stagesOf(alert: Alert, now: Date, config: DeployedConfig): NonNullable<Explanation['stages']> {
  const stages: { stage: string; says: string }[] = [];
  for (const { name, decide } of triageStages) {
    const decision = decide(alert, { now, memory: undefined, incident: undefined }, config);
    const until = decision?.until ? ` until ${decision.until}` : '';
    stages.push({ stage: name, says: decision ? `${decision.decision} (${decision.reason})${until}` : 'passes' });
    if (decision) break;
  }
  return stages;
}

function timeOf(event: unknown): string {
  const time = readOptional(event, 'time');
  return time !== undefined && !Number.isNaN(Date.parse(time)) ? time : new Date().toISOString();
}
