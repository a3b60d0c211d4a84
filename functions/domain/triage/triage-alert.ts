import { hashOfJson } from '../certificate.ts';
import { type Alert, severities } from '../alert.ts';
import type { DeployedConfig, TriageRules } from '../deployed-config.ts';
import { endOfMaintenance } from '../hours.ts';
import { type Incident, severityOf } from '../incident.ts';
import { groupOf } from './group-of.ts';
import { isNotice } from './is-notice.ts';
import { matchesPattern } from './matches-pattern.ts';
import { worseningOf } from './worsening-of.ts';
import { isYoungStorm } from './young-storm.ts';
import type { AlertMemory, HoldReason, TriageContext, TriageDecision } from './triage-decision.ts';

type Stage = (alert: Alert, context: TriageContext, config: DeployedConfig) => TriageDecision | undefined;

/** Triage, top to bottom: the first stage that has an answer decides. */
export const triageStages: readonly { readonly name: string; readonly decide: Stage }[] = [
  { name: 'deduplicate', decide: deduplicate },
  { name: 'order', decide: order },
  { name: 'suppress', decide: suppress },
  { name: 'maintenance', decide: maintain },
  { name: 'acknowledge', decide: acknowledge },
  { name: 'clear', decide: clear },
  { name: 'flap', decide: flap },
  { name: 'settle', decide: settle },
  { name: 'resolve', decide: resolve },
  { name: 'join', decide: join },
  { name: 'pause', decide: pause },
  { name: 'group', decide: group },
  { name: 'storm', decide: storm },
  { name: 'open', decide: () => ({ decision: 'open', reason: 'new-trouble' }) },
];

/** Decides what becomes of `alert`. Pure and total: the same alert and context always give the same answer. */
export function triageAlert(alert: Alert, context: TriageContext, config: DeployedConfig): TriageDecision {
  for (const stage of triageStages) {
    const decision = stage.decide(alert, context, config);
    if (decision) return decision;
  }
  throw new Error('The last stage of triage answers every alert.');
}

function deduplicate(alert: Alert, context: TriageContext, config: DeployedConfig): TriageDecision | undefined {
  const { memory, released } = context;
  if (released) return isNewest(alert, memory) ? undefined : { decision: 'drop', reason: 'superseded' };
  if (!memory || compareToLast(alert, memory) !== 0) return undefined;
  if (missedItsIncident(context) || outlivesItsIncident(alert, context) || isWorse(alert, context, config)) {
    return undefined;
  }
  return { decision: 'drop', reason: 'duplicate' };
}

function order(alert: Alert, context: TriageContext): TriageDecision | undefined {
  const { memory, parentMemory } = context;
  const isLate = memory !== undefined && compareToLast(alert, memory) < 0;
  // A contributor says no more once its alarm has said OK: with nothing left to resolve it, it would stay open.
  const isAfterOk =
    alert.dedup_key !== alert.incident_key &&
    parentMemory?.last_action === 'resolve' &&
    alert.origin.transitioned_at < parentMemory.last_at;
  return isLate || isAfterOk || wasAnswered(alert, context) ? { decision: 'record', reason: 'late' } : undefined;
}

/**
 * A reminder that came before somebody resolved its incident, and is decided only now, says nothing that he did not know;
 * one that is worse does.
 */
function wasAnswered(alert: Alert, { memory, incident, released }: TriageContext): boolean {
  if (released || alert.event_action !== 'trigger' || memory?.last_action !== 'trigger') return false;
  if (compareToLast(alert, memory) === 0 || !incident?.resolved_at) return false;
  if (alert.origin.received_at > incident.resolved_at) return false;
  return severities.indexOf(alert.payload.severity) >= severities.indexOf(severityOf(incident));
}

/** Only what would open or join is suppressed: a suppressed alarm that recovers must still close its incident. */
function suppress(alert: Alert, context: TriageContext): TriageDecision | undefined {
  const { suppressed_by: by, suppressed_until: until } = alert;
  if (alert.event_action !== 'trigger' || !by) return undefined;
  // A sample or a copy says nothing of the alarm; one that is muted fires all the same.
  if ((by === 'mute' || by === 'suppressor') && isBeingProven(alert, context)) return undefined;
  if (by !== 'mute' || until === undefined) return { decision: 'suppress', reason: by };
  return until > context.now.toISOString() ? { decision: 'hold', reason: by, until } : undefined;
}

/** A repair is proven by silence: whoever keeps its alarm from being heard meanwhile would make it recovered. */
function isBeingProven(alert: Alert, { incident }: TriageContext): boolean {
  return isOpen(incident) && incident.remediation === 'running' && alert.dedup_key === alert.incident_key;
}

/** Windows change, and the clocks of a place do: what they hold is looked at again after this long at the latest. */
const maxMaintenanceMs = 3_600_000;

/** Held and not forgotten: what still fires when the work is over is decided then. */
function maintain(alert: Alert, context: TriageContext, { triage }: DeployedConfig): TriageDecision | undefined {
  if (alert.event_action !== 'trigger' || isBeingProven(alert, context)) return undefined;
  const { now } = context;
  const ends = triage.maintenance
    .filter(({ match }) => matchesPattern(match, alert))
    .flatMap((window) => endOfMaintenance(window, now)?.getTime() ?? []);
  if (ends.length === 0) return undefined;
  const until = new Date(Math.min(Math.max(...ends), now.getTime() + maxMaintenanceMs));
  return { decision: 'hold', reason: 'maintenance', until: until.toISOString() };
}

function acknowledge(alert: Alert, { incident }: TriageContext): TriageDecision | undefined {
  if (alert.event_action !== 'acknowledge') return undefined;
  if (!isOpen(incident)) return { decision: 'record', reason: 'nothing-open' };
  return { decision: 'acknowledge', reason: 'acknowledged' };
}

/** Whatever clears without ending an incident. */
function clear(alert: Alert, { incident, memory }: TriageContext): TriageDecision | undefined {
  if (alert.event_action !== 'resolve') return undefined;
  if (!isOpen(incident)) {
    const wasHeld = memory?.last_action === 'trigger' && memory.held !== undefined;
    return { decision: 'record', reason: wasHeld ? 'transient' : 'nothing-open' };
  }
  if (alert.dedup_key !== alert.incident_key) return { decision: 'clear-member', reason: 'contributor-cleared' };
  if (isDeletion(alert)) return undefined;
  if (incident.remediation === 'running') return { decision: 'clear', reason: 'remediation-running' };
  return undefined;
}

/** Hysteresis: the more often it came back, the longer it must stay away. */
function flap(alert: Alert, context: TriageContext, { triage }: DeployedConfig): TriageDecision | undefined {
  if (!mustSettle(alert, context) || !isFlapping(context, triage)) return undefined;
  return clearUntil(context, 'flapping', triage.flap.settle_seconds);
}

function settle(alert: Alert, context: TriageContext, { triage }: DeployedConfig): TriageDecision | undefined {
  if (!mustSettle(alert, context) || triage.settle_seconds === 0) return undefined;
  return clearUntil(context, 'settling', triage.settle_seconds);
}

function resolve(alert: Alert, { others_fire }: TriageContext): TriageDecision | undefined {
  if (alert.event_action !== 'resolve') return undefined;
  if (others_fire) return { decision: 'clear-member', reason: 'others-firing' };
  return { decision: 'resolve', reason: isDeletion(alert) ? 'alarm-deleted' : 'cleared' };
}

function join(alert: Alert, context: TriageContext, config: DeployedConfig): TriageDecision | undefined {
  const { incident, memory } = context;
  if (!isOpen(incident)) return undefined;
  if (alert.dedup_key !== alert.incident_key) return { decision: 'attach', reason: 'contributor', into: incident.id };
  if (hasOutgrown(alert, incident)) return undefined;
  if (isWorse(alert, context, config)) return { decision: 'worsen', reason: 'worse', into: incident.id };
  if (incident.symptom === 'clear') return { decision: 'join', reason: 'relapse' };
  if (memory?.last_action === 'resolve') return { decision: 'attach', reason: 'relapse', into: incident.id };
  return { decision: 'repeat', reason: 'incident-open' };
}

/** A resolve within the pause means no incident at all. */
function pause(alert: Alert, context: TriageContext, { triage }: DeployedConfig): TriageDecision | undefined {
  const rule = triage.pause.find(({ match }) => matchesPattern(match, alert));
  if (!rule || context.released) return undefined;
  const until = untilOf(context, 'transient', rule.seconds);
  return until > context.now.toISOString() ? { decision: 'hold', reason: 'transient', until } : undefined;
}

/** What a runbook can repair is repaired by itself; grouping it away would leave it as it is. */
function group(alert: Alert, { group: open, now }: TriageContext, config: DeployedConfig): TriageDecision | undefined {
  const own = groupOf(alert, config);
  if (!own || !isOpen(open)) return undefined;
  if (now.getTime() - Date.parse(open.opened_at) > own.window_seconds * 1000) return undefined;
  if (worseningOf(alert, open, config)) return { decision: 'worsen', reason: 'worse', into: open.id };
  return { decision: 'attach', reason: 'grouped', into: open.id };
}

function storm(_: Alert, context: TriageContext, { triage }: DeployedConfig): TriageDecision | undefined {
  const { storm: current, now, new_per_minute: count = 0 } = context;
  const isOverLimit = count > triage.storm.new_per_minute;
  if (isOpen(current) && (isOverLimit || isYoungStorm(current, now))) {
    return { decision: 'attach', reason: 'storm', into: current.id };
  }
  return isOverLimit ? { decision: 'open-storm', reason: 'storm-began' } : undefined;
}

/** Whether this cause comes back so often that its clearing means little. */
function isFlapping({ memory, now }: TriageContext, { flap: rule }: TriageRules): boolean {
  const since = new Date(now.getTime() - rule.within_seconds * 1000).toISOString();
  return (memory?.triggers.filter((at) => at >= since).length ?? 0) >= rule.triggers;
}

function mustSettle(alert: Alert, { released, memory, now }: TriageContext): boolean {
  if (alert.event_action !== 'resolve' || released || isDeletion(alert)) return false;
  const isOver = memory?.last_action === 'resolve' && memory.held && memory.held.until <= now.toISOString();
  return !isOver;
}

/** One of many that cleared changes nothing for the incident yet. */
function clearUntil(context: TriageContext, reason: HoldReason, seconds: number): TriageDecision {
  const decision = context.incident?.group ? 'clear-member' : 'clear';
  return { decision, reason, until: untilOf(context, reason, seconds) };
}

/** Said again, an alert waits no longer than it already does. */
function untilOf({ memory, now }: TriageContext, reason: HoldReason, seconds: number): string {
  if (memory?.held?.reason === reason) return memory.held.until;
  return new Date(now.getTime() + seconds * 1000).toISOString();
}

/**
 * Whether the alert is worse than its incident. Some senders give all that they say of one trouble the same time, however
 * it goes on; and how bad an alarm is, its contributors do not say.
 */
function isWorse(alert: Alert, { incident }: TriageContext, config: DeployedConfig): boolean {
  if (alert.event_action !== 'trigger' || alert.dedup_key !== alert.incident_key || !isOpen(incident)) return false;
  return hasOutgrown(alert, incident) || worseningOf(alert, incident, config) !== undefined;
}

/** What was one of many notices, and is worse by now, is a trouble of its own. */
function hasOutgrown(alert: Alert, { group: key, alert: first }: Incident): boolean {
  return key === 'storm' && isNotice(first) && !isNotice(alert);
}

function isOpen(incident: Incident | undefined): incident is Incident {
  return incident !== undefined && incident.status !== 'resolved';
}

/** The incident was resolved in the moment that the alert was attached to it: it has to be decided again. */
function missedItsIncident({ memory, incident }: TriageContext): boolean {
  if (memory?.last_action !== 'trigger' || !memory.attached_at || !incident?.resolved_at) return false;
  return memory.attached_at >= incident.resolved_at;
}

/**
 * A sender may give all that it says of one trouble the same time. What it says after the incident was resolved is that
 * this ended no trouble; what it had said before is a copy, however late it comes.
 */
function outlivesItsIncident({ origin }: Alert, { memory, incident }: TriageContext): boolean {
  if (memory?.last_action !== 'trigger' || memory.held) return false;
  // An event of AWS is received whenever it is read, and may be delivered twice; what others send, when they sent it.
  if (origin.sent_by === undefined && origin.event_id === memory.last_event_id) return false;
  return incident?.resolved_at !== undefined && origin.received_at > incident.resolved_at;
}

/** Other formats let their senders write into the details what they like. */
function isDeletion(alert: Alert): boolean {
  return alert.origin.format === 'cloudwatch' && alert.payload.custom_details['operation'] === 'delete';
}

/** Its row says that it waits, for this transition, and that it is this alert: what comes back says more than its key. */
function isNewest(alert: Alert, memory: AlertMemory | undefined): boolean {
  if (memory === undefined || (memory.held ?? memory.attached_at) === undefined) return false;
  return compareToLast(alert, memory) === 0 && memory.digest === hashOfJson(alert);
}

/** Same event or same transition: 0. The sender's time orders; its event id breaks a tie between different states. */
function compareToLast(alert: Alert, memory: AlertMemory): number {
  const { event_id: eventId, transitioned_at: at } = alert.origin;
  if (eventId === memory.last_event_id) return 0;
  if (at !== memory.last_at) return at < memory.last_at ? -1 : 1;
  if (alert.event_action === memory.last_action) return 0;
  return eventId < memory.last_event_id ? -1 : 1;
}
