import type { Alert } from '../domain/alert.ts';
import { hashOfJson } from '../domain/certificate.ts';
import type { Incident } from '../domain/incident.ts';
import type { AlertMemory, HoldReason, TriageContext, TriageReason } from '../domain/triage/triage-decision.ts';
import { type IncidentTable, type ItemKey, versionedPut, type Write } from './dynamodb-table.ts';
import type { IncidentStore } from './incident-store.ts';
import { expiryOf } from './expiry.ts';
import { stormKeyOf } from './storm-watch.ts';

/** How many triggers are kept to tell flapping by. */
const maxTriggers = 20;

/** A triage context as it was read, with what a write must find unchanged. */
export interface ReadContext extends TriageContext {
  /** Versions of the rows that were read; 0 for one that is not there. */
  readonly versions: { readonly own: number; readonly parent: number; readonly group: number; readonly storm: number };
  /** What the incident key's own row remembers, which a contributor's alert must keep. */
  readonly parentMemory: AlertMemory | undefined;
  /** The incident that the incident key's row points to. */
  readonly incidentId?: string;
}

/** What an alert's own row says beside its last transition. */
export interface Remembered {
  /** The incident that this alert is about from now on. */
  readonly incidentId?: string;
  readonly held?: AlertMemory['held'];
  readonly attachedAt?: string;
}

/** What is remembered of every alert: one row a `dedup_key`; the row of an incident key points to its newest incident. */
export class AlertStore {
  readonly #table: IncidentTable;
  readonly #incidents: IncidentStore;

  constructor(table: IncidentTable, incidents: IncidentStore) {
    this.#table = table;
    this.#incidents = incidents;
  }

  /** Reads all that triage may look at for this alert, but for counts. */
  async read(alert: Alert, groupKey: string | undefined, now: Date): Promise<ReadContext> {
    const [own, parent, storm, group] = await this.#table.getAll([
      keyOf(alert.dedup_key),
      keyOf(alert.incident_key),
      stormKeyOf(alert),
      ...(groupKey ? [groupKeyOf(groupKey)] : []),
    ]);
    const incidentId = incidentIdIn(parent);
    const [incident, groupIncident, stormIncident] = await this.#incidents.readIncidents([
      incidentId,
      incidentIdIn(group),
      incidentIdIn(storm),
    ]);
    return {
      now,
      memory: memoryOf(own),
      incident,
      group: groupIncident,
      storm: stormIncident,
      parentMemory: memoryOf(parent),
      versions: { own: versionOf(own), parent: versionOf(parent), group: versionOf(group), storm: versionOf(storm) },
      ...(incidentId && { incidentId }),
    };
  }

  /**
   * Remembers the alert as the newest of its cause together with `writes`, all or nothing. Answers false when anything
   * changed since `context` was read.
   */
  async advance(
    alert: Alert,
    context: ReadContext,
    remembered: Remembered,
    writes: readonly Write[],
  ): Promise<boolean> {
    return (await this.#table.write([...alertRows(alert, context, remembered), ...writes])).length === 0;
  }

  /** Records a late alert in the noise ledger and nothing else. */
  async recordNoise(alert: Alert, reason: TriageReason, now: Date): Promise<void> {
    await this.#table.write([noiseWrite(alert, reason, undefined, now)]);
  }
}

/** The noise ledger's line for an alert that is not shown to a person. Writing it twice is a no-op. */
export function noiseWrite(alert: Alert, reason: TriageReason, incidentId: string | undefined, now: Date): Write {
  const { transitioned_at: at, event_id: eventId, format } = alert.origin;
  return {
    put: {
      pk: `ALERT#${alert.dedup_key}`,
      sk: `NOISE#${at}#${eventId}`,
      reason,
      format,
      summary: alert.payload.summary,
      incident_id: incidentId,
      recorded_at: now.toISOString(),
      expires_at_epoch: expiryOf(now),
    },
  };
}

/** Makes an incident the one that takes in the alerts of a group. */
export function groupWrite(groupKey: string, incident: Incident, { versions, now }: ReadContext): Write {
  return versioned(groupKeyOf(groupKey), versions.group, {
    incident_id: incident.id,
    expires_at_epoch: expiryOf(now),
  });
}

/** Makes an incident the newest storm. */
export function stormWrite(incident: Incident, { versions }: ReadContext): Write {
  return versioned(stormKeyOf(incident.alert), versions.storm, { incident_id: incident.id });
}

/**
 * That somebody took it is no transition: remembered as one, it would outdate a trigger that waits or comes late, and a
 * resolve that settles.
 */
function alertRows(alert: Alert, context: ReadContext, remembered: Remembered): Write[] {
  if (alert.event_action === 'acknowledge') return [];
  const { versions, parentMemory, now } = context;
  const expires_at_epoch = expiryOf(now);
  const incident_id = remembered.incidentId ?? context.incidentId;
  const last = lastOf(alert, context, remembered);
  if (alert.dedup_key === alert.incident_key) {
    return [versioned(keyOf(alert.dedup_key), versions.own, { ...last, incident_id, expires_at_epoch })];
  }
  const own = versioned(keyOf(alert.dedup_key), versions.own, { ...last, expires_at_epoch });
  if (!remembered.incidentId || remembered.incidentId === context.incidentId) return [own];
  return [
    own,
    versioned(keyOf(alert.incident_key), versions.parent, { ...parentMemory, incident_id, expires_at_epoch }),
  ];
}

function versioned(key: ItemKey, version: number, fields: object): Write {
  return versionedPut(version === 0 ? undefined : { version }, { ...key, ...fields });
}

function keyOf(dedupKey: string) {
  return { pk: `ALERT#${dedupKey}`, sk: 'ALERT' };
}

function groupKeyOf(groupKey: string) {
  return { pk: `GROUP#${groupKey}`, sk: 'GROUP' };
}

function lastOf(alert: Alert, { memory }: ReadContext, { held, attachedAt }: Remembered): AlertMemory {
  const { transitioned_at: last_at, event_id: last_event_id } = alert.origin;
  const isReminder = memory?.last_action === 'trigger';
  const begins = alert.event_action === 'trigger' && !isReminder;
  const triggers = [...(memory?.triggers ?? []), ...(begins ? [last_at] : [])].slice(-maxTriggers);
  return {
    last_at,
    last_event_id,
    last_action: alert.event_action,
    digest: hashOfJson(alert),
    triggers,
    ...(held && { held }),
    ...(attachedAt && { attached_at: attachedAt }),
  };
}

function versionOf(item: Record<string, unknown> | undefined): number {
  return Number(item?.['version'] ?? 0);
}

function incidentIdIn(item: Record<string, unknown> | undefined): string | undefined {
  return typeof item?.['incident_id'] === 'string' ? item['incident_id'] : undefined;
}

function memoryOf(item: Record<string, unknown> | undefined): AlertMemory | undefined {
  const { last_at, last_event_id, last_action, digest, triggers, held, attached_at } = item ?? {};
  if (typeof last_at !== 'string' || typeof last_event_id !== 'string') return undefined;
  if (last_action !== 'trigger' && last_action !== 'resolve' && last_action !== 'acknowledge') return undefined;
  return {
    last_at,
    last_event_id,
    last_action,
    digest: String(digest),
    triggers: Array.isArray(triggers) ? triggers.map(String) : [],
    ...(isHeld(held) && { held }),
    ...(typeof attached_at === 'string' && { attached_at }),
  };
}

function isHeld(value: unknown): value is { reason: HoldReason; until: string } {
  return typeof value === 'object' && value !== null && 'reason' in value && 'until' in value;
}
