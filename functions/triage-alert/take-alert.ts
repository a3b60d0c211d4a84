import {
  type AlertStore,
  groupWrite,
  noiseWrite,
  type ReadContext,
  type Remembered,
  stormWrite,
} from '../adapters/alert-store.ts';
import { storable, type Write } from '../adapters/dynamodb-table.ts';
import type { HoldQueue } from '../adapters/hold-queue.ts';
import { changeWrites, type IncidentStore, memberWrites, openingWrites } from '../adapters/incident-store.ts';
import type { StormWatch } from '../adapters/storm-watch.ts';
import type { Alert } from '../domain/alert.ts';
import type { DeployedConfig } from '../domain/deployed-config.ts';
import type { Incident } from '../domain/incident.ts';
import { groupOf } from '../domain/triage/group-of.ts';
import { incidentChangeOf } from '../domain/triage/incident-change.ts';
import type { Here } from '../domain/triage/is-elsewhere.ts';
import { openIncident, openStorm } from '../domain/triage/open-incident.ts';
import { triageAlert } from '../domain/triage/triage-alert.ts';
import { type HoldReason, holdReasons, type TriageDecision } from '../domain/triage/triage-decision.ts';
import { worseningOf } from '../domain/triage/worsening-of.ts';

/** What became of an alert, and the incident it belongs to where there is one. */
export interface Taken extends TriageDecision {
  readonly incident?: Incident;
}

/** Where alerts are remembered and where they wait. */
export interface TakePorts {
  readonly alerts: AlertStore;
  readonly incidents: Pick<IncidentStore, 'readIncident' | 'isAnyFiring' | 'alertsFiring' | 'record'>;
  readonly storms: Pick<StormWatch, 'countNew'>;
  readonly holds: Pick<HoldQueue, 'hold'>;
  /** Where Handsoff is deployed. @default - where each alert is from */
  readonly here?: Here;
}

/** How often a decision is made again when another copy of the alert, or another writer, was quicker. */
const maxAttempts = 20;

/**
 * Decides what becomes of an alert and writes it, all or nothing. `released` says that it comes back from having been
 * held. Throws when the table stays contended, to be retried.
 */
export async function takeAlert(
  given: Alert,
  ports: TakePorts,
  config: DeployedConfig,
  now: Date,
  released = false,
): Promise<Taken> {
  // It may come back from the table, and has to be known as the same then.
  const alert = storable(given);
  let isAgain = released;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const context = await readContext(alert, ports, config, now, isAgain);
    const decision = triageAlert(alert, context, config);
    const taken = await writeDecision(alert, context, decision, ports, config);
    if (!taken) continue;
    await endWhatWasLeft(context, taken, ports, now);
    if (!(await missedEachOther(alert, taken, ports, config, now))) return taken;
    isAgain = true;
  }
  throw new Error(`Alert ${alert.dedup_key} was contended ${maxAttempts} times; it will be tried again.`);
}

/** Where the last alert that fires has left a storm to be an incident of its own, nothing comes that would end the storm. */
async function endWhatWasLeft(
  { incident: left }: ReadContext,
  { incident }: Taken,
  { incidents }: TakePorts,
  now: Date,
): Promise<void> {
  const hasLeft = left?.group !== undefined && incident !== undefined && incident.id !== left.id;
  if (!hasLeft || left.status === 'resolved' || (await incidents.isAnyFiring(left.id))) return;
  const text = 'What belonged to it has cleared, or is an incident of its own.';
  const entry = { id: 'resolved', kind: 'resolved', by: 'handsoff', text } as const;
  const patch = { symptom: 'clear', status: 'resolved', resolved_at: now.toISOString() } as const;
  await incidents.record(left.id, ({ status }) => (status === 'resolved' ? undefined : { entry, patch }), now);
}

/**
 * An incident that many alerts belong to can be resolved in the moment in which one more is attached: neither write
 * sees the other. So can its last two alerts clear at the same moment, where nothing settles. Both look afterwards. True
 * when this alert has to be decided again.
 */
async function missedEachOther(
  alert: Alert,
  { decision, reason, into, incident }: Taken,
  { incidents, holds }: TakePorts,
  { triage }: DeployedConfig,
  now: Date,
): Promise<boolean> {
  if (reason === 'others-firing' && incident && triage.settle_seconds === 0)
    return !(await incidents.isAnyFiring(incident.id));
  if (decision === 'attach' && into) return (await incidents.readIncident(into))?.status === 'resolved';
  if (incident?.group && (decision === 'resolve' || mayHaveResolved(alert, decision, incident))) {
    for (const other of await incidents.alertsFiring(incident.id))
      await holds.hold({ alert: other, until: now.toISOString() }, now);
  }
  return false;
}

/** An alert that comes again may have resolved its incident and died before it looked. What a person resolved may still fire. */
function mayHaveResolved({ event_action }: Alert, decision: string, { status, symptom }: Incident): boolean {
  return decision === 'drop' && event_action === 'resolve' && status === 'resolved' && symptom === 'clear';
}

/** Counts are read only where a decision rests on them: they cost most. */
async function readContext(
  alert: Alert,
  { alerts, storms, incidents }: TakePorts,
  config: DeployedConfig,
  now: Date,
  released: boolean,
): Promise<ReadContext> {
  const context = { ...(await alerts.read(alert, groupOf(alert, config)?.key, now)), released };
  if (released && alert.event_action === 'resolve' && context.incident?.group) {
    return { ...context, others_fire: await incidents.isAnyFiring(context.incident.id) };
  }
  const { decision, reason } = triageAlert(alert, context, config);
  if (decision === 'resolve' && context.incident?.group) {
    // It has not settled, so that it still counts among those that fire itself.
    const firing = await incidents.alertsFiring(context.incident.id);
    return { ...context, others_fire: firing.some(({ dedup_key }) => dedup_key !== alert.dedup_key) };
  }
  const isNewTrouble = decision === 'open' || reason === 'storm';
  return isNewTrouble ? { ...context, new_per_minute: await storms.countNew(alert, now) } : context;
}

/** Answers undefined when somebody else wrote first. */
async function writeDecision(
  alert: Alert,
  context: ReadContext,
  decision: TriageDecision,
  { alerts, holds, here }: TakePorts,
  config: DeployedConfig,
): Promise<Taken | undefined> {
  const { now, incident: known } = context;
  if (decision.decision === 'drop') return { ...decision, ...(known && { incident: known }) };
  if (decision.reason === 'late') {
    await alerts.recordNoise(alert, decision.reason, now);
    return { ...decision, ...(known && { incident: known }) };
  }
  // Held before it is remembered: a crash in between holds it twice, which is harmless; the other way round loses it.
  if (decision.until) await holds.hold({ alert, until: decision.until }, now);
  const { incident, remembered, writes } = effectOf(alert, context, decision, config, here);
  if (!(await alerts.advance(alert, context, remembered, writes))) return undefined;
  return { ...decision, ...(incident && { incident }) };
}

interface Effect {
  readonly incident?: Incident | undefined;
  readonly remembered: Remembered;
  readonly writes: readonly Write[];
}

function effectOf(
  alert: Alert,
  context: ReadContext,
  decision: TriageDecision,
  config: DeployedConfig,
  here: Here | undefined,
): Effect {
  const { now, incident } = context;
  const held =
    decision.until && isHoldReason(decision.reason) ? { reason: decision.reason, until: decision.until } : undefined;
  const noise = (incidentId?: string) => noiseWrite(alert, decision.reason, incidentId, now);
  switch (decision.decision) {
    case 'open':
    case 'open-storm':
      return opening(alert, context, decision, config, here);
    case 'attach': {
      const { into = '', reason } = decision;
      return {
        incident: incidentNamed(into, context),
        remembered: { ...(reason !== 'contributor' && { incidentId: into }), attachedAt: now.toISOString() },
        writes: [...memberWrites(into, alert, true, now), ...leavingWrites(alert, into, context), noise(into)],
      };
    }
    case 'worsen':
      return worsening(alert, context, decision, config);
    case 'clear-member': {
      // What has settled already may be decided again at once.
      const settled = { reason: 'settling', until: now.toISOString() } as const;
      const waits = decision.reason === 'others-firing' ? settled : held;
      return {
        incident,
        remembered: { ...(waits && { held: waits }) },
        writes: [...(incident ? memberWrites(incident.id, alert, false, now) : []), noise(incident?.id)],
      };
    }
    default: {
      const change = incident && incidentChangeOf(alert, incident, decision, context);
      const writes = incident && change ? changeWrites(incident, change, now) : [noise(incident?.id)];
      return { incident, remembered: { ...(held && { held }) }, writes };
    }
  }
}

function opening(
  alert: Alert,
  context: ReadContext,
  { decision }: TriageDecision,
  config: DeployedConfig,
  here: Here | undefined,
): Effect {
  const { now, incident: last } = context;
  const isStorm = decision === 'open-storm';
  const { incident, entry } = isStorm
    ? openStorm(alert, config, now, last)
    : openIncident(alert, config, now, here, last);
  const takesIn = incident.group ? memberWrites(incident.id, alert, true, now) : [];
  const pointer = isStorm ? [stormWrite(incident, context)] : [];
  const group = !isStorm && incident.group ? [groupWrite(incident.group, incident, context)] : [];
  return {
    incident,
    remembered: { incidentId: incident.id },
    writes: [
      ...openingWrites(incident, entry, now),
      ...takesIn,
      ...leavingWrites(alert, incident.id, context),
      ...pointer,
      ...group,
    ],
  };
}

/** Where many belong to the incident, what made it worse is one of them. */
function worsening(alert: Alert, context: ReadContext, { into = '' }: TriageDecision, config: DeployedConfig): Effect {
  const { now } = context;
  const incident = incidentNamed(into, context);
  const change = incident && worseningOf(alert, incident, config);
  if (!change) throw new Error(`The incident ${into} is not worse; triage decides by what it has read.`);
  const isMember = incident.group !== undefined;
  return {
    incident,
    remembered: { incidentId: into, ...(isMember && { attachedAt: now.toISOString() }) },
    writes: [
      ...changeWrites(incident, change, now),
      ...(isMember ? memberWrites(into, alert, true, now) : []),
      ...leavingWrites(alert, into, context),
    ],
  };
}

function incidentNamed(id: string, { incident, group, storm }: ReadContext): Incident | undefined {
  return [incident, group, storm].find((candidate) => candidate?.id === id);
}

/** What becomes another incident's is no member of the one that it was in. */
function leavingWrites(alert: Alert, into: string, { incident, now }: ReadContext): Write[] {
  if (!incident?.group || incident.status === 'resolved' || incident.id === into) return [];
  return memberWrites(incident.id, alert, false, now);
}

function isHoldReason(reason: string): reason is HoldReason {
  return holdReasons.some((known) => known === reason);
}
