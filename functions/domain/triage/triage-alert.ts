import type { Alert, EventAction, SuppressedBy } from '../alert.ts';
import type { Incident } from '../incident.ts';

/** What is remembered of one `dedup_key`. */
export interface AlertMemory {
  /** ISO 8601 with milliseconds: the newest transition taken so far. */
  readonly last_at: string;
  readonly last_event_id: string;
  readonly last_action: EventAction;
}

/** What triage knows when it decides: all it may look at beside the alert. */
export interface TriageContext {
  /** Undefined for a cause never seen before. */
  readonly memory: AlertMemory | undefined;
  /** What is remembered of the `incident_key`, for one contributor of an alarm. */
  readonly parentMemory?: AlertMemory | undefined;
  /** The newest incident of the alert's `incident_key`, open or resolved. */
  readonly incident: Incident | undefined;
}

/** The closed set of reasons; also the log field and the metric dimension. */
export type TriageReason =
  | SuppressedBy
  | 'duplicate'
  | 'late'
  | 'new-trouble'
  | 'incident-open'
  | 'relapse'
  | 'cleared'
  | 'alarm-deleted'
  | 'remediation-running'
  | 'contributor-cleared'
  | 'nothing-open';

/** What becomes of an alert. `drop` writes nothing at all; `suppress` and `record` only remember it. */
export type TriageDecision = {
  readonly decision: 'drop' | 'suppress' | 'record' | 'open' | 'join' | 'clear' | 'resolve';
  readonly reason: TriageReason;
};

type Stage = (alert: Alert, context: TriageContext) => TriageDecision | undefined;

/** Triage, top to bottom: the first stage that has an answer decides. */
export const triageStages: readonly { readonly name: string; readonly decide: Stage }[] = [
  { name: 'deduplicate', decide: deduplicate },
  { name: 'order', decide: order },
  { name: 'suppress', decide: suppress },
  { name: 'clear', decide: clear },
  { name: 'join', decide: join },
  { name: 'open', decide: () => ({ decision: 'open', reason: 'new-trouble' }) },
];

/** Decides what becomes of `alert`. Pure and total: the same alert and context always give the same answer. */
export function triageAlert(alert: Alert, context: TriageContext): TriageDecision {
  for (const stage of triageStages) {
    const decision = stage.decide(alert, context);
    if (decision) return decision;
  }
  throw new Error('The last stage of triage answers every alert.');
}

function deduplicate(alert: Alert, { memory }: TriageContext): TriageDecision | undefined {
  return memory && compareToLast(alert, memory) === 0 ? { decision: 'drop', reason: 'duplicate' } : undefined;
}

function order(alert: Alert, { memory, parentMemory }: TriageContext): TriageDecision | undefined {
  const isLate = memory !== undefined && compareToLast(alert, memory) < 0;
  // A contributor says no more once its alarm has said OK: with nothing left to resolve it, it would stay open.
  const isAfterOk = parentMemory?.last_action === 'resolve' && alert.origin.transitioned_at < parentMemory.last_at;
  return isLate || isAfterOk ? { decision: 'record', reason: 'late' } : undefined;
}

/** Only what would open or join is suppressed: a suppressed alarm that recovers must still close its incident. */
function suppress(alert: Alert): TriageDecision | undefined {
  if (alert.event_action !== 'trigger' || !alert.suppressed_by) return undefined;
  return { decision: 'suppress', reason: alert.suppressed_by };
}

function clear(alert: Alert, { incident }: TriageContext): TriageDecision | undefined {
  if (alert.event_action !== 'resolve') return undefined;
  if (!isOpen(incident)) return { decision: 'record', reason: 'nothing-open' };
  if (alert.dedup_key !== alert.incident_key) return { decision: 'record', reason: 'contributor-cleared' };
  if (isDeletion(alert)) return { decision: 'resolve', reason: 'alarm-deleted' };
  if (incident.remediation === 'running') return { decision: 'clear', reason: 'remediation-running' };
  return { decision: 'resolve', reason: 'cleared' };
}

function join(_alert: Alert, { incident }: TriageContext): TriageDecision | undefined {
  if (!isOpen(incident)) return undefined;
  return { decision: 'join', reason: incident.symptom === 'clear' ? 'relapse' : 'incident-open' };
}

function isOpen(incident: Incident | undefined): incident is Incident {
  return incident !== undefined && incident.status !== 'resolved';
}

function isDeletion(alert: Alert): boolean {
  return alert.payload.custom_details['operation'] === 'delete';
}

/** Same event or same transition: 0. The sender's time orders; its event id breaks a tie between different states. */
function compareToLast(alert: Alert, memory: AlertMemory): number {
  const { event_id: eventId, transitioned_at: at } = alert.origin;
  if (eventId === memory.last_event_id) return 0;
  if (at !== memory.last_at) return at < memory.last_at ? -1 : 1;
  if (alert.event_action === memory.last_action) return 0;
  return eventId < memory.last_event_id ? -1 : 1;
}
