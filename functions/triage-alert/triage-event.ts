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
): Promise<TriageAnswer> {
  const released = readReleased(event);
  if (released) return answer(released, true, ports, config, now);
  const normalised = normaliseEvent(event, now);
  if (normalised.kind === 'poison') return { decision: 'poison', errors: normalised.errors };
  if (normalised.kind === 'noise') return { decision: 'record', reason: normalised.reason };
  if (normalised.kind === 'change') {
    await ports.changes.record(normalised.change, now);
    return { decision: 'record', reason: 'change' };
  }
  return answer(normalised.alert, false, ports, config, now);
}

async function answer(
  alert: Alert,
  released: boolean,
  ports: TakePorts,
  config: DeployedConfig,
  now: Date,
): Promise<TriageAnswer> {
  const { decision, reason, incident } = await takeAlert(alert, ports, config, now, released);
  if (incident && (decision === 'open' || decision === 'open-storm' || mayNotBeStarted(decision, incident))) {
    return { decision: 'open', reason, response: responseInputOf(incident, config) };
  }
  return { decision, reason, ...(incident && { incident_id: incident.id }) };
}

/** An incident whose response has done nothing yet may have none: starting it twice is one execution. */
function mayNotBeStarted(decision: string, incident: Incident): boolean {
  return ['drop', 'repeat', 'join', 'attach'].includes(decision) && incident.version === 1;
}
