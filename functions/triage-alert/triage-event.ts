import type { ChangeStore } from '../adapters/change-store.ts';
import { normaliseEvent } from '../adapters/intake/normalise-event.ts';
import type { Alert } from '../domain/alert.ts';
import type { DeployedConfig } from '../domain/deployed-config.ts';
import type { Incident } from '../domain/incident.ts';
import type { FieldError } from '../domain/normalised.ts';
import { type ResponseInput, responseInputOf } from '../domain/response-input.ts';
import { readReleased } from '../domain/triage/released-event.ts';
import { takeAlert, type TakePorts } from './take-alert.ts';

/** What `intake` goes on with. */
export type TriageAnswer =
  | { readonly decision: 'open'; readonly reason: string; readonly response: ResponseInput }
  | { readonly decision: 'poison'; readonly errors: readonly FieldError[] }
  | { readonly decision: string; readonly reason: string; readonly incident_id?: string };

/** What became of one event: what was decided, which the metric counts, and what `intake` gets. */
export interface Triaged {
  readonly decision: string;
  readonly answer: TriageAnswer;
}

export interface TriagePorts extends TakePorts {
  readonly changes: Pick<ChangeStore, 'record'>;
}

/**
 * Takes one event as EventBridge delivered it. Throws only for what may go better the next time: an event that can
 * never be read is answered as poison, for `intake` to quarantine.
 */
export async function triageEvent(
  event: unknown,
  ports: TriagePorts,
  config: DeployedConfig,
  now: Date,
): Promise<Triaged> {
  const released = readReleased(event);
  if (released) return triaged(released, true, ports, config, now);
  const normalised = normaliseEvent(event, now, { aws_events: config.aws_events, here: ports.here });
  if (normalised.kind === 'poison') return asDecided({ decision: 'poison', errors: normalised.errors });
  if (normalised.kind === 'noise') return asDecided({ decision: 'record', reason: normalised.reason });
  if (normalised.kind === 'change') {
    await ports.changes.record(normalised.change, now);
    return asDecided({ decision: 'record', reason: 'change' });
  }
  return triaged(normalised.alert, false, ports, config, now);
}

function asDecided(answer: TriageAnswer): Triaged {
  return { decision: answer.decision, answer };
}

async function triaged(
  alert: Alert,
  released: boolean,
  ports: TakePorts,
  config: DeployedConfig,
  now: Date,
): Promise<Triaged> {
  const { decision, reason, incident } = await takeAlert(alert, ports, config, now, released);
  if (incident && (decision === 'open' || decision === 'open-storm' || mayNotBeStarted(alert, decision, incident))) {
    return { decision, answer: { decision: 'open', reason, response: responseInputOf(incident, config) } };
  }
  return asDecided({ decision, reason, ...(incident && { incident_id: incident.id }) });
}

/**
 * An incident whose response has done nothing yet may have none; nor may one whose first alert comes again, because the
 * answer to it may have got lost, whatever was heard of it meanwhile. Starting it twice is one execution.
 */
function mayNotBeStarted(alert: Alert, decision: string, incident: Incident): boolean {
  if (incident.status !== 'resolved' && isFirstOf(alert, incident)) return true;
  return ['drop', 'repeat', 'join', 'worsen', 'attach'].includes(decision) && incident.version === 1;
}

/** What others send, they may say again without a change: then it is only when it came that tells it from the first. */
function isFirstOf({ dedup_key, origin }: Alert, { alert: first }: Incident): boolean {
  if (dedup_key !== first.dedup_key || origin.event_id !== first.origin.event_id) return false;
  return origin.sent_by === undefined || origin.received_at === first.origin.received_at;
}
