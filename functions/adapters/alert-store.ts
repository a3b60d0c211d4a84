import type { Alert } from '../domain/alert.ts';
import type { Incident } from '../domain/incident.ts';
import type { AlertMemory, TriageContext, TriageReason } from '../domain/triage/triage-alert.ts';
import type { DynamoDbTable, Write } from './dynamodb-table.ts';
import type { IncidentStore } from './incident-store.ts';

/** How long a cause is remembered after its last alert: late and repeated events are recognised for this long. */
const rememberForSeconds = 90 * 24 * 3600;

/** A triage context as it was read, with what a write must find unchanged. */
export interface ReadContext extends TriageContext {
  /** Version of the alert's own row and of its incident key's row; 0 for one that is not there. */
  readonly versions: { readonly own: number; readonly parent: number };
  /** What the incident key's own row remembers, which a contributor's alert must keep. */
  readonly parentMemory: AlertMemory | undefined;
  /** The incident that the incident key's row points to. */
  readonly incidentId?: string;
}

/** What is remembered of every alert: one row a `dedup_key`; the row of an incident key points to its newest incident. */
export class AlertStore {
  readonly #table: DynamoDbTable;
  readonly #incidents: IncidentStore;

  constructor(table: DynamoDbTable, incidents: IncidentStore) {
    this.#table = table;
    this.#incidents = incidents;
  }

  /** Reads all that triage may look at for this alert. */
  async read(alert: Alert): Promise<ReadContext> {
    const own = await this.#table.get(keyOf(alert.dedup_key));
    const parent = alert.dedup_key === alert.incident_key ? own : await this.#table.get(keyOf(alert.incident_key));
    const incidentId = typeof parent?.['incident_id'] === 'string' ? parent['incident_id'] : undefined;
    return {
      memory: memoryOf(own),
      incident: incidentId ? await this.#incidents.readIncident(incidentId) : undefined,
      parentMemory: memoryOf(parent),
      versions: { own: Number(own?.['version'] ?? 0), parent: Number(parent?.['version'] ?? 0) },
      ...(incidentId && { incidentId }),
    };
  }

  /**
   * Remembers the alert as the newest of its cause together with `writes`, all or nothing; `opened` points the cause at
   * a new incident. Answers false when anything changed since `context` was read.
   */
  async advance(
    alert: Alert,
    context: ReadContext,
    change: { readonly opened?: Incident; readonly writes: readonly Write[] },
    now: Date,
  ): Promise<boolean> {
    const writes = [...alertRows(alert, context, change.opened?.id, now), ...change.writes];
    return (await this.#table.write(writes)).length === 0;
  }

  /** Records a late alert in the noise ledger and nothing else. */
  async recordNoise(alert: Alert, reason: TriageReason, now: Date): Promise<void> {
    await this.#table.write([noiseWrite(alert, reason, now)]);
  }
}

/** The noise ledger's line for an alert that is not shown to a person. Writing it twice is a no-op. */
export function noiseWrite(alert: Alert, reason: TriageReason, now: Date): Write {
  const { transitioned_at: at, event_id: eventId } = alert.origin;
  return {
    put: {
      pk: `ALERT#${alert.dedup_key}`,
      sk: `NOISE#${at}#${eventId}`,
      reason,
      summary: alert.payload.summary,
      recorded_at: now.toISOString(),
      expires_at_epoch: expiryOf(now),
    },
  };
}

function alertRows(alert: Alert, context: ReadContext, openedId: string | undefined, now: Date): Write[] {
  const { versions, parentMemory } = context;
  const expires_at_epoch = expiryOf(now);
  const incident_id = openedId ?? context.incidentId;
  if (alert.dedup_key === alert.incident_key) {
    return [row(alert.dedup_key, versions.own, { ...lastOf(alert), incident_id, expires_at_epoch })];
  }
  const own = row(alert.dedup_key, versions.own, { ...lastOf(alert), expires_at_epoch });
  if (!openedId) return [own];
  return [own, row(alert.incident_key, versions.parent, { ...parentMemory, incident_id, expires_at_epoch })];
}

function expiryOf(now: Date): number {
  return Math.floor(now.getTime() / 1000) + rememberForSeconds;
}

function row(dedupKey: string, version: number, fields: object): Write {
  const put = { ...keyOf(dedupKey), ...fields, version: version + 1 };
  if (version === 0) return { put, condition: 'attribute_not_exists(#pk)' };
  return { put, condition: '#version = :version', values: { ':version': version } };
}

function keyOf(dedupKey: string) {
  return { pk: `ALERT#${dedupKey}`, sk: 'ALERT' };
}

function lastOf(alert: Alert): AlertMemory {
  return {
    last_at: alert.origin.transitioned_at,
    last_event_id: alert.origin.event_id,
    last_action: alert.event_action,
  };
}

function memoryOf(item: Record<string, unknown> | undefined): AlertMemory | undefined {
  const { last_at, last_event_id, last_action } = item ?? {};
  if (typeof last_at !== 'string' || typeof last_event_id !== 'string') return undefined;
  if (last_action !== 'trigger' && last_action !== 'resolve' && last_action !== 'acknowledge') return undefined;
  return { last_at, last_event_id, last_action };
}
